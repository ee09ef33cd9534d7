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
    readonly bool _trains;
    readonly List<LayerNode> _layers = [];
    readonly List<ValueForm> _values = [];
    readonly List<Derivative> _derivatives = [];
    readonly Dictionary<int, int> _rectified = [];
    readonly Dictionary<(int, int), int> _sums = [], _products = [];
    readonly List<int> _results = [];
    readonly Dictionary<(int, Shape), int> _padded = [];
    readonly ulong[] _gradients;

    /// <summary>Reads a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="trains">Whether dropout is more than the identity.</param>
    public LiteralGraph(NetworkDefinition network, bool trains)
    {
        _trains = trains;
        _values.Add(new(0, network.Input, IsConstant: true));
        var end = Visit(network.Body, 0);
        if (network.EndIsUnnamed) _results.Add(end);
        _gradients = new ulong[_values.Count];
        for (var i = 0; i < _results.Count; i++) _gradients[_results[i]] = unchecked(_gradients[_results[i]] + FactorOf(i, DerivativeOf.Loss));
        for (var i = _derivatives.Count - 1; i >= 0; i--)
        {
            var (from, to, factor) = _derivatives[i];
            _gradients[to] = unchecked(_gradients[to] + factor * _gradients[from]);
        }
    }

    /// <summary>The layers by their index in <see cref="NetworkDefinition.Layers"/>.</summary>
    public IReadOnlyList<LayerNode> Layers => _layers;

    /// <summary>The values of the outputs, in the order of <see cref="NetworkDefinition.Outputs"/>.</summary>
    public IReadOnlyList<int> Results => _results;

    /// <summary>What a value is.</summary>
    public ValueForm this[int value] => _values[value];

    /// <summary>The gradient of all losses by a value, as the number that stands for it.</summary>
    public ulong GradientOf(int value) => _gradients[value];

    /// <summary>The number that stands for a derivative.</summary>
    /// <param name="number">Of a layer its index, of a ReLU the form that it yields, of a product the form of the other factor, of a loss its output.</param>
    /// <param name="kind">The kind of derivative.</param>
    public static ulong FactorOf(int number, DerivativeOf kind)
    {
        // SplitMix64 (Steele et al. 2014); odd, so that no factor cancels.
        unchecked
        {
            var z = (ulong)(4L * number + (int)kind + 1) * 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return (z ^ (z >> 31)) | 1;
        }
    }

    /// <summary>The rectified form; null if the network rectifies no such value.</summary>
    public int? Rectified(int form) => _rectified.TryGetValue(form, out var result) ? result : null;

    /// <summary>The form of a sum; null if the network adds no such values.</summary>
    public int? Sum(int left, int right) => _sums.TryGetValue(Ordered(left, right), out var result) ? result : null;

    /// <summary>The form of a product; null if the network multiplies no such values.</summary>
    public int? Product(int left, int right) => _products.TryGetValue(Ordered(left, right), out var result) ? result : null;

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
                return Visit(residual.Activation, Join(residual.Merge, main, shortcut));
            case Branch branch:
                Visit(branch.Content, value);
                return value;
            default:
                return VisitLeaf(layer, value);
        }
    }

    int Join(Merge merge, int main, int shortcut)
    {
        var (left, right) = (_values[main].Form, _values[shortcut].Form);
        var (forms, leftFactor, rightFactor) = merge switch
        {
            Merge.Sum => (_sums, 1UL, 1UL),
            Merge.Product => (_products, FactorOf(right, DerivativeOf.Product), FactorOf(left, DerivativeOf.Product)),
            _ => throw new NotSupportedException($"The verifier does not know {merge}"),
        };
        var joined = Add(forms, Ordered(left, right), _values[main].Shape, IsConstant(main) && IsConstant(shortcut));
        _derivatives.Add(new(joined, main, leftFactor));
        _derivatives.Add(new(joined, shortcut, rightFactor));
        return joined;
    }

    int VisitLeaf(Layer layer, int value)
    {
        var (index, form) = (_layers.Count, _values[value].Form);
        var shape = layer.OutputShape(_values[value].Shape);
        var factor = FactorOf(index, DerivativeOf.Layer);
        int output;
        switch (layer)
        {
            case Tap:
                output = value;
                break;
            case Output:
                _results.Add(value);
                output = value;
                break;
            case Dropout when !_trains:
                output = value;
                break;
            case Relu:
                output = Add(_rectified, form, shape, IsConstant(value), isRectified: true);
                factor = FactorOf(_values[output].Form, DerivativeOf.Relu);
                break;
            case ZeroPad:
                output = Add(_padded, (form, shape), shape, IsConstant(value));
                break;
            case Conv2d or BatchNorm or Dense or Scale { HasParameters: true }:
                output = Add(shape, isConstant: false);
                break;
            case MaxPool or AveragePool or GlobalAveragePool or Sigmoid or Flatten or Dropout or Scale:
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

/// <summary>The kinds of derivatives that gradients are products of.</summary>
enum DerivativeOf
{
    Layer,
    Relu,
    Product,
    Loss,
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
