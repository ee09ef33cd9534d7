using ResNet.Dsl;

namespace ResNet.Planning.Verification;

/// <summary>
/// The values of a network and their gradients as the layer tree says, taken literally. Values are numbered in the order of
/// execution. Values that are computed alike (two ReLUs of one value) have one <em>form</em>, the number of the first.
/// </summary>
/// <remarks>
/// A gradient is a sum over paths of products of derivatives. Each derivative stands as a random 64-bit factor, so that a
/// gradient is one number, sums and copies of gradients are sums and copies of numbers, and different gradients are different
/// numbers, but for a negligible chance.
/// </remarks>
sealed class LiteralGraph
{
    /// <summary>The number that stands for the gradient of the loss by the network's result.</summary>
    public const ulong LossGradient = 0x9E3779B97F4A7C15;

    readonly bool _trains;
    readonly List<LayerNode> _layers = [];
    readonly List<ValueForm> _values = [];

    /// <summary>The forms that layers without parameters yield, by <see cref="KeyOf"/>.</summary>
    readonly Dictionary<ulong, int> _forms = [];
    readonly ulong[] _gradients;

    /// <summary>Reads a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="trains">Whether dropout is more than the identity.</param>
    public LiteralGraph(NetworkDefinition network, bool trains)
    {
        _trains = trains;
        _values.Add(new(0, network.Input, IsConstant: true, ValueOrigin.Layer, -1, -1, 0));
        Result = Visit(network.Body, 0);
        _gradients = new ulong[_values.Count];
        _gradients[Result] = LossGradient;
        for (var i = _values.Count - 1; i > 0; i--)
        {
            var value = _values[i];
            var gradient = unchecked(value.Factor * _gradients[i]);
            _gradients[value.From] = unchecked(_gradients[value.From] + gradient);
            if (value.And >= 0) _gradients[value.And] = unchecked(_gradients[value.And] + gradient);
        }
    }

    /// <summary>The layers by their index in <see cref="NetworkDefinition.Layers"/>.</summary>
    public IReadOnlyList<LayerNode> Layers => _layers;

    /// <summary>The value that the network yields.</summary>
    public int Result { get; }

    /// <summary>What a value is.</summary>
    public ValueForm this[int value] => _values[value];

    /// <summary>The gradient of the loss by a value, as the number that stands for it.</summary>
    public ulong GradientOf(int value) => _gradients[value];

    /// <summary>The rectified form; null if the network rectifies no such value.</summary>
    public int? Rectified(int form) => Find(ValueOrigin.Relu, form, 0);

    /// <summary>The form of a sum; null if the network adds no such values.</summary>
    public int? Sum(int left, int right) => Find(ValueOrigin.Sum, Math.Min(left, right), Math.Max(left, right));

    /// <summary>The form subsampled and padded to a shape; null if the network does so with no such value.</summary>
    public int? Padded(int form, Shape shape) => Find(ValueOrigin.Pad, form, shape.GetHashCode());

    /// <summary>Whether a form is the result of a ReLU.</summary>
    public bool IsRectified(int form) => _values[form].Origin == ValueOrigin.Relu;

    /// <summary>What stands for the derivative of a layer.</summary>
    public static ulong FactorOfLayer(int index) => Mix((ulong)index << 1) | 1;

    /// <summary>What stands for the derivative of the ReLU that yields a form.</summary>
    public static ulong FactorOfRelu(int form) => Mix((ulong)form << 1 | 1) | 1;

    int Visit(Layer layer, int value)
    {
        switch (layer)
        {
            case Sequence sequence:
                for (var i = 0; i < sequence.Layers.Count; i++) value = Visit(sequence.Layers[i], value);
                return value;
            case Repeat repeat:
                for (var i = 0; i < repeat.Count; i++) value = Visit(repeat.Body, value);
                return value;
            case Residual residual:
                var main = Visit(residual.Main, value);
                return Visit(residual.Activation, AddSum(main, Visit(residual.Shortcut, value)));
            default:
                return VisitLeaf(layer, value);
        }
    }

    int VisitLeaf(Layer layer, int value)
    {
        var index = _layers.Count;
        var (form, isConstant) = (_values[value].Form, _values[value].IsConstant);
        var shape = ShapeInference.Output(layer, _values[value].Shape);
        var factor = FactorOfLayer(index);
        var output = layer switch
        {
            Conv2d or BatchNorm or Dense => Add(new(_values.Count, shape, false, ValueOrigin.Layer, value, -1, factor)),
            Relu => AddRelu(),
            Tap => value,
            Dropout when !_trains => value,
            MaxPool or AveragePool or GlobalAveragePool or Dropout => Add(new(_values.Count, shape, isConstant, ValueOrigin.Layer, value, -1, factor)),
            ZeroPad => Add(new(FormOf(ValueOrigin.Pad, form, shape.GetHashCode()), shape, isConstant, ValueOrigin.Pad, value, -1, factor)),
            _ => throw new NotSupportedException($"The verifier does not know {layer}"),
        };
        _layers.Add(new(layer, value, output));
        return output;

        int AddRelu()
        {
            var rectified = FormOf(ValueOrigin.Relu, form, 0);
            return Add(new(rectified, shape, isConstant, ValueOrigin.Relu, value, -1, FactorOfRelu(rectified)));
        }
    }

    int AddSum(int main, int shortcut)
    {
        var (left, right) = (_values[main], _values[shortcut]);
        var form = FormOf(ValueOrigin.Sum, Math.Min(left.Form, right.Form), Math.Max(left.Form, right.Form));
        return Add(new(form, left.Shape, left.IsConstant && right.IsConstant, ValueOrigin.Sum, main, shortcut, 1));
    }

    int Add(ValueForm value)
    {
        _values.Add(value);
        return _values.Count - 1;
    }

    /// <summary>The form of a value that is about to be added.</summary>
    int FormOf(ValueOrigin origin, int form, int other)
    {
        var key = KeyOf(origin, form, other);
        if (_forms.TryGetValue(key, out var known)) return known;
        _forms.Add(key, _values.Count);
        return _values.Count;
    }

    int? Find(ValueOrigin origin, int form, int other) => _forms.TryGetValue(KeyOf(origin, form, other), out var result) ? result : null;

    static ulong KeyOf(ValueOrigin origin, int form, int other) => Mix(Mix((ulong)(uint)form << 32 | (uint)other) + (ulong)origin);

    /// <summary>SplitMix64 (Steele et al. 2014).</summary>
    static ulong Mix(ulong number)
    {
        unchecked
        {
            var z = (number + 1) * 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}

/// <summary>How a value comes about.</summary>
enum ValueOrigin
{
    /// <summary>By a layer that yields a value of its own, or as the input.</summary>
    Layer,
    Relu,
    Pad,
    Sum,
}

/// <summary>A layer between two values.</summary>
/// <param name="Layer">The layer; never a container.</param>
/// <param name="Input">The value that it reads.</param>
/// <param name="Output">The value that it yields; its input where it is the identity.</param>
readonly record struct LayerNode(Layer Layer, int Input, int Output);

/// <summary>What a value is.</summary>
/// <param name="Form">The first value that is computed alike.</param>
/// <param name="Shape">Its shape per image.</param>
/// <param name="IsConstant">Whether no parameter has any influence on it, so that nothing needs its gradient.</param>
/// <param name="Origin">How it comes about.</param>
/// <param name="From">What it is computed from.</param>
/// <param name="And">What is added to that; −1 if nothing is.</param>
/// <param name="Factor">What stands for its derivative by both.</param>
readonly record struct ValueForm(int Form, Shape Shape, bool IsConstant, ValueOrigin Origin, int From, int And, ulong Factor);
