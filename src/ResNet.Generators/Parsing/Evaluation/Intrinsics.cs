using System.Reflection;
using System.Runtime.ExceptionServices;
using Microsoft.CodeAnalysis;

namespace ResNet.Generators.Parsing.Evaluation;

/// <summary>The few methods outside the source that a declaration may call.</summary>
internal static class Intrinsics
{
    // Those of Math that every compiler's runtime has and that give the same result everywhere for the sizes of networks.
    static readonly HashSet<string> _mathMethods =
    [
        nameof(Math.Abs), nameof(Math.Ceiling), nameof(Math.Floor), nameof(Math.Log), nameof(Math.Max), nameof(Math.Min),
        nameof(Math.Pow), nameof(Math.Round), nameof(Math.Sign), nameof(Math.Sqrt), nameof(Math.Truncate),
    ];

    /// <summary>The method, or null if a declaration may not call it.</summary>
    public static Func<object?[], object?>? Find(IMethodSymbol symbol)
    {
        if (IsRange(symbol)) return Range;
        if (symbol.ContainingType?.ToDisplayString() != "System.Math" || !_mathMethods.Contains(symbol.Name)) return null;
        var method = typeof(Math).GetMethods().FirstOrDefault(candidate => candidate.Name == symbol.Name
            && candidate.GetParameters().Select(parameter => parameter.ParameterType.Name).SequenceEqual(symbol.Parameters.Select(parameter => parameter.Type.MetadataName)));
        return method is null ? null : arguments => Invoke(method, arguments);
    }

    /// <summary>Steps that a call takes.</summary>
    public static long Cost(IMethodSymbol symbol, object?[] arguments) => IsRange(symbol) && arguments[1] is int and > 0 and var count ? count : 1;

    static bool IsRange(IMethodSymbol symbol) =>
        symbol is { Name: nameof(Enumerable.Range), ContainingType: { } type } && type.ToDisplayString() == "System.Linq.Enumerable";

    static object?[] Range(object?[] arguments) =>
        [.. Enumerable.Range((int)arguments[0]!, (int)arguments[1]!).Cast<object?>()];

    static object? Invoke(MethodInfo method, object?[] arguments)
    {
        try
        {
            return method.Invoke(null, arguments);
        }
        catch (TargetInvocationException wrapper)
        {
            ExceptionDispatchInfo.Capture(wrapper.InnerException!).Throw();
            throw;
        }
    }
}
