using ResNet.Dsl;
using ResNet.Runtime.Execution;
using Then = ResNet.Runtime.Execution.Epilogue;

namespace ResNet.Runtime.Cpu.Binding.Training;

/// <summary>
/// Notes the operations of a training program and who reads which value; then fixes the layouts. A program is run with it
/// once, when a session is created.
/// </summary>
/// <param name="network">The network, whose layers the program names by their indices.</param>
/// <param name="parameters">Its parameters.</param>
/// <param name="parts">Into how many parts every operation is cut.</param>
/// <param name="seed">Seed of dropout.</param>
sealed partial class CpuTrainingBinder(Network network, Parameters parameters, int parts, ulong seed) : TrainingPass
{
    readonly SlotTable _slots = new();
    readonly List<TrainingStep> _steps = [];
    readonly Dictionary<int, BoundNorm> _norms = [];

    /// <summary>
    /// The batch for which the algorithms are chosen, whatever batch will come: a run that is resumed must go on with the same
    /// ones, to the same bits.
    /// </summary>
    const int TypicalBatch = 16;

    /// <summary>Fixes the layouts and chooses the algorithms.</summary>
    public TrainingProgram Finish(ConvolutionAlgorithm algorithm)
    {
        var slotSizes = _slots.Finish();
        return new(_steps, [.. _norms.Values], slotSizes, new(algorithm, TypicalBatch, parts) { PacksEachTime = true });
    }

    /// <summary>The value that a slot holds now, for who wants to look at it between operations.</summary>
    public Value ValueIn(int slot) => _slots.Read(slot);

    public override void Input(int to)
    {
        var images = _slots.WriteImages(to, network.Definition.Input);
        Add(new("input"), (session, part, parts) => session.ReadInput(images, part, parts));
    }

    public override void Conv(int layer, int from, int to)
    {
        var row = network.Layers[layer];
        var conv = (Conv2d)row.Layer;
        var input = _slots.Read(from, byDenseConvolution: conv.Groups == 1);
        input.NeedHalo(conv.Padding);
        _steps.Add(new ConvolutionForwardStep(Operation.Of(row), ConvGeometry.Of(row), new(parameters, layer), input, _slots.Write(to, row.Output)));
    }

    public override void Norm(int layer, int from, int to, Then then = default)
    {
        if (network.Layers[layer].Layer is not BatchNorm { Frozen: false } and var kind) throw new NotSupportedException($"The processor does not train {kind}");
        var input = _slots.Read(from);
        var (output, epilogue) = WriteThrough(then, to, input.Shape);
        var again = _norms.TryGetValue(layer, out var norm);
        if (!again) _norms.Add(layer, norm = new(network.Layers[layer], new(parameters, layer), parts));
        _steps.Add(new NormForwardStep(norm!, input, output, epilogue, again));
    }

    public override void Apply(int from, int to, Then then)
    {
        var input = _slots.Read(from);
        var (output, epilogue) = WriteThrough(then, to, input.Shape);
        _steps.Add(new ApplyTrainingStep(Binder.OperationOf(network, then), input, output, epilogue));
    }

    public override void Dense(int layer, int from, int to)
    {
        var row = network.Layers[layer];
        _steps.Add(new ConvolutionForwardStep(Operation.Of(row), ConvGeometry.Of(row), new(parameters, layer), _slots.Read(from), _slots.Write(to, row.Output)));
    }

    public override void Transform(int layer, int from, int to)
    {
        var row = network.Layers[layer];
        var (input, output) = (_slots.Read(from), _slots.Write(to, row.Output));
        Add(Operation.Of(row), row.Layer switch
        {
            MaxPool pool => (session, part, parts) =>
                Pooling.Max(session.Of(input), session.Of(output), new(pool.Kernel, pool.Stride, pool.Padding), session.Batch, part, parts),
            AveragePool pool => (session, part, parts) =>
                Pooling.Average(session.Of(input), session.Of(output), new(pool.Kernel, pool.Stride, pool.Padding), session.Batch, part, parts),
            GlobalAveragePool => (session, part, parts) =>
                Pooling.GlobalAverage(session.Of(input), session.Of(output), session.Batch, part, parts),
            ZeroPad pad => (session, part, parts) =>
                ElementWise.ZeroPad(session.Of(input), session.Of(output), pad.Stride, session.Batch, part, parts),
            Dropout drop => Drop(row, drop, input, output, accumulate: false),
            _ => throw Unknown(row),
        });
    }

    public override void Multiply(int left, int right, int to, bool accumulate = false) =>
        throw new NotSupportedException("The processor computes no products");

    public override void Loss(int output, int from, int to)
    {
        if (output > 0) throw new NotSupportedException("The processor trains by one output");
        var scores = _slots.Read(from);
        var gradient = _slots.Write(to, scores.Shape);
        Add(new("loss"), (session, part, parts) => session.EvaluateLoss(scores, gradient, part, parts));
    }

    void Add(Operation operation, Action<CpuTrainingSession, int, int> run) => _steps.Add(new SimpleTrainingStep(operation, run));

    (Value Output, BoundEpilogue Epilogue) WriteThrough(Then then, int to, Shape shape)
    {
        var (output, addend, raw) = _slots.WriteThrough(then, to, shape);
        return (output, new(parameters, then, addend, raw));
    }

    static NotSupportedException Unknown(LayerInstance row) => new($"Nothing is known to transform by the layer {row.Layer}");
}
