using ResNet.Dsl;
using ResNet.Planning.Graph;
using ResNet.Planning.Programs;

namespace ResNet.Planning.Lowering;

sealed partial class InferenceLowering
{
    ValueNode LowerRepeat(Repeat repeat, StreamItem item, ValueNode value)
    {
        var size = (int)repeat.Body.LayerCount;
        var perLoop = _unrolled.Contains(repeat) ? 2 : 1;
        // Units without layers, which double their input, have no indices to go through.
        var loops = size == 0 ? 0 : repeat.Count / perLoop;
        var done = 0;
        if (loops > 1)
        {
            value = LowerLoop(value);
            done = loops * perLoop;
        }
        for (; done < repeat.Count; done++) value = LowerIteration(done, value);
        return value;

        string UnitOf(int iteration) => FullName.Join(item.Scope, repeat.IterationScope(iteration));

        ValueNode LowerIteration(int iteration, ValueNode input) =>
            Lower(LayerStream.Of(repeat.Body, item.Index + size * iteration, UnitOf(iteration), UnitOf(iteration), item.Stage), input);

        ValueNode LowerLoop(ValueNode initial)
        {
            var around = _block;
            _block = [];
            var parameter = new ValueNode(initial.Shape);
            var next = parameter;
            for (var i = 0; i < perLoop; i++) next = LowerIteration(i, next);
            var body = _block;
            _block = around;
            if (body.Count == 0) return initial;

            // A shortcut around the loop will want the value that the loop begins with, so the loop works on a copy.
            if (initial.Holds > 0) initial = Apply(initial, Pointwise.None, item.Unit);
            var range = new IterationRange(item.Index, size * perLoop, loops, perLoop, UnitOf(0), UnitOf(loops * perLoop - 1));
            var loop = new LoopNode(item.Stage, repeat, range, body);
            var final = new ValueNode(next.Shape, loop);
            loop.Carried.Add(new(initial, parameter, next, final));
            _block.Add(loop);
            return final;
        }
    }

    /// <summary>
    /// Moves the pointwise function that iterations begin with to the end of the iteration before, where it fuses into what
    /// computes its input. That takes the same function before the loop, for the first iteration, and after it, for the last:
    /// a pre-activation unit's normalization and ReLU move into the convolution of the unit before.
    /// </summary>
    /// <returns>The function's value after the loop; null if it is not the same, or does not fit.</returns>
    ValueNode? TryRotate(LoopNode loop, ValueNode value, Pointwise then)
    {
        if (loop.Carried.Count != 1 || loop.Carried[0] is not { } carried || carried.Final != value) return null;
        if (loop.Body[0] is not OperationNode { Kind: ForwardOperation.Apply } first || first.From != carried.Parameter) return null;
        if (first.Epilogue.AsPointwise is not { } prologue || first.Result is not { } prepared || !prologue.HasFormOf(then)) return null;
        if (carried.Next.Producer is not OperationNode { Kind: ForwardOperation.Conv } last) return null;

        var keeps = carried.Parameter.IsKept || value.IsKept || carried.Next.IsKept;
        carried.Next.IsKept = keeps;
        var nextPrepared = last.TryApply(carried.Next, Following(loop.Range, prologue, then));
        if (nextPrepared is null) return null;

        loop.Body.RemoveAt(0);
        prepared.Producer = null;
        carried.Initial.IsKept |= keeps;
        var initialPrepared = Apply(carried.Initial, prologue, first.Unit, before: loop);
        var final = new ValueNode(value.Shape, loop);
        if (!keeps) loop.Carried.Clear();
        loop.Carried.Add(new(initialPrepared, prepared, nextPrepared, final));
        return final;
    }

    /// <summary>The function that an iteration prepares for the next: that one's, or after the last iteration what follows the loop.</summary>
    static Pointwise Following(IterationRange range, Pointwise prologue, Pointwise after)
    {
        if (prologue.Norm is not { } own || after.Norm is not { } last) return prologue;
        var goesOn = own.Index + (range.End - range.Start) == last.Index;
        return prologue with { Norm = own with { Index = own.Index + range.Stride, IsNext = true, AfterLast = goesOn ? null : last } };
    }
}
