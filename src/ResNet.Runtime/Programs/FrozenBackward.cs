namespace ResNet.Runtime.Programs;

/// <summary>
/// Takes out of a training step all that only the gradients of frozen layers need: where the first layers of a network are frozen, the backward pass
/// ends there. Every other gradient keeps its bits.
/// </summary>
static class FrozenBackward
{
    /// <summary>Drops the operations of the backward pass from which nothing follows.</summary>
    /// <param name="program">A training step, with the taps of gradients that are wanted.</param>
    /// <param name="last">Index of the last frozen layer.</param>
    public static BoundProgram Remove(BoundProgram program, int last)
    {
        var operations = program.Operations;
        var firstLoss = operations.TakeWhile(operation => operation is not EvaluateLoss).Count();
        var needed = new HashSet<BoundValue>();
        var kept = new List<BoundOperation>();
        for (var i = operations.Count - 1; i >= firstLoss; i--)
            if (Keep(operations[i], last, needed) is { } operation) kept.Add(operation);
        kept.Reverse();
        return program with { Operations = [.. operations.Take(firstLoss), .. kept] };
    }

    /// <summary>Decides on an operation, of which all that come later are decided.</summary>
    /// <returns>The operation, perhaps without a target that nothing needs; null to drop it.</returns>
    static BoundOperation? Keep(BoundOperation operation, int last, HashSet<BoundValue> needed)
    {
        switch (operation)
        {
            case OfferTap tap:
                needed.Add(tap.Value);
                return tap;
            case ConvolveBackward backward:
                var target = Wanted(backward.Target, backward.Accumulate);
                if (target is null && backward.Row.Index <= last) return null;
                needed.Add(backward.Gradient);
                return backward with { Target = target };
            case NormalizeBackward backward:
                var isInPlace = backward.Target == backward.Gradient;
                var wanted = Wanted(backward.Target, backward.Accumulate || isInPlace);
                if (wanted is null && backward.Row.Index <= last) return null;
                needed.Add(backward.Gradient);
                return backward with { Target = wanted };
            case TransformBackward backward:
                if (Wanted(backward.Target, backward.Accumulate) is null) return null;
                needed.Add(backward.Gradient);
                return backward;
            case RectifyBackward backward:
                return needed.Contains(backward.Gradient) ? backward : null;
            case PassGradient pass:
                if (Wanted(pass.To, pass.Accumulate) is null) return null;
                needed.Add(pass.From);
                return pass;
            case MultiplyValues product:
                if (Wanted(product.Output, product.Accumulate) is null) return null;
                needed.Add(product.Left);
                needed.Add(product.Right);
                return product;
            default:
                // Losses, and forward operations of units that are computed again.
                return operation;
        }

        BoundValue? Wanted(BoundValue? value, bool isKept)
        {
            if (value is null || !needed.Contains(value)) return null;
            // Written here: what stood there before is needed by no one.
            if (!isKept) needed.Remove(value);
            return value;
        }
    }
}
