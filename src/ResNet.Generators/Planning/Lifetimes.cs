namespace ResNet.Generators.Planning;

/// <summary>
/// When each value exists. An operation takes three moments: its addend is read in the first, its result written from the
/// second on, while its other inputs are still read. So a result may take the addend's place, never the input's.
/// </summary>
sealed class Lifetimes
{
    const int Moments = 3;
    readonly Dictionary<Value, (int Begin, int End, IReadOnlyList<(int Begin, int End)> Around)> _spans = [];
    readonly List<Loop> _loops = [];
    readonly List<Value> _values = [];
    readonly List<(Value Addend, Value Sum)> _additions = [];
    int _now;

    public Lifetimes(IReadOnlyList<Step> steps) => Visit(steps, []);

    /// <summary>The loops, inner before outer.</summary>
    public IReadOnlyList<Loop> Loops => _loops;

    /// <summary>The values in the order of their definition.</summary>
    public IReadOnlyList<Value> Values => _values;

    /// <summary>The additions that may be done in place.</summary>
    public IReadOnlyList<(Value Addend, Value Sum)> Additions => _additions;

    /// <summary>The moments from the first to before the second, in which the value is held.</summary>
    public (int Begin, int End) this[Value value] => (_spans[value].Begin, _spans[value].End);

    void Visit(IReadOnlyList<Step> steps, List<(int Begin, int End)> around)
    {
        foreach (var step in steps)
        {
            if (step is Operation operation) Visit(operation, around);
            else Visit((Loop)step, around);
        }
    }

    void Visit(Operation operation, List<(int Begin, int End)> around)
    {
        var then = operation.Epilogue;
        if (operation.From is { } from) Use(from, _now + 2, around);
        if (then.Addend is { } addend) Use(addend, then.PadsAddend ? _now + 2 : _now + 1, around);
        // Even a result that nobody reads is written somewhere.
        if (operation.Result is { } result) Define(result, _now + 1, _now + 2, around);
        if (then is { Addend: { } shortcut, PadsAddend: false }) _additions.Add((shortcut, then.Stored ?? operation.Result!));
        if (then.Stored is { } stored) Define(stored, _now + 1, _now + 2, around);
        _now += Moments;
    }

    void Visit(Loop loop, List<(int Begin, int End)> around)
    {
        var begin = _now;
        var end = begin + Moments * OperationsIn(loop.Body);
        foreach (var carried in loop.Carried) Use(carried.Initial, begin, around);
        List<(int, int)> inside = [.. around, (begin, end)];
        foreach (var carried in loop.Carried) Define(carried.Parameter, begin, begin, inside);
        Visit(loop.Body, inside);
        foreach (var carried in loop.Carried) Use(carried.Next, end, inside);
        foreach (var carried in loop.Carried) Define(carried.Final, end, end, around);
        _loops.Add(loop);
    }

    void Define(Value value, int begin, int end, List<(int Begin, int End)> around)
    {
        _spans.Add(value, (begin, end, around));
        _values.Add(value);
    }

    void Use(Value value, int moment, List<(int Begin, int End)> around)
    {
        var (begin, end, home) = _spans[value];
        // What comes from outside a loop is wanted again by its next iteration.
        if (around.Count > home.Count) moment = around[home.Count].End;
        _spans[value] = (begin, Math.Max(end, moment), home);
    }

    static int OperationsIn(IReadOnlyList<Step> steps) => steps.Sum(step => step is Loop loop ? OperationsIn(loop.Body) : 1);
}
