using ResNet.Planning.Graph;

namespace ResNet.Planning.Slots;

/// <summary>
/// Numbers the values that the backward pass reads. All of them exist when the loss is computed, so each has a slot of its
/// own. They are numbered as they are computed; so those of a loop's iterations follow one another evenly, and begin with
/// the slot of the value that the loop begins with.
/// </summary>
sealed class SavedSlots
{
    readonly Dictionary<ValueNode, int> _numbers = [];
    readonly Dictionary<LoopNode, (int Start, int Stride)> _loops = [];

    public SavedSlots(IReadOnlyList<StepNode> forward) => Visit(forward, 1);

    /// <summary>Number of slots.</summary>
    public int Count { get; private set; }

    /// <summary>Elements of all of them, per image.</summary>
    public long Elements { get; private set; }

    /// <summary>Number of a value's slot; within loops, in their first iterations.</summary>
    public int this[ValueNode value] => _numbers[value];

    /// <summary>Number of the slot of the value that a loop begins with, and of slots from there to that of the next iteration.</summary>
    public (int Start, int Stride) Of(LoopNode loop) => _loops[loop.Reverses ?? loop];

    void Visit(IReadOnlyList<StepNode> steps, long times)
    {
        foreach (var step in steps)
        {
            if (step is LoopNode loop)
            {
                Visit(loop, times);
            }
            else if (((OperationNode)step).Result is { IsSaved: true } result)
            {
                _numbers.Add(result, Count++);
                Elements += result.Shape.Elements * times;
            }
        }
    }

    void Visit(LoopNode loop, long times)
    {
        var (initial, parameter, next, final) = loop.Carried[0];
        var start = _numbers[initial];
        _numbers.Add(parameter, start);
        Visit(loop.Body, times * loop.Range.Count);
        var stride = Count - 1 - start;
        if (_numbers[next] != start + stride) throw new InvalidOperationException($"The slots of the loop over {loop.Range.FirstUnit} are not evenly spaced");
        Count = start + 1 + stride * loop.Range.Count;
        _numbers.Add(final, Count - 1);
        _loops.Add(loop, (start, stride));
    }
}
