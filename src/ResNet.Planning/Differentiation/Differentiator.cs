using ResNet.Dsl;
using ResNet.Planning.Graph;
using ResNet.Planning.Programs;

namespace ResNet.Planning.Differentiation;

/// <summary>
/// Derives the backward pass: the forward pass from its end to its beginning, each operation answered by its gradient.
/// </summary>
sealed class Differentiator
{
    readonly ICollection<LoopNode> _copying;
    readonly bool _toInput;

    /// <summary>Values on which no parameter has any influence: nothing needs their gradients.</summary>
    readonly HashSet<ValueNode> _constants = [];
    readonly Gradients _gradients;
    List<StepNode> _block = [];

    /// <summary>Of the unit that is being gone back through, if that is one to be computed again; otherwise of nothing.</summary>
    Recomputation _again = Recomputation.Nothing;

    Differentiator(ICollection<LoopNode> copying, bool toInput)
    {
        (_copying, _toInput) = (copying, toInput);
        _gradients = new((from, to, accumulate, at) => Add(at, BackwardOperation.Pass, from, to: to, accumulate: accumulate));
    }

    /// <summary>Derives the backward pass.</summary>
    /// <param name="forward">The forward pass, with the losses at its end, the results of which are the gradients of the outputs.</param>
    /// <param name="copying">Loops whose gradient has to be copied back to where the iteration found it.</param>
    /// <param name="toInput">Whether the gradient by the input is wanted, too.</param>
    public static List<StepNode> Reverse(List<StepNode> forward, ICollection<LoopNode> copying, bool toInput)
    {
        var differentiator = new Differentiator(copying, toInput);
        foreach (var operation in forward.OfType<OperationNode>()) differentiator.FindConstant(operation);
        differentiator.Visit(forward);
        return differentiator._block;
    }

    void FindConstant(OperationNode operation)
    {
        if (_toInput && operation.Kind == ForwardOperation.Input) return;
        if ((operation.Kind is ForwardOperation.Input or ForwardOperation.Transform or ForwardOperation.Apply or ForwardOperation.Multiply
                || operation.Site?.Layer is Scale { Constants: not null })
            && (operation.From is not { } from || _constants.Contains(from))
            && (operation.Factor is not { } factor || _constants.Contains(factor))
            && (operation.Epilogue.Addend is not { } addend || _constants.Contains(addend)))
            _constants.Add(operation.Result!);
    }

    void Visit(List<StepNode> forward)
    {
        for (var i = forward.Count - 1; i >= 0; i--)
        {
            if (forward[i] is LoopNode loop)
            {
                Visit(loop);
                continue;
            }
            var operation = (OperationNode)forward[i];
            if (operation.RecomputedUnit is not { } unit)
            {
                Visit(operation);
                continue;
            }
            var end = i + 1;
            while (i > 0 && forward[i - 1] is OperationNode before && before.RecomputedUnit == unit) i--;
            VisitUnit([.. forward.GetRange(i, end - i).Cast<OperationNode>()]);
        }
    }

    /// <summary>Computes a unit again, as far as its backward operations will read it, and goes back through it.</summary>
    void VisitUnit(List<OperationNode> unit)
    {
        var around = _block;
        _block = [];
        _again = new(unit);
        for (var i = unit.Count - 1; i >= 0; i--) Visit(unit[i]);
        around.AddRange(_again.Operations());
        around.AddRange(_block);
        _block = around;
        _again = Recomputation.Nothing;
    }

    void Visit(OperationNode forward)
    {
        var at = new Place(forward.Stage, forward.Unit);
        var (from, result) = (forward.From, forward.Result!);
        if (forward.Kind == ForwardOperation.Loss)
        {
            if (!_constants.Contains(from!)) _gradients.Contribute(from!, result, at);
            return;
        }
        if (_constants.Contains(result) || forward.Kind == ForwardOperation.Input) return;

        var then = forward.Epilogue;
        var rectified = then.OuterRelu ? result : null;
        var gradient = rectified is null ? _gradients.Of(result) : _gradients.ToChange(result, at);
        switch (forward.Kind)
        {
            case ForwardOperation.Conv:
                Backward(BackwardOperation.ConvBackward);
                break;
            case ForwardOperation.Dense:
                Backward(BackwardOperation.DenseBackward);
                break;
            case ForwardOperation.Transform:
                Backward(BackwardOperation.TransformBackward);
                break;
            case ForwardOperation.Norm:
                Backward(BackwardOperation.NormBackward);
                break;
            case ForwardOperation.Multiply:
                BackwardToFactor(from!, forward.Factor!);
                BackwardToFactor(forward.Factor!, from!);
                break;
            case ForwardOperation.Apply:
                if (rectified is not null) Add(at, BackwardOperation.ReluBackward, gradient, rectified: rectified);
                Contribute(from!);
                break;
            default:
                throw new NotSupportedException($"{forward.Kind} has no gradient");
        }
        if (then.Addend is { } addend)
        {
            if (forward.Pad is not { } pad) Contribute(addend);
            else if (!_constants.Contains(addend)) BackwardTo(addend, BackwardOperation.TransformBackward, pad, null, read: addend);
        }
        _gradients.End(result);

        void Contribute(ValueNode value)
        {
            if (!_constants.Contains(value)) _gradients.Contribute(value, gradient, at);
        }

        void Backward(BackwardOperation kind) => BackwardTo(from!, kind, forward.Site, rectified, read: from!);

        void BackwardToFactor(ValueNode factor, ValueNode other)
        {
            if (!_constants.Contains(factor)) BackwardTo(factor, BackwardOperation.Multiply, null, null, read: other);
        }

        void BackwardTo(ValueNode input, BackwardOperation kind, LayerReference? site, ValueNode? mask, ValueNode read)
        {
            var isNew = false;
            var to = _constants.Contains(input) ? null : _gradients.ToAddTo(input, at, out isNew);
            Add(at, kind, gradient, site, read, mask, to, accumulate: to is not null && !isNew);
        }
    }

    void Visit(LoopNode forward)
    {
        var (initial, parameter, next, final) = forward.Carried[0];
        foreach (var value in new[] { initial, parameter, next, final }) value.IsSaved = true;
        var place = new Place(forward.Stage, forward.Range.FirstUnit);
        var before = _gradients.ToChange(final, place);
        _gradients.End(final);

        var around = _block;
        _block = [];
        var found = new ValueNode(next.Shape);
        _gradients.Begin(next, found);
        Visit(forward.Body);
        var left = _gradients.Of(parameter);
        _gradients.End(parameter);
        if (_copying.Contains(forward))
        {
            var copy = new ValueNode(next.Shape);
            Add(place, BackwardOperation.Pass, left, to: copy);
            left = copy;
        }
        var loop = new LoopNode(forward.Stage, forward.Repeat, forward.Range, _block) { Reverses = forward };
        _block = around;
        _block.Add(loop);

        var after = new ValueNode(initial.Shape);
        loop.Carried.Add(new(before, found, left, after));
        if (!_constants.Contains(initial)) _gradients.Contribute(initial, after, place);
    }

    void Add(Place at, BackwardOperation kind, ValueNode gradient, LayerReference? site = null, ValueNode? input = null, ValueNode? rectified = null, ValueNode? to = null, bool accumulate = false)
    {
        var operation = new BackwardNode(at.Stage, at.Unit, kind, site, gradient) { Input = input, Rectified = rectified, To = to, Accumulate = accumulate };
        if (operation.ReadsInput) operation.Input = _again.Read(input!);
        if (rectified is not null) operation.Rectified = _again.Read(rectified);
        _block.Add(operation);
    }
}

/// <summary>The place of an operation in the network.</summary>
readonly record struct Place(string Stage, string Unit);
