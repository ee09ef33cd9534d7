using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ResNet.Generators.Parsing.Evaluation;

internal sealed partial class Interpreter
{
    bool Matches(IPatternOperation pattern, object? value)
    {
        Step(pattern);
        switch (pattern)
        {
            case IDiscardPatternOperation:
                return true;
            case IConstantPatternOperation constant:
                return Equals(value, Evaluate(constant.Value));
            case IRelationalPatternOperation relational:
                return value is not null && Evaluate(relational.Value) is { } bound && Arithmetic.Binary(relational.OperatorKind, value, bound) is true;
            case INegatedPatternOperation negated:
                return !Matches(negated.Pattern, value);
            case IBinaryPatternOperation { OperatorKind: BinaryOperatorKind.And } both:
                return Matches(both.LeftPattern, value) && Matches(both.RightPattern, value);
            case IBinaryPatternOperation either:
                return Matches(either.LeftPattern, value) || Matches(either.RightPattern, value);
            case IDeclarationPatternOperation declaration:
                if (!(declaration.MatchesNull || IsOf(pattern, value, declaration.MatchedType!))) return false;
                if (declaration.DeclaredSymbol is { } variable) _scope.Declare(variable, value);
                return true;
            case ITypePatternOperation type:
                return IsOf(pattern, value, type.MatchedType);
            case IRecursivePatternOperation { PropertySubpatterns.IsEmpty: true } recursive:
                if (value is null) return false;
                if (recursive.DeconstructionSubpatterns.Length > 0 && !MatchesParts(recursive, value)) return false;
                if (recursive.DeclaredSymbol is { } whole) _scope.Declare(whole, value);
                return true;
            case IInvalidOperation:
                throw new InvalidSourceException();
            default:
                throw NotConstant(pattern);
        }
    }

    bool MatchesParts(IRecursivePatternOperation recursive, object value)
    {
        var parts = Parts(value)?.ToArray() ?? throw NotConstant(recursive);
        for (var i = 0; i < parts.Length; i++)
            if (!Matches(recursive.DeconstructionSubpatterns[i], parts[i])) return false;
        return true;
    }

    /// <summary>Whether a value is of a type, for the types whose values know it.</summary>
    static bool IsOf(IOperation operation, object? value, ITypeSymbol type) => (value, type.SpecialType) switch
    {
        (null, _) => false,
        (bool, SpecialType.System_Boolean) or (string, SpecialType.System_String) => true,
        _ when Arithmetic.TypeOf(value) is var actual and not SpecialType.None && type.TypeKind != TypeKind.Enum => actual == type.SpecialType,
        _ => throw NotConstant(operation),
    };
}
