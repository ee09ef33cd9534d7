using ResNet.Dsl;
using ResNet.Runtime.Execution;
using Then = ResNet.Runtime.Execution.Epilogue;

namespace ResNet.Runtime.Cpu.Binding;

/// <summary>
/// Notes the operations of a program and who reads which value; then fixes the layouts. A program is run with it once,
/// when a network is loaded.
/// </summary>
/// <param name="network">The network, whose layers the program names by their indices.</param>
/// <param name="parameters">Its parameters, as of now.</param>
sealed partial class Binder(Network network, Parameters parameters) : InferencePass
{
    /// <summary>A slot beside the program's own, for sums that may not stand in their result's place.</summary>
    const int Scratch = -1;

    readonly Dictionary<int, Value> _slots = [];
    readonly List<Value> _values = [];
    readonly List<Step[]> _operations = [];

    /// <summary>The images, as long as only convolutions read them: those take few channels without channel blocks.</summary>
    Value? _compact;

    /// <summary>Fixes the layouts and makes the operations ready to be packed.</summary>
    public BoundProgram Finish()
    {
        _compact?.MakeCompact();
        foreach (var value in _values) value.FixLayout();
        return new(_operations, _values);
    }

    public override void Input(int to)
    {
        var images = Write(to, network.Definition.Input);
        if (images.Shape.Channels < ActivationLayout.BlockLanes) _compact = images;
        Add(new SimpleStep((session, part, parts) => session.ReadInput(images, part, parts)));
    }

    public override void Conv(int layer, int from, int to, Then then = default)
    {
        // Sums that do not meet their addend in registers would overwrite it.
        var meetsInRegisters = then is { InnerRelu: false, StoreSlot: null, OuterNorm: null };
        if (then.Addend != to || meetsInRegisters)
            Add(BindConvolution(layer, from, to, then.InnerNorm, then.WithoutInnerNorm()));
        else
            Add(BindConvolution(layer, from, Scratch, then.InnerNorm, default), BindApply(Scratch, to, then.WithoutInnerNorm()));
    }

    public override void Dense(int layer, int from, int to)
    {
        var row = network.Layers[layer];
        var input = Read(from);
        var (output, epilogue) = WriteThrough(default, to, row.Output);
        var geometry = new ConvGeometry(row.Input.Channels, row.Output.Channels, 1, 1);
        Add(new ConvolutionStep(geometry, new(parameters, layer, norm: null), input, output, epilogue));
    }

    public override void MaxPool(int layer, int from, int to)
    {
        var pool = (MaxPool)network.Layers[layer].Layer;
        var geometry = new PoolGeometry(pool.Kernel, pool.Stride, pool.Padding);
        var (input, output) = (Read(from), Write(to, network.Layers[layer].Output));
        Add(new SimpleStep((session, part, parts) =>
            Pooling.Max(session.Of(input), session.Of(output), geometry, session.Batch, part, parts)));
    }

    public override void AveragePool(int layer, int from, int to)
    {
        var pool = (AveragePool)network.Layers[layer].Layer;
        var geometry = new PoolGeometry(pool.Kernel, pool.Stride, pool.Padding);
        var (input, output) = (Read(from), Write(to, network.Layers[layer].Output));
        Add(new SimpleStep((session, part, parts) =>
            Pooling.Average(session.Of(input), session.Of(output), geometry, session.Batch, part, parts)));
    }

    public override void GlobalAveragePool(int layer, int from, int to)
    {
        var (input, output) = (Read(from), Write(to, network.Layers[layer].Output));
        Add(new SimpleStep((session, part, parts) =>
            Pooling.GlobalAverage(session.Of(input), session.Of(output), session.Batch, part, parts)));
    }

    public override void Apply(int from, int to, Then then) => Add(BindApply(from, to, then));

    public override void ZeroPad(int layer, int from, int to)
    {
        var pad = (ZeroPad)network.Layers[layer].Layer;
        var (input, output) = (Read(from), Write(to, network.Layers[layer].Output));
        Add(new SimpleStep((session, part, parts) =>
            ElementWise.ZeroPad(session.Of(input), session.Of(output), pad.Stride, session.Batch, part, parts)));
    }

    public override void Tap(int layer, int from)
    {
        var value = Read(from);
        Add(new SimpleStep((session, part, parts) => session.Offer(layer, value, part, parts)));
    }

    public override void Output(int from)
    {
        var value = Read(from);
        Add(new SimpleStep((session, part, parts) => session.WriteOutput(value, part, parts)));
    }

    void Add(params Step[] operation) => _operations.Add(operation);

    ConvolutionStep BindConvolution(int layer, int from, int to, int? norm, Then then)
    {
        var row = network.Layers[layer];
        var conv = (Conv2d)row.Layer;
        var input = Read(from, byDenseConvolution: conv.Groups == 1);
        input.NeedHalo(conv.Padding);
        var geometry = new ConvGeometry(
            row.Input.Channels, conv.Channels, row.Input.Height, row.Input.Width,
            conv.Kernel, conv.Stride, conv.Padding, conv.Dilation, conv.Groups);
        var (output, epilogue) = WriteThrough(then, to, row.Output);
        return new(geometry, new(parameters, layer, norm), input, output, epilogue);
    }

    ApplyStep BindApply(int from, int to, Then then)
    {
        var input = Read(from);
        var (output, epilogue) = WriteThrough(then, to, input.Shape);
        return new(input, output, epilogue);
    }
}
