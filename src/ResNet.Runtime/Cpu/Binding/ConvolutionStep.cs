using ResNet.Runtime.Cpu.Convolutions;
using ResNet.Runtime.Cpu.Convolutions.Choice;
using ResNet.Runtime.Cpu.Layers;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Cpu.Binding;

/// <summary>A convolution, or a dense layer as a 1×1 convolution of 1×1 images, with what follows it.</summary>
/// <param name="operation">The operation.</param>
/// <param name="geometry">Sizes.</param>
/// <param name="weights">The layer's parameters.</param>
/// <param name="input">The value that it reads.</param>
/// <param name="output">The result.</param>
/// <param name="epilogue">The epilogue.</param>
/// <param name="packed">Lends packed weights; null where they change from run to run, as in training, and are packed each time.</param>
sealed class ConvolutionStep(
    Operation operation, ConvGeometry geometry, ConvolutionWeights weights, CpuValue input, CpuValue output, CpuEpilogue epilogue, PackedWeights? packed)
    : CpuStep(operation, phases: packed is null ? 2 : 1)
{
    Convolution? _convolution;

    /// <summary>The packed weights that other forward passes may share; null where they are packed each time.</summary>
    public PackedLayer? Packed { get; private set; }

    public override Operation OperationOf(int phase) => phase < Phases - 1
        ? base.OperationOf(phase) with { MultiplyAdds = 0 }
        : base.OperationOf(phase) with { Algorithm = _convolution!.Algorithm };

    public override void Prepare(ConvolutionChoice choice)
    {
        _convolution = choice.Make(Correlation.Forward(geometry), input.Layout);
        epilogue.Prepare();
        Packed = packed?.Lend(weights.Layer, weights.Norm, _convolution.Layout, _convolution.PackedLength);
        if (Packed is not null) _convolution.Share(Packed.Memory);
        if (Packed is not { IsPacked: true }) weights.Fold();
    }

    public override void Pack(int part, int parts)
    {
        if (Packed is { IsPacked: false }) PackWeights(part, parts);
    }

    public override void EndPacking() => Packed!.IsPacked = true;

    public override long PackedLength => packed is null ? _convolution!.PackedLength : 0;

    public override unsafe void PackInto(float* memory)
    {
        if (packed is null) _convolution!.PackInto(memory);
    }

    public override long ScratchLength(int batch, int parts) => _convolution!.ScratchLength(batch, parts);

    public override unsafe void Run(CpuRun run, int phase, int part, int parts)
    {
        if (phase < Phases - 1) PackWeights(part, parts);
        else _convolution!.Run(run.Of(input), run.Of(output), epilogue.For(run.Arena), run.Scratch, run.Batch, part, parts);
    }

    public override void Dispose()
    {
        _convolution?.Dispose();
        Packed?.Dispose();
        Packed = null;
        epilogue.Dispose();
    }

    void PackWeights(int part, int parts) => _convolution!.Pack(weights.Weight, weights.Scale, weights.Bias, part, parts);
}

/// <summary>An epilogue that is not fused into another operation.</summary>
sealed class ApplyStep(Operation operation, CpuValue input, CpuValue output, CpuEpilogue epilogue) : CpuStep(operation)
{
    public override void Prepare(ConvolutionChoice choice) => epilogue.Prepare();

    public override void Run(CpuRun run, int phase, int part, int parts) =>
        ElementWise.Apply(run.Of(input), run.Of(output), epilogue.For(run.Arena), run.Batch, part, parts);

    public override void Dispose() => epilogue.Dispose();
}
