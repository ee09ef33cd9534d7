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
sealed class Binder(Network network, Parameters parameters) : InferencePass
{
    readonly SlotTable _slots = new();
    readonly List<Step[]> _operations = [];

    /// <summary>Fixes the layouts, chooses the algorithms and packs the parameters.</summary>
    /// <param name="workers">Who computes.</param>
    /// <param name="algorithm">How to convolve.</param>
    public BoundProgram Finish(CpuWorkers workers, ConvolutionAlgorithm algorithm)
    {
        var slotSizes = _slots.Finish();
        return new(_operations, slotSizes, workers, algorithm);
    }

    public override void Input(int to)
    {
        var images = _slots.WriteImages(to, network.Definition.Input);
        Add(new SimpleStep(new("input"), (session, part, parts) => session.ReadInput(images, part, parts)));
    }

    public override void Conv(int layer, int from, int to, Then then = default)
    {
        // Sums that do not meet their addend in registers would overwrite it.
        var meetsInRegisters = then is { InnerRelu: false, StoreSlot: null, OuterNorm: null };
        if (then.Addend != to || meetsInRegisters)
            Add(BindConvolution(layer, from, to, then.InnerNorm, then.WithoutInnerNorm()));
        else
            Add(BindConvolution(layer, from, SlotTable.Scratch, then.InnerNorm, default), BindApply(Operation.After(network.Layers[layer]), SlotTable.Scratch, to, then.WithoutInnerNorm()));
    }

    public override void Dense(int layer, int from, int to)
    {
        var row = network.Layers[layer];
        var input = _slots.Read(from);
        var (output, epilogue) = WriteThrough(default, to, row.Output);
        Add(new ConvolutionStep(Operation.Of(row), ConvGeometry.Of(row), new(parameters, layer, norm: null), input, output, epilogue));
    }

    public override void MaxPool(int layer, int from, int to)
    {
        var row = network.Layers[layer];
        var pool = (MaxPool)row.Layer;
        var geometry = new PoolGeometry(pool.Kernel, pool.Stride, pool.Padding);
        var (input, output) = (_slots.Read(from), _slots.Write(to, row.Output));
        Add(new SimpleStep(Operation.Of(row), (session, part, parts) =>
            Pooling.Max(session.Of(input), session.Of(output), geometry, session.Batch, part, parts)));
    }

    public override void AveragePool(int layer, int from, int to)
    {
        var row = network.Layers[layer];
        var pool = (AveragePool)row.Layer;
        var geometry = new PoolGeometry(pool.Kernel, pool.Stride, pool.Padding);
        var (input, output) = (_slots.Read(from), _slots.Write(to, row.Output));
        Add(new SimpleStep(Operation.Of(row), (session, part, parts) =>
            Pooling.Average(session.Of(input), session.Of(output), geometry, session.Batch, part, parts)));
    }

    public override void GlobalAveragePool(int layer, int from, int to)
    {
        var row = network.Layers[layer];
        var (input, output) = (_slots.Read(from), _slots.Write(to, row.Output));
        Add(new SimpleStep(Operation.Of(row), (session, part, parts) =>
            Pooling.GlobalAverage(session.Of(input), session.Of(output), session.Batch, part, parts)));
    }

    public override void Apply(int from, int to, Then then) => Add(BindApply(OperationOf(network, then), from, to, then));

    public override void ZeroPad(int layer, int from, int to)
    {
        var row = network.Layers[layer];
        var pad = (ZeroPad)row.Layer;
        var (input, output) = (_slots.Read(from), _slots.Write(to, row.Output));
        Add(new SimpleStep(Operation.Of(row), (session, part, parts) =>
            ElementWise.ZeroPad(session.Of(input), session.Of(output), pad.Stride, session.Batch, part, parts)));
    }

    public override void Tap(int layer, int from)
    {
        var value = _slots.Read(from);
        Add(new SimpleStep(Operation.Of(network.Layers[layer]), (session, part, parts) => session.Offer(layer, value, part, parts)));
    }

    public override void Sigmoid(int layer, int from, int to) => throw new NotSupportedException("The processor computes no sigmoids");

    public override void Flatten(int layer, int from, int to) => throw new NotSupportedException("The processor computes no flattened feature maps");

    public override void Multiply(int left, int right, int to) => throw new NotSupportedException("The processor computes no products");

    public override void Output(int output, int from)
    {
        if (output > 0) throw new NotSupportedException("The processor gives one output");
        var value = _slots.Read(from);
        Add(new SimpleStep(new("output"), (session, part, parts) => session.WriteOutput(value, part, parts)));
    }

    /// <summary>An epilogue by itself is known by its batch normalization, or else by what it does.</summary>
    public static Operation OperationOf(Network network, Then then) =>
        (then.InnerNorm ?? then.OuterNorm) is { } norm ? Operation.Of(network.Layers[norm]) : new(then.Addend is null ? "ReLU" : "addition");

    void Add(params Step[] operation) => _operations.Add(operation);

    ConvolutionStep BindConvolution(int layer, int from, int to, int? norm, Then then)
    {
        var row = network.Layers[layer];
        var conv = (Conv2d)row.Layer;
        var input = _slots.Read(from, byDenseConvolution: conv.Groups == 1);
        input.NeedHalo(conv.Padding);
        var (output, epilogue) = WriteThrough(then, to, row.Output);
        return new(Operation.Of(row), ConvGeometry.Of(row), new(parameters, layer, norm), input, output, epilogue);
    }

    ApplyStep BindApply(Operation operation, int from, int to, Then then)
    {
        var input = _slots.Read(from);
        var (output, epilogue) = WriteThrough(then, to, input.Shape);
        return new(operation, input, output, epilogue);
    }

    (Value Output, BoundEpilogue Epilogue) WriteThrough(Then then, int to, Shape shape)
    {
        var (output, addend, raw) = _slots.WriteThrough(then, to, shape);
        return (output, new(parameters, then, addend, raw));
    }
}
