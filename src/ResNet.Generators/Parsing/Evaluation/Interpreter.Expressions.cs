using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Operations;
using ResNet.Dsl;

namespace ResNet.Generators.Parsing.Evaluation;

internal sealed partial class Interpreter
{
    object? Evaluate(IOperation expression)
    {
        Step(expression);
        if (expression.ConstantValue is { HasValue: true, Value: var constant }) return constant;
        return expression switch
        {
            IInvocationOperation call => Invoke(call),
            ILocalReferenceOperation local => Holder(local, local.Local)[local.Local],
            IParameterReferenceOperation parameter => ReadParameter(parameter),
            IFieldReferenceOperation field => ReadField(field),
            IPropertyReferenceOperation property => ReadProperty(property),
            IArrayElementReferenceOperation element => Element(element),
            IConversionOperation conversion => Convert(conversion),
            IDelegateCreationOperation creation => CreateDelegate(creation.Target),
            IAnonymousFunctionOperation lambda => CreateDelegate(lambda),
            IParenthesizedOperation inner => Evaluate(inner.Operand),
            IUnaryOperation unary => Unary(unary),
            IBinaryOperation binary => Binary(binary),
            ITupleBinaryOperation comparison => CompareTuples(comparison),
            IConditionalOperation conditional => Evaluate(IsTrue(conditional.Condition) ? conditional.WhenTrue : conditional.WhenFalse!),
            ICoalesceOperation coalesce => Evaluate(coalesce.Value) ?? Evaluate(coalesce.WhenNull),
            ISwitchExpressionOperation choice => Choose(choice),
            IIsPatternOperation test => Matches(test.Pattern, Evaluate(test.Value)),
            ITupleOperation tuple => new TupleValue(new(tuple.Elements.Select(Evaluate))),
            IArrayCreationOperation array => CreateArray(array),
            ICollectionExpressionOperation collection => CreateCollection(collection),
            IInterpolatedStringOperation text => Concatenate(text),
            IDefaultValueOperation { Type: { } type } value when type.IsReferenceType || IsNullable(type) => null,
            ISimpleAssignmentOperation { IsRef: false } assignment => Assign(assignment.Target, assignment.Value),
            ICompoundAssignmentOperation { OperatorMethod: null } assignment => AssignCompound(assignment),
            ICompoundAssignmentOperation { Type.SpecialType: SpecialType.System_String } assignment => AssignCompound(assignment),
            ICoalesceAssignmentOperation assignment => AssignIfNull(assignment),
            IIncrementOrDecrementOperation step => Increment(step),
            IDeconstructionAssignmentOperation deconstruction => Assign(deconstruction.Target, deconstruction.Value),
            IThrowOperation thrown => throw Thrown(thrown),
            IInvalidOperation => throw new InvalidSourceException(),
            _ => throw NotConstant(expression),
        };
    }

    bool IsTrue(IOperation condition) => Evaluate(condition) as bool? ?? throw NotConstant(condition);

    static bool IsNullable(ITypeSymbol? type) => type?.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T;

    object? Convert(IConversionOperation conversion)
    {
        if (conversion.OperatorMethod is not null || conversion.GetConversion() is { IsUnboxing: true } or { IsDynamic: true })
            throw NotConstant(conversion);
        var value = Evaluate(conversion.Operand);
        if (value is null && conversion.Type is { IsValueType: true } type && !IsNullable(type))
            throw Throws(conversion, nameof(InvalidOperationException), "this is null");
        return ConvertTo(conversion, value, conversion.Type!);
    }

    static object? ConvertTo(IOperation operation, object? value, ITypeSymbol type)
    {
        if (IsNullable(type)) type = ((INamedTypeSymbol)type).TypeArguments[0];
        if (type is INamedTypeSymbol { TypeKind: TypeKind.Enum, EnumUnderlyingType: { } underlying }) type = underlying;
        if (value is TupleValue tuple && type is INamedTypeSymbol { IsTupleType: true } target)
            return new TupleValue(new(tuple.Items.Zip(target.TupleElements, (item, element) => ConvertTo(operation, item, element.Type))));
        if (value is null || type.TypeKind != TypeKind.Struct) return value;
        return Calculate(operation, () => Arithmetic.ToType(value, type.SpecialType));
    }

    object? Unary(IUnaryOperation unary)
    {
        var operand = Evaluate(unary.Operand);
        if (unary.OperatorKind == UnaryOperatorKind.Hat && operand is int offset) return new IndexFromEnd(offset);
        if (operand is null && unary.IsLifted) return null;
        return Calculate(unary, () => operand is null ? null : Arithmetic.Unary(unary.OperatorKind, operand));
    }

    object? Binary(IBinaryOperation binary)
    {
        if (binary.OperatorKind == BinaryOperatorKind.ConditionalAnd) return IsTrue(binary.LeftOperand) && IsTrue(binary.RightOperand);
        if (binary.OperatorKind == BinaryOperatorKind.ConditionalOr) return IsTrue(binary.LeftOperand) || IsTrue(binary.RightOperand);
        var isText = binary.Type?.SpecialType == SpecialType.System_String;
        return Compute(binary, binary.OperatorKind, Operand(binary.LeftOperand), Operand(binary.RightOperand), isText);

        object? Operand(IOperation operand) => isText ? Text(operand) : Evaluate(operand);
    }

    object? Compute(IOperation operation, BinaryOperatorKind kind, object? left, object? right, bool isText)
    {
        if (isText)
        {
            var text = string.Concat(left, right);
            Step(operation, text.Length);
            return text;
        }
        var isEquality = kind is BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals;
        if (isEquality && (left is null or string or Shape or NetworkBuilder || right is null))
            return Equals(left, right) == (kind == BinaryOperatorKind.Equals);
        if (left is null || right is null)
            // Lifted operators: an unknown operand makes a comparison false, and anything else unknown.
            return kind is BinaryOperatorKind.And or BinaryOperatorKind.Or && (left ?? right) is bool ? throw NotConstant(operation)
                : operation.Type?.SpecialType == SpecialType.System_Boolean ? false : null;
        return Calculate(operation, () => Arithmetic.Binary(kind, left, right));
    }

    object? CompareTuples(ITupleBinaryOperation comparison)
    {
        if (Evaluate(comparison.LeftOperand) is not TupleValue left || Evaluate(comparison.RightOperand) is not TupleValue right)
            throw NotConstant(comparison);
        var equal = left.Items.Zip(right.Items, (a, b) => AreEqual(comparison, a, b)).All(same => same);
        return equal == (comparison.OperatorKind == BinaryOperatorKind.Equals);
    }

    bool AreEqual(IOperation operation, object? left, object? right) => left is TupleValue a && right is TupleValue b
        ? a.Items.Zip(b.Items, (x, y) => AreEqual(operation, x, y)).All(same => same)
        : (bool)Compute(operation, BinaryOperatorKind.Equals, left, right, isText: false)!;

    object? Choose(ISwitchExpressionOperation choice)
    {
        var value = Evaluate(choice.Value);
        var outer = _scope;
        foreach (var arm in choice.Arms)
        {
            _scope = new(outer, outer.Frame);
            if (!Matches(arm.Pattern, value) || (arm.Guard is { } guard && !IsTrue(guard))) continue;
            var result = Evaluate(arm.Value);
            _scope = outer;
            return result;
        }
        throw Throws(choice, "SwitchExpressionException", "no arm matches the value");
    }

    string Concatenate(IInterpolatedStringOperation text)
    {
        var result = new StringBuilder();
        foreach (var part in text.Parts)
        {
            var piece = part switch
            {
                IInterpolatedStringTextOperation literal => Text(literal.Text),
                IInterpolationOperation hole => Fill(hole),
                _ => throw NotConstant(part),
            };
            Step(part, piece.Length);
            result.Append(piece);
        }
        return result.ToString();
    }

    string Fill(IInterpolationOperation hole)
    {
        var format = hole.FormatString is { } given ? (string?)Evaluate(given) : null;
        var text = Text(hole.Expression, format);
        var width = hole.Alignment is { } alignment ? (int)Evaluate(alignment)! : 0;
        Step(hole, Math.Abs((long)width));
        return width < 0 ? text.PadRight(-width) : text.PadLeft(width);
    }

    /// <summary>Returns the text that C# writes for a value, in the invariant culture.</summary>
    string Text(IOperation expression, string? format = null)
    {
        // Concatenation boxes its operands, which would hide an enum's name.
        if (expression is IConversionOperation { OperatorMethod: null, Type.SpecialType: SpecialType.System_Object } boxing) expression = boxing.Operand;
        var value = Evaluate(expression);
        if (expression.Type is { TypeKind: TypeKind.Enum } type) return EnumText(expression, type, value, format);
        try
        {
            return value switch
            {
                null => "",
                string text => text,
                bool or char or Shape => value.ToString(),
                // Framework compilers would print fewer digits by default.
                float or double when format is null => ((IFormattable)value).ToString("R", CultureInfo.InvariantCulture),
                IFormattable number => number.ToString(format, CultureInfo.InvariantCulture),
                _ => throw NotConstant(expression),
            };
        }
        catch (FormatException error)
        {
            throw Throws(expression, nameof(FormatException), error.Message);
        }
    }

    static string EnumText(IOperation expression, ITypeSymbol type, object? value, string? format)
    {
        var member = type.GetMembers().OfType<IFieldSymbol>().FirstOrDefault(field => field.HasConstantValue && Equals(field.ConstantValue, value));
        return format is null && member is not null ? member.Name : throw NotConstant(expression);
    }
}
