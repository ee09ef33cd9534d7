using ResNet.Dsl;

namespace ResNet.Runtime.Weights.Initialization;

/// <summary>Finds what ends the residual branches of a network.</summary>
static class ResidualBranches
{
    /// <summary>Indices of the batch normalizations whose output, or a multiple of it, is what a residual unit adds to its shortcut. A product has none: zero would not start the unit as its shortcut.</summary>
    public static IReadOnlyList<int> EndingInBatchNorm(NetworkDefinition network)
    {
        var found = new List<int>();
        var next = 0;
        Visit(network.Body, null, ref next, found);
        return found;
    }

    /// <summary>Walks in the order of execution and hands on the batch normalization that the value comes from, if it is one.</summary>
    static int? Visit(Layer layer, int? last, ref int next, List<int> found)
    {
        switch (layer)
        {
            case Sequence sequence:
                foreach (var child in sequence.Layers) last = Visit(child, last, ref next, found);
                return last;
            case Repeat repeat:
                for (var i = 0; i < repeat.Count; i++) last = Visit(repeat.Body, last, ref next, found);
                return last;
            case Residual residual:
                // A branch without layers ends in nothing of its own, so each starts from null.
                if (Visit(residual.Main, null, ref next, found) is { } end && residual.Merge == Merge.Sum) found.Add(end);
                Visit(residual.Shortcut, null, ref next, found);
                return Visit(residual.Activation, null, ref next, found);
            case Branch branch:
                Visit(branch.Content, last, ref next, found);
                return last;
            case Tap or Output or Scale { Constants.Shift: 0 }:
                next++;
                return last;
            default:
                var index = next++;
                return layer is BatchNorm ? index : null;
        }
    }
}
