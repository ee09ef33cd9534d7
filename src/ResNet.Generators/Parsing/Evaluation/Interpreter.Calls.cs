using System.Reflection;
using System.Runtime.ExceptionServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using ResNet.Dsl;
using ResNet.Generators.Diagnostics;

namespace ResNet.Generators.Parsing.Evaluation;

internal sealed partial class Interpreter
{
    object? Invoke(IInvocationOperation call)
    {
        var method = call.TargetMethod;
        if (SymbolEqualityComparer.Default.Equals(method.ContainingType, builder)) return InvokeBuilder(call);
        if (method.MethodKind == MethodKind.DelegateInvoke)
        {
            var callee = Evaluate(call.Instance!) as DelegateValue ?? throw ThrowsNull(call.Instance!);
            return Call(callee.Function, Arguments(call), callee.Creator, CallPlace(call));
        }
        if (Intrinsics.Find(method) is { } intrinsic)
        {
            var arguments = Arguments(call);
            Step(call, Intrinsics.Cost(method, arguments));
            return Calculate(call, () => intrinsic(arguments));
        }
        var function = FunctionOf(method, CallPlace(call));
        var receiver = call.Instance is { } instance ? Evaluate(instance) : null;
        return Call(function, Arguments(call), _scope.Frame, CallPlace(call), receiver);
    }

    object?[] Arguments(IInvocationOperation call)
    {
        var arguments = new object?[call.TargetMethod.Parameters.Length];
        foreach (var argument in call.Arguments)
        {
            if (argument.Parameter!.RefKind is not (RefKind.None or RefKind.In)) throw NotConstant(argument, "; return the value instead");
            arguments[argument.Parameter.Ordinal] = Evaluate(argument.Value);
        }
        return arguments;
    }

    object? InvokeBuilder(IInvocationOperation call)
    {
        if (Vocabulary.Find(call.TargetMethod) is not { } method)
            throw Error(Descriptors.UnknownCall, CallPlace(call), call.TargetMethod.Name, "; the compiler ends and builds the network itself");
        var receiver = Evaluate(call.Instance!) ?? throw ThrowsNull(call.Instance!);
        var arguments = new object?[call.TargetMethod.Parameters.Length];
        foreach (var argument in call.Arguments)
        {
            var parameter = method.GetParameters()[argument.Parameter!.Ordinal];
            arguments[parameter.Position] = Argument(argument, parameter.ParameterType);
        }
        return Drive(call, method, receiver, arguments);
    }

    object? Argument(IArgumentOperation argument, Type type) => Evaluate(argument.Value) switch
    {
        DelegateValue body => (Action<NetworkBuilder>)(net => Call(body.Function, [net], body.Creator, Place(argument))),
        null when typeof(Delegate).IsAssignableFrom(type) => throw ThrowsNull(argument.Value),
        { } value when type.IsEnum => Enum.ToObject(type, value),
        var value => value,
    };

    /// <summary>Calls a member of the DSL; what it throws is reported under the wrong argument, or the member's name.</summary>
    static object? Drive(IOperation operation, MethodInfo method, object receiver, object?[] arguments)
    {
        try
        {
            return method.Invoke(receiver, arguments);
        }
        catch (TargetInvocationException wrapper) when (wrapper.InnerException is NetworkException error)
        {
            var argument = (operation as IInvocationOperation)?.Arguments.FirstOrDefault(given =>
                given.ArgumentKind != ArgumentKind.DefaultValue && given.Parameter!.Name == error.Argument);
            throw new DeclarationException(new(error, argument is null ? CallPlace(operation) : Place(argument)));
        }
        catch (TargetInvocationException wrapper)
        {
            // An error within a branch's lambda has its place already.
            ExceptionDispatchInfo.Capture(wrapper.InnerException!).Throw();
            throw;
        }
    }

    object? Call(Function function, object?[] arguments, Frame caller, Location place, object? receiver = null)
    {
        if (_scope.Frame.Includes(function) || _depth == MaxDepth)
            throw Error(Descriptors.Recursion, place, function.Symbol.MethodKind == MethodKind.AnonymousFunction ? "The lambda" : function.Symbol.Name);
        _depth++;
        var outer = _scope;
        _scope = new(function.Closure, new(function, caller));
        foreach (var (parameter, value) in function.Symbol.Parameters.Zip(arguments, (parameter, value) => (parameter, value)))
            _scope.Declare(parameter, value);
        if (IsExtensionBlock(function.Symbol.ContainingType)) _scope.Declare(function.Symbol.ContainingType, receiver);
        _returned = null;
        Execute(function.Body);
        var result = _returned;
        _returned = null;
        _scope = outer;
        _depth--;
        return result;
    }

    DelegateValue CreateDelegate(IOperation target) => target switch
    {
        IAnonymousFunctionOperation { Symbol.IsAsync: false } lambda => new(new(lambda.Symbol, lambda.Body, _scope), _scope.Frame),
        IMethodReferenceOperation reference => new(FunctionOf(reference.Method, CallPlace(reference)), _scope.Frame),
        IInvalidOperation => throw new InvalidSourceException(),
        _ => throw NotConstant(target),
    };

    Function FunctionOf(IMethodSymbol method, Location place)
    {
        DeclarationException Unknown(string reason) => Error(Descriptors.UnknownCall, place, method.Name, reason);
        if (method.IsGenericMethod || method.ContainingType.IsGenericType) throw Unknown(": it is generic");
        if (method.IsAsync) throw Unknown(": it is async");
        if (method.MethodKind == MethodKind.LocalFunction) return _scope.Holder(method)?[method] as Function ?? throw Unknown("");
        if (!(method.IsStatic || IsExtensionBlock(method.ContainingType)) || method.MethodKind != MethodKind.Ordinary) throw Unknown("; only static methods and extension members can");
        if (method.DeclaringSyntaxReferences.IsEmpty) throw Unknown("; only those of this project, Math and Enumerable.Range can");
        return MethodFunction(method.PartialImplementationPart ?? method);
    }

    /// <summary>Whether a type is an <c>extension(…)</c> block. Its parameter, which all of its members share, is known by the block itself.</summary>
    static bool IsExtensionBlock(INamedTypeSymbol type) => type.Name.Length == 0 && type.ContainingType is { IsStatic: true };

    object? ReadParameter(IParameterReferenceOperation reference)
    {
        var symbol = reference.Parameter.ContainingSymbol is INamedTypeSymbol block ? (ISymbol)block : reference.Parameter;
        return Holder(reference, symbol)[symbol];
    }

    /// <summary>A static method or getter of the source, the same object every time.</summary>
    Function MethodFunction(IMethodSymbol method)
    {
        if (_functions.TryGetValue(method, out var known)) return known;
        var syntax = method.DeclaringSyntaxReferences[0].GetSyntax(cancellationToken);
        var body = Model(syntax.SyntaxTree).GetOperation(syntax, cancellationToken) switch
        {
            IMethodBodyOperation { BlockBody: { } block } => block,
            IMethodBodyOperation { ExpressionBody: { } expression } => expression,
            IBlockOperation arrow => arrow,
            _ => throw new InvalidSourceException(),
        };
        return _functions[method] = new(method, body, null);
    }

    /// <summary>The name of what is called, without its receiver and arguments.</summary>
    static Location CallPlace(IOperation operation) => NamePlace(operation.Syntax);

    static Location NamePlace(SyntaxNode syntax) => syntax switch
    {
        InvocationExpressionSyntax invocation => NamePlace(invocation.Expression),
        MemberAccessExpressionSyntax access => NamePlace(access.Name),
        SimpleNameSyntax name => name.Identifier.GetLocation(),
        _ => syntax.GetLocation(),
    };
}
