using ILGPU;
using ResNet.Dsl;
using ResNet.Runtime.Cpu;
using ResNet.Runtime.Cpu.Binding;
using ResNet.Runtime.Execution;
using ResNet.Runtime.Gpu.Kernels;
using ResNet.Runtime.Initialization;
using ElementWise = ResNet.Runtime.Gpu.Kernels.ElementWise;
using Then = ResNet.Runtime.Execution.Epilogue;

namespace ResNet.Runtime.Gpu.Binding;

/// <summary>Notes the operations of a training step; the parameters are read anew by each.</summary>
/// <param name="backend">The device.</param>
/// <param name="network">The network.</param>
/// <param name="parameters">Its parameters.</param>
/// <param name="values">The parameters in the device's memory.</param>
/// <param name="session">What differs from step to step.</param>
/// <param name="seed">Seed of dropout.</param>
sealed partial class TrainingBinder(
    IlgpuBackend backend, Network network, Parameters parameters, DeviceParameters values, GpuTrainingSession session, ulong seed) : TrainingPass, IDisposable
{
    readonly Slots _slots = new();
    readonly Dictionary<int, NormLauncher> _norms = [];

    public List<Step> Steps { get; } = [];

    /// <summary>Values per image of each slot.</summary>
    public long[] SlotSizes => _slots.Sizes;

    /// <summary>Shape of what stands in a slot as the program has come so far.</summary>
    public Shape ShapeIn(int slot) => _slots[slot];

    public override void Input(int to)
    {
        _slots.Write(to, network.Definition.Input);
        Steps.Add(Shared.Input(backend, to, network.Definition.Input));
    }

    public override void Conv(int layer, int from, int to)
    {
        var row = network.Layers[layer];
        var launcher = ConvolutionLauncher.Of(backend, row);
        var weights = values.Values(parameters[layer, ParameterKind.Weight]);
        var bias = parameters.TryGet(layer, ParameterKind.Bias, out var tensor) ? tensor : null;
        _slots.Write(to, row.Output);
        // Weights change with every step, and are packed where they are needed.
        Steps.Add(new(
            Operation.Of(row),
            w =>
            {
                launcher.Pack(weights, w.Scratch);
                var epilogue = Epilogues.Plain(w[to], row.Output);
                if (bias is not null)
                {
                    epilogue.InnerShift = values.Values(bias);
                    epilogue.Steps |= EpilogueSteps.InnerShift;
                }
                launcher.Forward(w.Batch, w[from], w.Scratch, epilogue, isAligned: bias is null || bias.Offset % 4 == 0);
            },
            _ => launcher.PackedLength,
            launcher.ForwardAlgorithm));
    }

    public override void Dense(int layer, int from, int to) => Conv(layer, from, to);

    public override void Norm(int layer, int from, int to, Then then = default)
    {
        if (network.Layers[layer].Layer is not BatchNorm { Frozen: false } and var kind) throw new NotSupportedException($"The device does not train {kind}");
        var row = network.Layers[layer];
        // A second pass through the layer only computes its result again.
        var isFirst = !_norms.TryGetValue(layer, out var norm);
        if (isFirst) _norms.Add(layer, norm = new(backend, row, values, parameters));
        Steps.Add(new(Operation.Of(row), w => norm!.Measure(w, w[from], movesRunning: isFirst), norm!.ScratchLength));
        AddApply(Operation.Of(row), from, to, then, norm);
    }

    public override void Apply(int from, int to, Then then) => AddApply(Binder.OperationOf(network, then), from, to, then, norm: null);

    public override void Transform(int layer, int from, int to)
    {
        var row = network.Layers[layer];
        _slots.Write(to, row.Output);
        Steps.Add(Shared.Transform(backend, row, from, to) ?? Drop(Operation.Of(row), row, from, to, accumulate: false));
    }

    public override void Multiply(int left, int right, int to, bool accumulate = false) =>
        throw new NotSupportedException("The device computes no products");

    public override void Loss(int output, int from, int to)
    {
        if (output > 0) throw new NotSupportedException("The device trains by one output");
        var classes = _slots[from].Channels;
        _slots.Write(to, _slots[from]);
        var kernel = backend.Kernel<CrossEntropy.Loss>(CrossEntropy.Run);
        Steps.Add(new(new("loss"), w => kernel((w.Batch, backend.Threads), new()
        {
            Logits = w[from],
            Gradient = w[to],
            Labels = session.Labels,
            Results = session.Results,
            Classes = classes,
            Batch = w.Batch,
            Smoothing = session.Smoothing,
        })));
    }

    public void Dispose()
    {
        foreach (var norm in _norms.Values) norm.Dispose();
    }

    void AddApply(Operation operation, int from, int to, Then then, NormLauncher? norm)
    {
        var shape = _slots[from];
        var addend = then.Addend is { } slot ? _slots[slot] : (Shape?)null;
        _slots.Write(to, shape);
        var kernel = backend.PerValue<ElementWise.Applying>(ElementWise.Apply);
        Steps.Add(new(operation, w =>
        {
            var epilogue = Epilogues.Of(then, w, to, shape, addend);
            if (norm is not null)
            {
                (epilogue.InnerScale, epilogue.InnerShift) = (norm.Scale, norm.Shift);
                epilogue.Steps |= EpilogueSteps.InnerScale | EpilogueSteps.InnerShift;
            }
            Shared.Each(w, shape, count => kernel(count, new() { Input = w[from], Epilogue = epilogue, Images = Shared.Images(shape), Count = count }));
        }));
    }

    Step Drop(Operation operation, LayerInstance row, int from, int to, bool accumulate)
    {
        var layer = (Dropout)row.Layer;
        var key = new CounterRandom(seed, row.Name).Key;
        var kernel = backend.PerValue<ElementWise.Dropping>(ElementWise.Dropout);
        return new(operation, w => Shared.Each(w, row.Input, count => kernel(count, new()
        {
            From = w[from],
            To = w[to],
            Images = Shared.Images(row.Input),
            Count = count,
            Key = key,
            Step = session.Step,
            Threshold = (ulong)Math.Ceiling(layer.Rate * (1L << 53)),
            Growth = (float)(1 / (1 - layer.Rate)),
            Accumulate = accumulate ? 1 : 0,
        })));
    }
}
