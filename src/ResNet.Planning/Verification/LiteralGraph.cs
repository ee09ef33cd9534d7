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
    readonly bool _trains;
    readonly List<LayerNode> _layers = [];
    readonly List<ValueForm> _values = [];
    readonly List<int> _results = [];

    /// <summary>The forms that layers without parameters yield, by <see cref="KeyOf"/>.</summary>
    readonly Dictionary<ulong, int> _forms = [];
    readonly ulong[] _gradients;

    /// <summary>Reads a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="trains">Whether dropout and stochastic depth are more than the identity.</param>
    public LiteralGraph(NetworkDefinition network, bool trains)
    {
        _trains = trains;
        _values.Add(new(0, network.Input, IsConstant: !network.BeginsWithOutput, ValueOrigin.Layer, -1, -1, 0));
        var end = Visit(network.Body, 0);
        if (network.EndIsUnnamed) _results.Add(end);
        _gradients = new ulong[_values.Count];
        for (var i = 0; i < _results.Count; i++) Contribute(_results[i], GradientOfLoss(i));
        for (var i = _values.Count - 1; i > 0; i--)
        {
            var value = _values[i];
            var gradient = unchecked(value.Factor * _gradients[i]);
            var isProduct = value.Origin == ValueOrigin.Product;
            Contribute(value.From, isProduct ? unchecked(gradient * FactorOfProduct(_values[value.And].Form)) : gradient);
            if (value.And >= 0) Contribute(value.And, isProduct ? unchecked(gradient * FactorOfProduct(_values[value.From].Form)) : gradient);
        }

        void Contribute(int value, ulong gradient) => _gradients[value] = unchecked(_gradients[value] + gradient);
    }

    /// <summary>The layers by their index in <see cref="NetworkDefinition.Layers"/>.</summary>
    public IReadOnlyList<LayerNode> Layers => _layers;

    /// <summary>The values of the outputs, in the order of <see cref="NetworkDefinition.Outputs"/>.</summary>
    public IReadOnlyList<int> Results => _results;

    /// <summary>The description of a value.</summary>
    public ValueForm this[int value] => _values[value];

    /// <summary>The gradient of all losses by a value, as the number that stands for it.</summary>
    public ulong GradientOf(int value) => _gradients[value];

    /// <summary>The rectified form; null if the network rectifies no such value.</summary>
    public int? Rectified(int form) => Find(ValueOrigin.Relu, form, 0);

    /// <summary>The form of a sum; null if the network adds no such values.</summary>
    public int? Sum(int left, int right) => Find(ValueOrigin.Sum, Math.Min(left, right), Math.Max(left, right));

    /// <summary>The form of a product; null if the network multiplies no such values.</summary>
    public int? Product(int left, int right) => Find(ValueOrigin.Product, Math.Min(left, right), Math.Max(left, right));

    /// <summary>The form subsampled and padded to a shape; null if the network does so with no such value.</summary>
    public int? Padded(int form, Shape shape) => Find(ValueOrigin.Pad, form, shape.GetHashCode());

    /// <summary>Whether a form is the result of a ReLU.</summary>
    public bool IsRectified(int form) => _values[form].Origin == ValueOrigin.Relu;

    /// <summary>Returns the symbol for the derivative of a layer.</summary>
    public static ulong FactorOfLayer(int index) => Mix((ulong)index << 2) | 1;

    /// <summary>Returns the symbol for the derivative of the ReLU that yields a form.</summary>
    public static ulong FactorOfRelu(int form) => Mix((ulong)form << 2 | 1) | 1;

    /// <summary>Returns the symbol for the derivative of a product by one factor: the value of the other, by its form.</summary>
    public static ulong FactorOfProduct(int otherForm) => Mix((ulong)otherForm << 2 | 2) | 1;

    /// <summary>Returns the symbol for the gradient of a loss by its output.</summary>
    public static ulong GradientOfLoss(int output) => Mix((ulong)output << 2 | 3) | 1;

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
                return Visit(residual.Activation, Join(residual.Merge, main, Visit(residual.Shortcut, value)));
            case Branch branch:
                Visit(branch.Content, value);
                return value;
            default:
                return VisitLeaf(layer, value);
        }
    }

    int VisitLeaf(Layer layer, int value)
    {
        var index = _layers.Count;
        var (form, isConstant) = (_values[value].Form, _values[value].IsConstant);
        var shape = layer.OutputShape(_values[value].Shape);
        var factor = FactorOfLayer(index);
        var output = layer switch
        {
            Conv2d or BatchNorm or Dense or Scale { Constants: null } => Add(new(_values.Count, shape, false, ValueOrigin.Layer, value, -1, factor)),
            Relu => AddRelu(),
            Tap => value,
            Output => Give(),
            { ActsInTrainingAlone: true } when !_trains => value,
            MaxPool or AveragePool or GlobalAveragePool or Sigmoid or Flatten or Scale or { ActsInTrainingAlone: true } => Add(new(_values.Count, shape, isConstant, ValueOrigin.Layer, value, -1, factor)),
            ZeroPad => Add(new(FormOf(ValueOrigin.Pad, form, shape.GetHashCode()), shape, isConstant, ValueOrigin.Pad, value, -1, factor)),
            _ => throw new NotSupportedException($"The verifier does not know {layer}"),
        };
        _layers.Add(new(layer, value, output));
        return output;

        int Give()
        {
            _results.Add(value);
            return value;
        }

        int AddRelu()
        {
            var rectified = FormOf(ValueOrigin.Relu, form, 0);
            return Add(new(rectified, shape, isConstant, ValueOrigin.Relu, value, -1, FactorOfRelu(rectified)));
        }
    }

    int Join(Merge merge, int main, int shortcut)
    {
        var origin = merge switch
        {
            Merge.Sum => ValueOrigin.Sum,
            Merge.Product => ValueOrigin.Product,
            _ => throw new NotSupportedException($"The verifier does not know {merge}"),
        };
        var (left, right) = (_values[main], _values[shortcut]);
        var form = FormOf(origin, Math.Min(left.Form, right.Form), Math.Max(left.Form, right.Form));
        return Add(new(form, left.Shape, left.IsConstant && right.IsConstant, origin, main, shortcut, 1));
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

/// <summary>The origins of values.</summary>
enum ValueOrigin
{
    /// <summary>By a layer that yields a value of its own, or as the input.</summary>
    Layer,
    Relu,
    Pad,
    Sum,
    Product,
}

/// <summary>A layer between two values.</summary>
/// <param name="Layer">The layer; never a container.</param>
/// <param name="Input">The value that it reads.</param>
/// <param name="Output">The value that it yields; its input where it is the identity.</param>
readonly record struct LayerNode(Layer Layer, int Input, int Output);

/// <summary>The description of a value.</summary>
/// <param name="Form">The first value that is computed alike.</param>
/// <param name="Shape">Its shape per image.</param>
/// <param name="IsConstant">Whether no parameter has any influence on it, so that nothing needs its gradient.</param>
/// <param name="Origin">The origin.</param>
/// <param name="From">The value from which it is computed.</param>
/// <param name="And">The addend or the other factor; −1 if there is none.</param>
/// <param name="Factor">The symbol for its derivative by both; of a product, without the other factor.</param>
readonly record struct ValueForm(int Form, Shape Shape, bool IsConstant, ValueOrigin Origin, int From, int And, ulong Factor);
