using ResNet.Dsl;
using ResNet.Runtime.Cpu.Layers;
using ResNet.Runtime.Devices;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Cpu.Binding;

/// <summary>Maps the operations of a program to kernels.</summary>
/// <param name="program">The program.</param>
/// <param name="parameters">The parameters of the network.</param>
/// <param name="parts">Number of parts into which each phase is cut.</param>
sealed partial class CpuBinder(BoundProgram program, Parameters parameters, int parts)
{
    readonly Dictionary<int, CpuNorm> _norms = [];
    readonly CpuValues _values = new(program);

    /// <summary>The losses of a training step, whose weights change from run to run; null for a forward pass.</summary>
    public AttachedLosses? Losses { get; init; }

    /// <summary>Lends packed weights to a forward pass; null for a training step, which packs them each time.</summary>
    public PackedWeights? Packed { get; init; }

    /// <summary>Seed of what layers drop.</summary>
    public ulong Seed { get; init; }

    public BoundProgram Program => program;

    public CpuValues Values => _values;

    /// <summary>The layers that are a factor and a shift per channel, which forward and backward steps share.</summary>
    public IReadOnlyCollection<CpuNorm> Norms => _norms.Values;

    /// <summary>The steps in the order of execution.</summary>
    public IEnumerable<CpuStep> Steps => program.Operations.SelectMany(Bind);

    IEnumerable<CpuStep> Bind(BoundOperation operation) => operation switch
    {
        Convolve convolve => Bind(convolve),
        ReadInput input => [Step(input, Input(_values[input.Output]))],
        Normalize normalize => [Bind(normalize)],
        ApplyEpilogue apply => [new ApplyStep(apply.Operation, _values[apply.Input], _values[apply.Output], Epilogue(apply.Then))],
        Transform transform => [Step(transform, Forward(transform.Row, _values[transform.Input], _values[transform.Output]))],
        OfferTap tap => [Step(tap, Tap(tap.Key, _values[tap.Value]))],
        MultiplyValues product => [Step(product, Multiply(product))],
        WriteOutput output => [Step(output, Output(output))],
        EvaluateLoss loss => [Bind(loss)],
        ConvolveBackward convolve => [Bind(convolve)],
        NormalizeBackward normalize => [Bind(normalize)],
        RectifyBackward rectify => [Step(rectify, Backward(rectify))],
        TransformBackward transform => [Step(transform, Backward(transform))],
        PassGradient pass => [Step(pass, Backward(pass))],
        _ => throw new NotSupportedException($"The processor has no kernel for {operation}"),
    };

    static SimpleStep Step(BoundOperation operation, CpuKernel kernel) => new(operation.Operation, kernel);

    IEnumerable<CpuStep> Bind(Convolve convolve)
    {
        var then = convolve.Then;
        var weights = new ConvolutionWeights(parameters, convolve.Row.Index, then.InnerNorm);
        var (input, output) = (_values[convolve.Input], _values[convolve.Output]);
        // Sums that do not meet their addend in registers would overwrite it.
        var meetsInRegisters = then is { InnerRelu: false, Stored: null, OuterNorm: null };
        if (then.Addend?.Slot != convolve.Output.Slot || meetsInRegisters)
            return [Convolution(output, then.WithoutInnerNorm())];
        var sums = _values.AddLike(output);
        return [Convolution(sums, BoundEpilogue.None), new ApplyStep(Operation.After(convolve.Row), sums, output, Epilogue(then.WithoutInnerNorm()))];

        ConvolutionStep Convolution(CpuValue to, BoundEpilogue epilogue) =>
            new(convolve.Operation, convolve.Geometry, weights, input, to, Epilogue(epilogue), Packed);
    }

    NormForwardStep Bind(Normalize normalize)
    {
        var row = normalize.Row;
        if (!normalize.Again) _norms.Add(row.Index, CpuNorm.Of(row, parameters, parts));
        return new(_norms[row.Index], _values[normalize.Input], _values[normalize.Output], Epilogue(normalize.Then), normalize.Again);
    }

    CpuKernel Forward(LayerInstance row, CpuValue input, CpuValue output) => row.Layer switch
    {
        MaxPool pool => (run, part, parts) => Pooling.Max(run.Of(input), run.Of(output), new(pool.Kernel, pool.Stride, pool.Padding), run.Batch, part, parts),
        AveragePool pool => (run, part, parts) => Pooling.Average(run.Of(input), run.Of(output), new(pool.Kernel, pool.Stride, pool.Padding), run.Batch, part, parts),
        GlobalAveragePool => (run, part, parts) => Pooling.GlobalAverage(run.Of(input), run.Of(output), run.Batch, part, parts),
        ZeroPad pad => (run, part, parts) => ElementWise.ZeroPad(run.Of(input), run.Of(output), pad.Stride, run.Batch, part, parts),
        Sigmoid => (run, part, parts) => Logistic.Forward(run.Of(input), run.Of(output), run.Batch, part, parts),
        Flatten => (run, part, parts) => Flattening.Forward(run.Of(input), run.Of(output), run.Batch, part, parts),
        { ActsInTrainingAlone: true } => Drop(row, input, output, accumulate: false),
        _ => throw new NotSupportedException($"The processor has no kernel for {row.Layer}"),
    };

    static CpuKernel Input(CpuValue images) => (run, part, parts) => run.ReadInput(images, part, parts);

    CpuKernel Output(WriteOutput output)
    {
        var (result, before) = (_values[output.Value], program.Outputs.Take(output.Output).Sum(other => other.Shape.Elements));
        return (run, part, parts) => run.WriteOutput(result, before, part, parts);
    }

    CpuKernel Multiply(MultiplyValues product)
    {
        var (left, right, to, accumulate) = (_values[product.Left], _values[product.Right], _values[product.Output], product.Accumulate);
        return (run, part, parts) => Multiplication.Run(run.Of(left), run.Of(right), run.Of(to), accumulate, run.Batch, part, parts);
    }

    static CpuKernel Tap(int key, CpuValue value) => (run, part, parts) => run.Offer(key, value, part, parts);

    CpuEpilogue Epilogue(BoundEpilogue then) => new(
        parameters, then, then.Addend is { } addend ? _values[addend] : null, then.Stored is { } stored ? _values[stored] : null);
}
