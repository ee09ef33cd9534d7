using ResNet.Runtime.Cpu.Convolutions;
using ResNet.Runtime.Cpu.Convolutions.Choice;
using ResNet.Runtime.Cpu.Layers;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Cpu.Binding;

/// <summary>A convolution, or a dense layer as a 1×1 convolution of 1×1 images, with what follows it.</summary>
sealed class ConvolutionStep(
    Operation operation, ConvGeometry geometry, ConvolutionWeights weights, Value input, Value output, BoundEpilogue epilogue) : Step(operation)
{
    Convolution? _packed;

    protected override string Algorithm => _packed!.Algorithm;

    public override void Prepare(ConvolutionChoice choice)
    {
        _packed = choice.Make(Correlation.Forward(geometry), input.Layout);
        weights.Fold();
        epilogue.Prepare(output.Shape);
    }

    public override void Pack(int part, int parts) => _packed!.Pack(weights.Weight, weights.Scale, weights.Bias, part, parts);

    public override long ScratchLength(int batch, int parts) => _packed!.ScratchLength(batch, parts);

    public override unsafe void Run(CpuExecution session, int part, int parts) =>
        _packed!.Run(session.Of(input), session.Of(output), epilogue.For(session.Arena), session.Scratch, session.Batch, part, parts);

    public override void Dispose()
    {
        _packed?.Dispose();
        epilogue.Dispose();
    }
}

/// <summary>An epilogue by itself.</summary>
sealed class ApplyStep(Operation operation, Value input, Value output, BoundEpilogue epilogue) : Step(operation)
{
    public override void Prepare(ConvolutionChoice choice) => epilogue.Prepare(output.Shape);

    public override void Run(CpuExecution session, int part, int parts) =>
        ElementWise.Apply(session.Of(input), session.Of(output), epilogue.For(session.Arena), session.Batch, part, parts);

    public override void Dispose() => epilogue.Dispose();
}
