using ResNet.Dsl;

namespace ResNet.Generators.Planning;

/// <summary>
/// Derives the backward pass: the forward pass from its end to its beginning, each operation answered by its gradient.
/// </summary>
sealed class Differentiation
{
    readonly ICollection<Loop> _copying;

    /// <summary>Values on which no parameter has any influence: nobody needs their gradients.</summary>
    readonly HashSet<Value> _constants = [];
    readonly Gradients _gradients;
    List<Step> _block = [];

    /// <summary>Of the unit that is being gone back through, if that is one to be computed again; otherwise of nothing.</summary>
    Recomputation _again = Recomputation.Nothing;

    Differentiation(ICollection<Loop> copying)
    {
        _copying = copying;
        _gradients = new((from, to, accumulate, at) => Add(at, BackwardOperationKind.Pass, from, to: to, accumulate: accumulate));
    }

    /// <summary>Derives the backward pass.</summary>
    /// <param name="forward">The forward pass, with the loss at its end, the result of which is the gradient of the logits.</param>
    /// <param name="copying">Loops whose gradient has to be copied back to where the iteration found it.</param>
    public static List<Step> Reverse(List<Step> forward, ICollection<Loop> copying)
    {
        var differentiation = new Differentiation(copying);
        foreach (var operation in forward.OfType<Operation>()) differentiation.FindConstant(operation);
        differentiation.Visit(forward);
        return differentiation._block;
    }

    void FindConstant(Operation operation)
    {
        if (operation.Kind is OperationKind.Input or OperationKind.Transform or OperationKind.Apply
            && (operation.From is not { } from || _constants.Contains(from))
            && (operation.Epilogue.Addend is not { } addend || _constants.Contains(addend)))
            _constants.Add(operation.Result!);
    }

    void Visit(List<Step> forward)
    {
        for (var i = forward.Count - 1; i >= 0; i--)
        {
            if (forward[i] is Loop loop)
            {
                Visit(loop);
                continue;
            }
            var operation = (Operation)forward[i];
            if (operation.RecomputedUnit is not { } unit)
            {
                Visit(operation);
                continue;
            }
            var end = i + 1;
            while (i > 0 && forward[i - 1] is Operation before && before.RecomputedUnit == unit) i--;
            VisitUnit([.. forward.GetRange(i, end - i).Cast<Operation>()]);
        }
    }

    /// <summary>Computes a unit again, as far as its backward operations will read it, and goes back through it.</summary>
    void VisitUnit(List<Operation> unit)
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

    void Visit(Operation forward)
    {
        var at = new Place(forward.Stage, forward.Unit);
        var (from, result) = (forward.From, forward.Result!);
        if (forward.Kind == OperationKind.Loss)
        {
            if (!_constants.Contains(from!)) _gradients.Begin(from!, result);
            return;
        }
        if (_constants.Contains(result)) return;

        var then = forward.Epilogue;
        var rectified = then.OuterRelu ? result : null;
        var gradient = rectified is null ? _gradients.Of(result) : _gradients.ToChange(result, at);
        switch (forward.Kind)
        {
            case OperationKind.Conv:
                Backward(BackwardOperationKind.ConvBackward);
                break;
            case OperationKind.Dense:
                Backward(BackwardOperationKind.DenseBackward);
                break;
            case OperationKind.Transform:
                Backward(BackwardOperationKind.TransformBackward);
                break;
            case OperationKind.Norm:
                Backward(BackwardOperationKind.NormBackward);
                break;
            default:
                if (rectified is not null) Add(at, BackwardOperationKind.ReluBackward, gradient, rectified: rectified);
                Contribute(from!);
                break;
        }
        if (then.Addend is { } addend)
        {
            if (forward.Pad is not { } pad) Contribute(addend);
            else if (!_constants.Contains(addend)) BackwardTo(addend, BackwardOperationKind.TransformBackward, pad, null);
        }
        _gradients.End(result);

        void Contribute(Value value)
        {
            if (!_constants.Contains(value)) _gradients.Contribute(value, gradient, at);
        }

        void Backward(BackwardOperationKind kind) => BackwardTo(from!, kind, forward.Site, rectified);

        void BackwardTo(Value input, BackwardOperationKind kind, LayerSite? site, Value? mask)
        {
            var isNew = false;
            var to = _constants.Contains(input) ? null : _gradients.ToAddTo(input, at, out isNew);
            Add(at, kind, gradient, site, input, mask, to, accumulate: to is not null && !isNew);
        }
    }

    void Visit(Loop forward)
    {
        var (initial, parameter, next, final) = forward.Carried[0];
        foreach (var value in new[] { initial, parameter, next, final }) value.IsSaved = true;
        var place = new Place(forward.Stage, forward.Range.FirstUnit);
        var before = _gradients.ToChange(final, place);
        _gradients.End(final);

        var around = _block;
        _block = [];
        var found = new Value(next.Shape);
        _gradients.Begin(next, found);
        Visit(forward.Body);
        var left = _gradients.Of(parameter);
        _gradients.End(parameter);
        if (_copying.Contains(forward))
        {
            var copy = new Value(next.Shape);
            Add(place, BackwardOperationKind.Pass, left, to: copy);
            left = copy;
        }
        var loop = new Loop(forward.Stage, forward.Range, _block) { Reverses = forward };
        _block = around;
        _block.Add(loop);

        var behind = new Value(initial.Shape);
        loop.Carried.Add(new(before, found, left, behind));
        if (!_constants.Contains(initial)) _gradients.Contribute(initial, behind, place);
    }

    void Add(Place at, BackwardOperationKind kind, Value gradient, LayerSite? site = null, Value? input = null, Value? rectified = null, Value? to = null, bool accumulate = false)
    {
        var operation = new BackwardOperation(at.Stage, at.Unit, kind, site, gradient) { Input = input, Rectified = rectified, To = to, Accumulate = accumulate };
        if (operation.ReadsInput) operation.Input = _again.Read(input!);
        if (rectified is not null) operation.Rectified = _again.Read(rectified);
        _block.Add(operation);
    }
}

/// <summary>Where in the network an operation belongs.</summary>
readonly record struct Place(string Stage, string Unit);
