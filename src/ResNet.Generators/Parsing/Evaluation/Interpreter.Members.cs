using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using ResNet.Dsl;
using ResNet.Generators.Diagnostics;

namespace ResNet.Generators.Parsing.Evaluation;

internal sealed partial class Interpreter
{
    static readonly object _computing = new();

    readonly Dictionary<ISymbol, object?> _members = new(SymbolEqualityComparer.Default);

    object? ReadField(IFieldReferenceOperation reference)
    {
        var field = reference.Field;
        if (reference.Instance is { } instance && field.ContainingType.IsTupleType)
        {
            var tuple = Evaluate(instance) as TupleValue ?? throw NotConstant(reference);
            return tuple.Items[field.ContainingType.TupleElements.IndexOf(field.ContainingType.TupleElements.First(element =>
                SymbolEqualityComparer.Default.Equals(element.CorrespondingTupleField ?? element, field.CorrespondingTupleField ?? field)))];
        }
        if (!field.IsStatic) throw NotConstant(reference);
        if (!field.IsReadOnly) throw NotConstant(reference, "; make the field const or static readonly");
        return ReadMember(reference, field, syntax => (syntax as VariableDeclaratorSyntax)?.Initializer);
    }

    object? ReadProperty(IPropertyReferenceOperation reference)
    {
        var property = reference.Property;
        if (reference.Instance is not { } instance)
            return property.GetMethod is { } getter && property.SetMethod is null
                ? ReadStaticProperty(reference, property, getter)
                : throw NotConstant(reference, "; make the property get-only");
        var value = Evaluate(instance);
        if (IsExtensionBlock(property.ContainingType) && property.GetMethod is { } get)
            return Call(MethodFunction(get), [], _scope.Frame, CallPlace(reference), value);
        switch (value, property.Name)
        {
            case (null, "HasValue"):
                return false;
            case (null, "Value") when IsNullable(instance.Type):
                throw Throws(reference, nameof(InvalidOperationException), "this has no value");
            case (null, _):
                throw ThrowsNull(instance);
            case (_, "HasValue") when IsNullable(instance.Type):
                return true;
            case (_, "Value") when IsNullable(instance.Type):
                return value;
            case (object?[] or string, _) when property.IsIndexer:
                return Element(reference, value, Evaluate(reference.Arguments[0].Value));
            case (object?[] items, "Length" or "Count"):
                return items.Length;
            case (string text, "Length"):
                return text.Length;
            case (NetworkBuilder or Shape, _):
                return Drive(reference, value.GetType().GetProperty(property.Name)?.GetMethod ?? throw NotConstant(reference), value, []);
            default:
                throw NotConstant(reference);
        }
    }

    object? ReadStaticProperty(IOperation reference, IPropertySymbol property, IMethodSymbol getter)
    {
        var isComputed = property.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellationToken) is PropertyDeclarationSyntax syntax
            && (syntax.ExpressionBody ?? (object?)syntax.AccessorList?.Accessors[0].Body ?? syntax.AccessorList?.Accessors[0].ExpressionBody) is not null;
        return isComputed
            ? Call(MethodFunction(getter), [], _scope.Frame, Place(reference))
            : ReadMember(reference, property, node => (node as PropertyDeclarationSyntax)?.Initializer);
    }

    /// <summary>The value of a static member that its initializer gives once and for all.</summary>
    object? ReadMember(IOperation reference, ISymbol member, Func<SyntaxNode, EqualsValueClauseSyntax?> initializerOf)
    {
        if (_members.TryGetValue(member, out var known))
            return known == _computing ? throw Error(Descriptors.Recursion, Place(reference), member.Name) : known;
        var initializer = member.DeclaringSyntaxReferences.Select(node => initializerOf(node.GetSyntax(cancellationToken))).FirstOrDefault();
        if (initializer is null) throw NotConstant(reference, "; only members with an initializer in the source can be read");
        if (ReaderAbove(member) is { } reader) throw NotConstant(reference, $"; it is initialized after '{reader.Name}', which needs it");
        if (Model(initializer.SyntaxTree).GetOperation(initializer, cancellationToken) is not ISymbolInitializerOperation operation)
            throw new InvalidSourceException();
        var outer = _scope;
        _members[member] = _computing;
        _scope = new(null, outer.Frame);
        var value = _members[member] = Evaluate(operation.Value);
        _scope = outer;
        return value;
    }

    /// <summary>A member whose initializer is being evaluated though it stands above the one it needs: executed, it would find zero.</summary>
    ISymbol? ReaderAbove(ISymbol member) => _members.FirstOrDefault(entry => entry.Value == _computing
        && SymbolEqualityComparer.Default.Equals(entry.Key.ContainingType, member.ContainingType)
        && entry.Key.Locations[0].SourceTree == member.Locations[0].SourceTree
        && entry.Key.Locations[0].SourceSpan.Start < member.Locations[0].SourceSpan.Start).Key;

    object? Element(IArrayElementReferenceOperation element)
    {
        var (array, index) = Locate(element);
        return array[index];
    }

    (object?[] Array, int Index) Locate(IArrayElementReferenceOperation element)
    {
        var array = Evaluate(element.ArrayReference) as object?[] ?? throw ThrowsNull(element.ArrayReference);
        if (element.Indices.Length != 1) throw NotConstant(element, "; use an array of arrays");
        return (array, IndexOf(element, Evaluate(element.Indices[0]), array.Length));
    }

    static object? Element(IOperation reference, object collection, object? index) => collection is string text
        ? text[IndexOf(reference, index, text.Length)]
        : ((object?[])collection)[IndexOf(reference, index, ((object?[])collection).Length)];

    static int IndexOf(IOperation reference, object? index, int length)
    {
        var position = index switch
        {
            int i => i,
            IndexFromEnd end => (long)length - end.Offset,
            _ => Arithmetic.ToType(index, SpecialType.System_Int64) as long? ?? throw NotConstant(reference),
        };
        return position >= 0 && position < length
            ? (int)position
            : throw Throws(reference, nameof(IndexOutOfRangeException), $"the index is {position}, the length {length}");
    }

    object?[] CreateArray(IArrayCreationOperation creation)
    {
        if (creation.DimensionSizes.Length != 1) throw NotConstant(creation, "; use an array of arrays");
        if (creation.Initializer is { } initializer) return [.. initializer.ElementValues.Select(Evaluate)];
        var element = ((IArrayTypeSymbol)creation.Type!).ElementType;
        var length = Arithmetic.ToType(Evaluate(creation.DimensionSizes[0]), SpecialType.System_Int64) as long? ?? throw NotConstant(creation);
        if (length < 0) throw Throws(creation, nameof(OverflowException), "the length is negative");
        Step(creation, length);
        return [.. Enumerable.Repeat(DefaultOf(creation, element), (int)length)];
    }

    static object? DefaultOf(IOperation operation, ITypeSymbol type) =>
        type.IsReferenceType || IsNullable(type) ? null
        : type.SpecialType == SpecialType.System_Boolean ? false
        : Arithmetic.ToType(0, type is INamedTypeSymbol { EnumUnderlyingType: { } underlying } ? underlying.SpecialType : type.SpecialType) ?? throw NotConstant(operation);

    object?[] CreateCollection(ICollectionExpressionOperation collection)
    {
        var isKnown = collection.Type is IArrayTypeSymbol
            || collection.Type?.ContainingNamespace?.ToDisplayString() is "System.Collections.Generic" or "System";
        if (!isKnown) throw NotConstant(collection);
        return [.. collection.Elements.SelectMany(element => element is ISpreadOperation spread
            ? Items(spread.Operand).Select(item => ConvertTo(spread, item, spread.ElementType!))
            : [Evaluate(element)])];
    }

    /// <summary>Returns the elements that a loop or a spread goes through.</summary>
    IEnumerable<object?> Items(IOperation collection)
    {
        var items = Evaluate(collection) switch
        {
            object?[] array => array,
            string text => text.Cast<object?>(),
            null => throw ThrowsNull(collection),
            _ => throw NotConstant(collection),
        };
        return items;
    }
}
