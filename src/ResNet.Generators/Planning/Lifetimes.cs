namespace ResNet.Generators.Planning;

/// <summary>
/// When each value exists. An operation takes three moments: its addend is read in the first, its result written from the
/// second on, while its other inputs are still read. So a result may take the addend's place, never the input's.
/// An iteration of a loop reads nothing but what it is handed, so that the moments of one iteration stand for all.
/// </summary>
sealed class Lifetimes
{
    const int Moments = 3;
    readonly Dictionary<Value, (int Begin, int End)> _spans = [];
    readonly List<Loop> _loops = [];
    readonly List<Value> _values = [];
    readonly List<(Value Addend, Value Sum)> _additions = [];
    int _now;

    public Lifetimes(IReadOnlyList<Step> steps) => Visit(steps);

    /// <summary>The loops, inner before outer.</summary>
    public IReadOnlyList<Loop> Loops => _loops;

    /// <summary>The values in the order of their definition.</summary>
    public IReadOnlyList<Value> Values => _values;

    /// <summary>The additions that may be done in place.</summary>
    public IReadOnlyList<(Value Addend, Value Sum)> Additions => _additions;

    /// <summary>The moments from the first to before the second, in which the value is held.</summary>
    public (int Begin, int End) this[Value value] => _spans[value];

    void Visit(IReadOnlyList<Step> steps)
    {
        foreach (var step in steps)
        {
            if (step is Operation operation) Visit(operation);
            else Visit((Loop)step);
        }
    }

    void Visit(Operation operation)
    {
        var then = operation.Epilogue;
        if (operation.From is { } from) Use(from, _now + 2);
        if (then.Addend is { } addend) Use(addend, then.PadsAddend ? _now + 2 : _now + 1);
        // Even a result that nobody reads is written somewhere.
        if (operation.Result is { } result) Define(result, _now + 1, _now + 2);
        if (then is { Addend: { } shortcut, PadsAddend: false }) _additions.Add((shortcut, then.Stored ?? operation.Result!));
        if (then.Stored is { } stored) Define(stored, _now + 1, _now + 2);
        _now += Moments;
    }

    void Visit(Loop loop)
    {
        foreach (var carried in loop.Carried) Use(carried.Initial, _now);
        foreach (var carried in loop.Carried) Define(carried.Parameter, _now, _now);
        Visit(loop.Body);
        foreach (var carried in loop.Carried) Use(carried.Next, _now);
        foreach (var carried in loop.Carried) Define(carried.Final, _now, _now);
        _loops.Add(loop);
    }

    void Define(Value value, int begin, int end)
    {
        _spans.Add(value, (begin, end));
        _values.Add(value);
    }

    void Use(Value value, int moment)
    {
        var (begin, end) = _spans[value];
        _spans[value] = (begin, Math.Max(end, moment));
    }
}
