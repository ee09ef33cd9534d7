using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using ResNet.Dsl;
using ResNet.Generators.Diagnostics;

namespace ResNet.Generators.Parsing.Evaluation;

/// <summary>
/// Executes a declaration as the compiler understands it, on the real builder: a declaration means the same
/// read and executed. It works on the compiler's own operations, so overloads, conversions, default values and argument
/// order are C#'s.
/// </summary>
internal sealed partial class Interpreter(Compilation compilation, INamedTypeSymbol builder, CancellationToken cancellationToken)
{
    /// <summary>Most operations of one declaration: far above any network, and a fraction of a second.</summary>
    public const int MaxSteps = 1_000_000;

    /// <summary>Most calls within each other.</summary>
    const int MaxDepth = 100;

    const int LongestQuote = 60;

    readonly Dictionary<ISymbol, Function> _functions = new(SymbolEqualityComparer.Default);
    readonly Dictionary<SyntaxTree, SemanticModel> _models = [];
    readonly List<RunningLoop> _loops = [];
    Scope _scope = null!;
    object? _returned;
    IOperation? _latest;
    long _steps;
    int _depth;

    /// <summary>Executes <c>Define</c>.</summary>
    /// <exception cref="DeclarationException">The declaration is wrong, or cannot be evaluated.</exception>
    /// <exception cref="InvalidSourceException">The declaration is not valid C#.</exception>
    public void Run(IMethodSymbol define, NetworkBuilder net)
    {
        try
        {
            var function = MethodFunction(define);
            _scope = new(null, new(function, null));
            _scope.Declare(define.Parameters[0], net);
            Execute(function.Body);
        }
        catch (InsufficientExecutionStackException)
        {
            const string hint = ": it is nested too deeply";
            throw _latest is null ? Error(Descriptors.NotConstant, define.Locations[0], define.Name, hint) : NotConstant(_latest, hint);
        }
    }

    /// <summary>Counts the work, so that it ends and can be canceled.</summary>
    void Step(IOperation operation, long cost = 1)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _latest = operation;
        _steps += cost;
        if (_steps > MaxSteps) throw Error(Descriptors.StepLimit, (cost > MaxSteps ? null : LoopAtFault()) ?? Place(operation), MaxSteps.ToString("N0", CultureInfo.InvariantCulture));
        RuntimeHelpers.EnsureSufficientExecutionStack();
    }

    /// <summary>The keyword of the running loop that ran most often; of those that ran equally often, the outermost.</summary>
    Location? LoopAtFault() => _loops.OrderByDescending(loop => loop.Iterations).FirstOrDefault()?.Syntax.GetFirstToken().GetLocation();

    SemanticModel Model(SyntaxTree tree)
    {
        if (!_models.TryGetValue(tree, out var model)) _models[tree] = model = compilation.GetSemanticModel(tree);
        return model;
    }

    static DeclarationException Error(DiagnosticDescriptor descriptor, Location location, params string[] arguments) =>
        new(new(descriptor, location, arguments));

    /// <param name="operation">The first operation that cannot be evaluated.</param>
    /// <param name="hint">The correction, with its punctuation.</param>
    static DeclarationException NotConstant(IOperation operation, string hint = "") =>
        Error(Descriptors.NotConstant, Place(operation), Quote(operation), hint);

    static DeclarationException Throws(IOperation operation, string exception, string reason) =>
        Error(Descriptors.Throws, Place(operation), exception, reason);

    static DeclarationException ThrowsNull(IOperation operation) => Throws(operation, nameof(NullReferenceException), "this is null");

    /// <summary>Returns the place at which an error of an operation is shown: not a whole block, but the keyword that begins it.</summary>
    static Location Place(IOperation operation) => operation.Syntax switch
    {
        StatementSyntax statement => statement.GetFirstToken().GetLocation(),
        SwitchExpressionSyntax expression => expression.SwitchKeyword.GetLocation(),
        ThrowExpressionSyntax thrown => thrown.ThrowKeyword.GetLocation(),
        var syntax => syntax.GetLocation(),
    };

    static string Quote(IOperation operation)
    {
        var text = operation.Syntax is StatementSyntax statement ? statement.GetFirstToken().Text : operation.Syntax.ToString();
        text = string.Join(" ", text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return text.Length <= LongestQuote ? text : text.Substring(0, LongestQuote - 1) + "…";
    }

    /// <summary>Does arithmetic, and reports what it throws under the operation.</summary>
    static object? Calculate(IOperation operation, Func<object?> calculate)
    {
        try
        {
            return calculate() ?? throw NotConstant(operation);
        }
        catch (OverflowException)
        {
            throw Throws(operation, nameof(OverflowException), $"the result does not fit into {operation.Type?.ToDisplayString()}");
        }
        catch (DivideByZeroException)
        {
            throw Throws(operation, nameof(DivideByZeroException), "the divisor is zero");
        }
        catch (ArgumentException error)
        {
            throw Throws(operation, error.GetType().Name, $"the argument {error.ParamName} is out of range");
        }
    }

    sealed class RunningLoop(SyntaxNode syntax)
    {
        public SyntaxNode Syntax { get; } = syntax;

        public int Iterations { get; set; }
    }
}
