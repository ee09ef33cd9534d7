using System.Globalization;
using ResNet.Dsl;

namespace ResNet.Generators.Tests.Planning;

/// <summary>The layer tree, taken literally: nothing fused, nothing reordered.</summary>
sealed class LiteralWalk
{
    readonly Expressions _expressions;
    int _next;

    public LiteralWalk(NetworkDefinition network, Expressions expressions)
    {
        _expressions = expressions;
        var end = Visit(network.Body, expressions.Input);
        // The end is an output unless a layer gave the last one.
        if (Outputs.Count < network.Outputs.Count) Outputs.Add(end);
    }

    /// <summary>The values of the outputs, in order.</summary>
    public List<int> Outputs { get; } = [];

    /// <summary>The value at each tap, by the tap's index.</summary>
    public Dictionary<int, int> Taps { get; } = [];

    int Visit(Layer layer, int x)
    {
        switch (layer)
        {
            case Sequence sequence:
                return sequence.Layers.Aggregate(x, (value, child) => Visit(child, value));
            case Repeat repeat:
                for (var i = 0; i < repeat.Count; i++) x = Visit(repeat.Body, x);
                return x;
            case Residual residual:
                var main = Visit(residual.Main, x);
                var shortcut = Visit(residual.Shortcut, x);
                return Visit(residual.Activation, residual.Merge == Merge.Sum ? _expressions.Add(main, shortcut) : _expressions.Multiply(main, shortcut));
            case Branch branch:
                Visit(branch.Content, x);
                return x;
        }
        var index = _next++;
        switch (layer)
        {
            case Dropout or StochasticDepth:
                return x;
            case Tap:
                Taps.Add(index, x);
                return x;
            case Output:
                Outputs.Add(x);
                return x;
            case Relu:
                return _expressions.Relu(x);
            case BatchNorm or Scale:
                return _expressions.Norm(index, x);
            case Conv2d:
                return _expressions.Conv(index, x);
            case ZeroPad pad:
                return _expressions.Pad(pad.Channels, pad.Stride, x);
            default:
                return _expressions.Function(layer.GetType().Name + index.ToString(CultureInfo.InvariantCulture), x);
        }
    }
}
