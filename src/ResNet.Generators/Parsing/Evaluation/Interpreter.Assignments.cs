using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using ResNet.Dsl;

namespace ResNet.Generators.Parsing.Evaluation;

internal sealed partial class Interpreter
{
    // C# evaluates the target's array and index once, and before the value.

    object? Assign(IOperation target, IOperation expression)
    {
        var write = Writer(target);
        var value = Evaluate(expression);
        write(value);
        return value;
    }

    object? AssignCompound(ICompoundAssignmentOperation assignment)
    {
        var isText = assignment.Type?.SpecialType == SpecialType.System_String;
        var (read, write) = Variable(assignment.Target);
        var left = read();
        var right = isText ? Text(assignment.Value) : Evaluate(assignment.Value);
        var value = ConvertTo(assignment, Compute(assignment, assignment.OperatorKind, left, right, isText), assignment.Type!);
        write(value);
        return value;
    }

    object? AssignIfNull(ICoalesceAssignmentOperation assignment)
    {
        var (read, write) = Variable(assignment.Target);
        if (read() is { } present) return present;
        var value = Evaluate(assignment.Value);
        write(value);
        return value;
    }

    object? Increment(IIncrementOrDecrementOperation step)
    {
        var kind = step.Kind == OperationKind.Increment ? BinaryOperatorKind.Add : BinaryOperatorKind.Subtract;
        var (read, write) = Variable(step.Target);
        var before = read() ?? throw NotConstant(step);
        var after = ConvertTo(step, Calculate(step, () => Arithmetic.Binary(kind, before, 1)), step.Type!);
        write(after);
        return step.IsPostfix ? before : after;
    }

    /// <summary>Returns the action that assigns to a variable, or deconstructs a value into several.</summary>
    Action<object?> Writer(IOperation target)
    {
        switch (target)
        {
            case ILocalReferenceOperation { IsDeclaration: true, Local: { IsRef: false } local }:
                return value => _scope.Declare(local, ConvertTo(target, value, local.Type));
            case IDeclarationExpressionOperation declaration:
                return Writer(declaration.Expression);
            case IDiscardOperation:
                return _ => { };
            case ITupleOperation tuple:
                var writers = tuple.Elements.Select(Writer).ToArray();
                return value =>
                {
                    foreach (var (write, part) in writers.Zip(Parts(value) ?? throw NotConstant(target), (write, part) => (write, part))) write(part);
                };
            default:
                var (_, assign) = Variable(target);
                return value => assign(ConvertTo(target, value, target.Type!));
        }
    }

    (Func<object?> Read, Action<object?> Write) Variable(IOperation target)
    {
        switch (target)
        {
            case ILocalReferenceOperation { Local: { IsRef: false } local }:
                return In(Holder(target, local), local);
            case IParameterReferenceOperation { Parameter: { RefKind: RefKind.None } parameter }:
                return In(Holder(target, parameter), parameter);
            case IArrayElementReferenceOperation element:
                var (array, index) = Locate(element);
                return (() => array[index], value => array[index] = value);
            default:
                throw NotConstant(target);
        }

        static (Func<object?>, Action<object?>) In(Scope scope, ISymbol symbol) => (() => scope[symbol], value => scope[symbol] = value);
    }

    Scope Holder(IOperation reference, ISymbol symbol) => _scope.Holder(symbol) ?? throw NotConstant(reference);

    /// <summary>The parts that a value can be taken apart into, if it can.</summary>
    static IEnumerable<object?>? Parts(object? value) => value switch
    {
        TupleValue tuple => tuple.Items,
        Shape shape => [shape.Channels, shape.Height, shape.Width],
        _ => null,
    };
}
