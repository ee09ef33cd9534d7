using ResNet.Planning.Graph;
using ResNet.Planning.Programs;

namespace ResNet.Planning.Slots;

/// <summary>
/// When each value exists. An operation takes three moments: its addend is read in the first, its result written from the
/// second on, while its other inputs are still read. So a result may take the addend's place, never the input's.
/// An iteration of a loop reads nothing but what it is handed, so that the moments of one iteration stand for all.
/// Saved values take no part.
/// </summary>
sealed class Lifetimes
{
    const int Moments = 3;
    readonly Dictionary<ValueNode, (int Begin, int End)> _spans = [];
    readonly List<LoopNode> _loops = [];
    readonly List<ValueNode> _values = [];
    readonly List<(ValueNode Before, ValueNode After)> _inPlace = [];
    int _now;

    public Lifetimes(IReadOnlyList<StepNode> steps) => Visit(steps);

    /// <summary>The loops that hand on values, inner before outer.</summary>
    public IReadOnlyList<LoopNode> Loops => _loops;

    /// <summary>The values in the order of their definition.</summary>
    public IReadOnlyList<ValueNode> Values => _values;

    /// <summary>Pairs of values, the second of which may take the place of the first: an addend and the sum, a gradient and the one before it.</summary>
    public IReadOnlyList<(ValueNode Before, ValueNode After)> InPlace => _inPlace;

    /// <summary>The moments from the first to before the second, in which the value is held.</summary>
    public (int Begin, int End) this[ValueNode value] => _spans[value];

    void Visit(IReadOnlyList<StepNode> steps)
    {
        foreach (var step in steps)
        {
            if (step is OperationNode operation) Visit(operation);
            else if (step is BackwardNode backward) Visit(backward);
            else Visit((LoopNode)step);
        }
    }

    void Visit(OperationNode operation)
    {
        var then = operation.Epilogue;
        if (operation.From is { } from) Use(from, _now + 2);
        if (operation.Factor is { } factor) Use(factor, _now + 2);
        if (then.Addend is { } addend) Use(addend, then.PadsAddend ? _now + 2 : _now + 1);
        // Even a result that nothing reads is written somewhere.
        if (operation.Result is { } result) Define(result, _now + 1, _now + 2);
        if (then is { Addend: { } shortcut, PadsAddend: false }) AllowInPlace(shortcut, then.Stored ?? operation.Result!);
        if (then.Stored is { } stored) Define(stored, _now + 1, _now + 2);
        _now += Moments;
    }

    void Visit(BackwardNode operation)
    {
        var mayBeInPlace = operation.Kind == BackwardOperation.NormBackward && !operation.Accumulate;
        Use(operation.Gradient, mayBeInPlace ? _now + 1 : _now + 2);
        if (operation.ReadsInput) Use(operation.Input!, _now + 2);
        if (operation.Rectified is { } rectified) Use(rectified, _now + 2);
        if (operation.To is { } to)
        {
            if (operation.Accumulate) Use(to, _now + 2);
            else Define(to, _now + 1, _now + 2);
            if (mayBeInPlace) AllowInPlace(operation.Gradient, to);
        }
        _now += Moments;
    }

    void Visit(LoopNode loop)
    {
        foreach (var carried in loop.Carried) Use(carried.Initial, _now);
        foreach (var carried in loop.Carried) Define(carried.Parameter, _now, _now);
        Visit(loop.Body);
        foreach (var carried in loop.Carried) Use(carried.Next, _now);
        foreach (var carried in loop.Carried) Define(carried.Final, _now, _now);
        if (!loop.Carried.Exists(carried => carried.Parameter.IsSaved)) _loops.Add(loop);
    }

    void AllowInPlace(ValueNode before, ValueNode after)
    {
        if (!before.IsSaved && !after.IsSaved) _inPlace.Add((before, after));
    }

    void Define(ValueNode value, int begin, int end)
    {
        if (value.IsSaved) return;
        _spans.Add(value, (begin, end));
        _values.Add(value);
    }

    void Use(ValueNode value, int moment)
    {
        if (value.IsSaved) return;
        var (begin, end) = _spans[value];
        _spans[value] = (begin, Math.Max(end, moment));
    }
}
