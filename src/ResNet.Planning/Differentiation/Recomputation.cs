using ResNet.Planning.Graph;

namespace ResNet.Planning.Differentiation;

/// <summary>
/// Computes a residual unit a second time, for its backward operations: what they read, and what that takes. What is saved
/// anyway, as the unit's result is for the next unit, is not computed again.
/// </summary>
sealed class Recomputation
{
    readonly List<OperationNode> _unit;
    readonly Dictionary<ValueNode, ValueNode> _again;
    readonly HashSet<ValueNode> _read = [];

    /// <param name="unit">The unit's operations in the forward pass. Everything that follows them has been gone back through.</param>
    public Recomputation(List<OperationNode> unit)
    {
        _unit = unit;
        _again = unit.Select(operation => operation.Result!).Where(result => !result.IsSaved).ToDictionary(result => result, result => new ValueNode(result.Shape));
    }

    /// <summary>The recomputation of a part of the network that saves what it reads.</summary>
    public static Recomputation Nothing { get; } = new([]);

    /// <summary>Returns the value that a backward operation reads for a value of the forward pass: its second computation, or the value itself, saved.</summary>
    public ValueNode Read(ValueNode value)
    {
        if (_again.TryGetValue(value, out var again))
        {
            _read.Add(value);
            return again;
        }
        value.IsSaved = true;
        return value;
    }

    /// <summary>The operations that compute again what has been read.</summary>
    public IEnumerable<OperationNode> Operations()
    {
        var operations = new Stack<OperationNode>();
        for (var i = _unit.Count - 1; i >= 0; i--)
            if (_read.Contains(_unit[i].Result!)) operations.Push(Again(_unit[i]));
        return operations;
    }

    OperationNode Again(OperationNode forward) => new(forward.Stage, forward.Kind, forward.Site, Read(forward.From!), forward.Unit)
    {
        IsRecomputation = true,
        Factor = forward.Factor is { } factor ? Read(factor) : null,
        Result = _again[forward.Result!],
        Epilogue = forward.Epilogue.Addend is { } addend ? forward.Epilogue.WithAddend(Read(addend)) : forward.Epilogue,
    };
}
