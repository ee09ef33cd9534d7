using System.Globalization;
using ResNet.Dsl;
using ResNet.Runtime.Cpu.Binding;
using ResNet.Runtime.Programs;

namespace ResNet.Generators.Tests.Planning;

/// <summary>
/// Executes generated code on expressions instead of numbers, one per slot, and holds it to the rules of
/// <see cref="InferencePass"/>: which slots may coincide, and that shapes are what each layer expects.
/// </summary>
sealed class SymbolicPass(NetworkDefinition network, Expressions expressions) : InferencePass
{
    readonly IReadOnlyList<LayerInstance> _layers = network.Layers();
    readonly Dictionary<int, (int Value, Shape Shape)> _slots = [];

    /// <summary>The most elements that each slot held.</summary>
    public Dictionary<int, long> SlotSizes { get; } = [];

    public Dictionary<int, int> Taps { get; } = [];

    /// <summary>The values of the outputs, in order.</summary>
    public List<int> Outputs { get; } = [];

    /// <summary>Names of the operations, in order.</summary>
    public List<string> Operations { get; } = [];

    public override void Input(int to)
    {
        Operations.Add(nameof(Input));
        Write(to, expressions.Input, network.Input);
    }

    public override void Conv(int layer, int from, int to, Epilogue then = default) =>
        Finish(nameof(Conv), expressions.Conv(layer, Read(layer, from, typeof(Conv2d))), _layers[layer].Output, from, to, then);

    public override void Dense(int layer, int from, int to) => Layer(nameof(Dense), typeof(Dense), layer, from, to);

    public override void MaxPool(int layer, int from, int to) => Layer(nameof(MaxPool), typeof(MaxPool), layer, from, to);

    public override void AveragePool(int layer, int from, int to) => Layer(nameof(AveragePool), typeof(AveragePool), layer, from, to);

    public override void GlobalAveragePool(int layer, int from, int to) => Layer(nameof(GlobalAveragePool), typeof(GlobalAveragePool), layer, from, to);

    public override void Apply(int from, int to, Epilogue then)
    {
        var (value, shape) = Read(from);
        Finish(nameof(Apply), value, shape, from, to, then);
    }

    public override void ZeroPad(int layer, int from, int to)
    {
        var pad = Assert.IsType<ZeroPad>(_layers[layer].Layer);
        Finish(nameof(ZeroPad), expressions.Pad(pad.Channels, pad.Stride, Read(layer, from, typeof(ZeroPad))), _layers[layer].Output, from, to, default);
    }

    public override void Tap(int layer, int from)
    {
        Operations.Add(nameof(Tap));
        Taps.Add(layer, Read(layer, from, typeof(Tap)));
    }

    public override void Sigmoid(int layer, int from, int to) => Layer(nameof(Sigmoid), typeof(Sigmoid), layer, from, to);

    public override void Flatten(int layer, int from, int to) => Layer(nameof(Flatten), typeof(Flatten), layer, from, to);

    public override void Multiply(int left, int right, int to)
    {
        var ((value, shape), (other, otherShape)) = (Read(left), Read(right));
        Assert.Equal(shape, otherShape);
        Assert.NotEqual(right, to);
        Finish(nameof(Multiply), expressions.Multiply(value, other), shape, left, to, default);
    }

    public override void Output(int output, int from)
    {
        Operations.Add(nameof(Output));
        Assert.Equal(Outputs.Count, output);
        var (value, shape) = Read(from);
        Assert.Equal(network.Outputs[output].Shape, shape);
        Outputs.Add(value);
    }

    void Layer(string operation, Type type, int layer, int from, int to) =>
        Finish(operation, expressions.Function(type.Name + layer.ToString(CultureInfo.InvariantCulture), Read(layer, from, type)), _layers[layer].Output, from, to, default);

    void Finish(string operation, int value, Shape shape, int from, int to, Epilogue then)
    {
        Operations.Add(operation);
        Assert.NotEqual(from, to);
        if (then.InnerNorm is { } inner) value = Norm(inner, value, shape);
        if (then.InnerRelu) value = expressions.Relu(value);
        if (then.Addend is { } addend)
        {
            var (other, otherShape) = Read(addend);
            if (then.PadsAddend)
            {
                Assert.NotEqual(addend, to);
                Assert.NotEqual(addend, then.StoreSlot);
                var stride = Math.Max((otherShape.Height + shape.Height - 1) / shape.Height, (otherShape.Width + shape.Width - 1) / shape.Width);
                Assert.Equal(shape, ShapeInference(new ZeroPad("", shape.Channels, stride), otherShape));
                other = expressions.Pad(shape.Channels, stride, other);
            }
            else
            {
                Assert.Equal(shape, otherShape);
            }
            value = expressions.Add(value, other);
        }
        if (then.StoreSlot is { } store)
        {
            Assert.NotEqual(from, store);
            Assert.NotEqual(to, store);
            Write(store, value, shape);
        }
        if (then.OuterNorm is { } outer) value = Norm(outer, value, shape);
        if (then.OuterRelu) value = expressions.Relu(value);
        Write(to, value, shape);
    }

    int Norm(int layer, int value, Shape shape)
    {
        Assert.True(_layers[layer].Layer is BatchNorm or Scale);
        Assert.Equal(_layers[layer].Input, shape);
        return expressions.Norm(layer, value);
    }

    /// <summary>The output of a layer, as a network that consists of it has it.</summary>
    static Shape ShapeInference(Layer layer, Shape input) => new NetworkDefinition("", input, new("", new([layer]))).Output;

    int Read(int layer, int slot, Type type)
    {
        Assert.IsType(type, _layers[layer].Layer);
        var (value, shape) = Read(slot);
        Assert.Equal(_layers[layer].Input, shape);
        return value;
    }

    (int Value, Shape Shape) Read(int slot)
    {
        Assert.True(_slots.TryGetValue(slot, out var held), $"Slot {slot} is read before it is written");
        return held;
    }

    void Write(int slot, int value, Shape shape)
    {
        _slots[slot] = (value, shape);
        SlotSizes[slot] = Math.Max(SlotSizes.GetValueOrDefault(slot), shape.Elements);
    }
}
