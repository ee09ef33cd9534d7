using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ResNet.Dsl;
using ResNet.Generators.Diagnostics;
using ResNet.Generators.Parsing.Evaluation;

namespace ResNet.Generators.Parsing;

/// <summary>Makes the attribute that stands in the source an object, and puts its errors under the options.</summary>
internal static class AttributeOptions
{
    /// <summary>The attribute with its options; null where it is not valid C#, which the compiler says itself.</summary>
    /// <param name="type">Its type, which has a constructor without parameters.</param>
    /// <param name="data">The compiler's data of the attribute.</param>
    public static Attribute? Create(Type type, AttributeData data)
    {
        var attribute = (Attribute)Activator.CreateInstance(type);
        foreach (var option in data.NamedArguments)
        {
            if (IsWrong(option.Value)) return null;
            var property = type.GetProperty(option.Key);
            property.SetValue(attribute, ValueOf(option.Value, Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType));
        }
        return attribute;
    }

    /// <summary>Whether an option is misspelled, which the compiler says itself: what is wrong with the others may follow from it.</summary>
    public static bool AnyUnknown(AttributeData data, AttributeSyntax syntax) =>
        syntax.ArgumentList is { } list && list.Arguments.Count(argument => argument.NameEquals is not null) > data.NamedArguments.Length;

    /// <summary>The diagnostic of an error, under the option that it names or else under the attribute.</summary>
    public static DeclarationException Error(NetworkException error, AttributeSyntax syntax)
    {
        var option = syntax.ArgumentList?.Arguments.FirstOrDefault(argument => argument.NameEquals?.Name.Identifier.ValueText == error.Argument);
        return new(new(error, ((SyntaxNode?)option ?? syntax).GetLocation()));
    }

    static bool IsWrong(TypedConstant constant) =>
        constant.Kind == TypedConstantKind.Error || constant is { Kind: TypedConstantKind.Array, IsNull: false } && constant.Values.Any(IsWrong);

    static object? ValueOf(TypedConstant constant, Type type)
    {
        if (constant.Kind != TypedConstantKind.Array) return type.IsEnum ? Enum.ToObject(type, constant.Value!) : constant.Value;
        if (constant.IsNull) return null;
        var array = Array.CreateInstance(type.GetElementType(), constant.Values.Length);
        for (var i = 0; i < constant.Values.Length; i++) array.SetValue(constant.Values[i].Value, i);
        return array;
    }
}
