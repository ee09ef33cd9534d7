using ResNet.Dsl;

namespace ResNet.Planning.Verification;

/// <summary>
/// The values of a network and their gradients as the layer tree says, taken literally. Values are numbered in the order of
/// execution. Values that are computed alike (two ReLUs of one value) have one <em>form</em>, the number of the first.
/// </summary>
/// <remarks>
/// A gradient is a sum over paths of products of derivatives. Each derivative stands as a random 64-bit factor, so that a
/// gradient is one number, sums and copies of gradients are sums and copies of numbers, and different gradients differ but for a
/// chance of about 2⁻⁶⁰ (Schwartz 1980).
/// </remarks>
sealed class LiteralGraph
{
    /// <summary>The number that stands for the gradient of the loss by the network's result.</summary>
    public const ulong LossGradient = 0x9E3779B97F4A7C15;

    readonly bool _trains;
    readonly List<LayerNode> _layers = [];
    readonly List<ValueForm> _values = [];
    readonly List<Derivative> _derivatives = [];
    readonly Dictionary<int, int> _rectified = [];
    readonly Dictionary<(int, int), int> _sums = [];
    readonly Dictionary<(int, Shape), int> _padded = [];
    readonly ulong[] _gradients;

    /// <summary>Reads a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="trains">Whether dropout is more than the identity.</param>
    public LiteralGraph(NetworkDefinition network, bool trains)
    {
        _trains = trains;
        _values.Add(new(0, network.Input, IsConstant: true));
        Result = Visit(network.Body, 0);
        _gradients = new ulong[_values.Count];
        _gradients[Result] = LossGradient;
        for (var i = _derivatives.Count - 1; i >= 0; i--)
        {
            var (from, to, factor) = _derivatives[i];
            _gradients[to] = unchecked(_gradients[to] + factor * _gradients[from]);
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

    /// <summary>What stands for the derivative of a layer, or of the ReLU that yields a form.</summary>
    public static ulong FactorOf(int number, bool isRelu)
    {
        // SplitMix64 (Steele et al. 2014); odd, so that no factor cancels.
        unchecked
        {
            var z = (ulong)(2L * number + (isRelu ? 1 : 0) + 1) * 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return (z ^ (z >> 31)) | 1;
        }
    }

    /// <summary>The rectified form; null if the network rectifies no such value.</summary>
    public int? Rectified(int form) => _rectified.TryGetValue(form, out var result) ? result : null;

    /// <summary>The form of a sum; null if the network adds no such values.</summary>
    public int? Sum(int left, int right) => _sums.TryGetValue(Ordered(left, right), out var result) ? result : null;

    /// <summary>The form subsampled and padded to a shape; null if the network does so with no such value.</summary>
    public int? Padded(int form, Shape shape) => _padded.TryGetValue((form, shape), out var result) ? result : null;

    /// <summary>Whether a form is the result of a ReLU.</summary>
    public bool IsRectified(int form) => _values[form].IsRectified;

    int Visit(Layer layer, int value)
    {
        switch (layer)
        {
            case Sequence sequence:
                foreach (var child in sequence.Layers) value = Visit(child, value);
                return value;
            case Repeat repeat:
                for (var i = 0; i < repeat.Count; i++) value = Visit(repeat.Body, value);
                return value;
            case Residual residual:
                var main = Visit(residual.Main, value);
                var shortcut = Visit(residual.Shortcut, value);
                var sum = Add(_sums, Ordered(_values[main].Form, _values[shortcut].Form), _values[main].Shape, IsConstant(main) && IsConstant(shortcut));
                _derivatives.Add(new(sum, main, 1));
                _derivatives.Add(new(sum, shortcut, 1));
                return Visit(residual.Activation, sum);
            default:
                return VisitLeaf(layer, value);
        }
    }

    int VisitLeaf(Layer layer, int value)
    {
        var (index, form) = (_layers.Count, _values[value].Form);
        var shape = ShapeInference.Output(layer, _values[value].Shape);
        var factor = FactorOf(index, isRelu: false);
        int output;
        switch (layer)
        {
            case Tap:
                output = value;
                break;
            case Dropout when !_trains:
                output = value;
                break;
            case Relu:
                output = Add(_rectified, form, shape, IsConstant(value), isRectified: true);
                factor = FactorOf(_values[output].Form, isRelu: true);
                break;
            case ZeroPad:
                output = Add(_padded, (form, shape), shape, IsConstant(value));
                break;
            case Conv2d or BatchNorm or Dense:
                output = Add(shape, isConstant: false);
                break;
            case MaxPool or AveragePool or GlobalAveragePool or Dropout:
                output = Add(shape, IsConstant(value));
                break;
            default:
                throw new NotSupportedException($"The verifier does not know {layer}");
        }
        _layers.Add(new(layer, value, output));
        if (output != value) _derivatives.Add(new(output, value, factor));
        return output;
    }

    bool IsConstant(int value) => _values[value].IsConstant;

    int Add(Shape shape, bool isConstant)
    {
        _values.Add(new(_values.Count, shape, isConstant));
        return _values.Count - 1;
    }

    int Add<TKey>(Dictionary<TKey, int> forms, TKey key, Shape shape, bool isConstant, bool isRectified = false) where TKey : notnull
    {
        if (!forms.TryGetValue(key, out var form)) forms.Add(key, form = _values.Count);
        _values.Add(new(form, shape, isConstant, isRectified));
        return _values.Count - 1;
    }

    static (int, int) Ordered(int left, int right) => (Math.Min(left, right), Math.Max(left, right));

    readonly record struct Derivative(int From, int To, ulong Factor);
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
/// <param name="IsRectified">Whether it is the result of a ReLU.</param>
readonly record struct ValueForm(int Form, Shape Shape, bool IsConstant, bool IsRectified = false);
