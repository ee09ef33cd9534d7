using ResNet.Dsl;
using ResNet.Runtime.Cpu.Convolutions;
using ResNet.Runtime.Cpu.Convolutions.Choice;
using ResNet.Runtime.Cpu.Layers;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Cpu.Binding.Training;

/// <summary>A convolution or dense layer with its own weights, packed anew for every step.</summary>
sealed class ConvolutionForwardStep(Operation operation, ConvGeometry geometry, LayerParameters parameters, Value input, Value output)
    : TrainingStep(operation, phases: 2)
{
    const int PackWeights = 0;

    Convolution? _convolution;

    public override Operation OperationOf(int phase) => phase == PackWeights
        ? base.OperationOf(phase) with { MultiplyAdds = 0 }
        : base.OperationOf(phase) with { Algorithm = _convolution!.Algorithm };

    public override void Prepare(ConvolutionChoice choice) => _convolution = choice.Make(Correlation.Forward(geometry), input.Layout);

    public override long PackedLength => _convolution!.PackedLength;

    public override unsafe void PackInto(float* memory) => _convolution!.PackInto(memory);

    public override long ScratchLength(int batch, int parts) => _convolution!.ScratchLength(batch, parts);

    public override unsafe void Run(CpuTrainingSession session, int phase, int part, int parts)
    {
        if (phase == PackWeights) _convolution!.Pack(parameters.Weight.Values, scale: [], parameters.BiasValues, part, parts);
        else _convolution!.Run(session.Of(input), session.Of(output), new(), session.Scratch, session.Batch, part, parts);
    }

    public override void Dispose() => _convolution?.Dispose();
}

/// <summary>The gradients of a convolution or dense layer.</summary>
/// <param name="row">The layer.</param>
/// <param name="geometry">Sizes.</param>
/// <param name="parameters">The layer's parameters.</param>
/// <param name="input">What the layer read.</param>
/// <param name="gradient">The gradient of its result.</param>
/// <param name="target">The gradient of its input; null if nobody needs it.</param>
/// <param name="accumulate">Whether to add to what stands in the target.</param>
sealed class ConvolutionBackwardStep(
    LayerInstance row, ConvGeometry geometry, LayerParameters parameters, Value input, Value gradient, Value? target, bool accumulate)
    : TrainingStep(Operation.Of(row, OperationKind.WeightGradient), phases: target is null ? 2 : 4)
{
    // The weights come first: the target may take the input's place.
    const int SumWeights = 0, ReduceWeights = 1, PackWeights = 2;

    WeightGradient? _weights;
    InputGradient? _input;
    ChannelSums? _bias;

    public override Operation OperationOf(int phase) => phase switch
    {
        SumWeights => base.OperationOf(phase) with { Algorithm = _weights!.Algorithm },
        ReduceWeights => base.OperationOf(phase) with { MultiplyAdds = 0 },
        PackWeights => Operation.Of(row, OperationKind.InputGradient) with { MultiplyAdds = 0 },
        _ => Operation.Of(row, OperationKind.InputGradient) with { Algorithm = _input!.Algorithm },
    };

    public override void Prepare(ConvolutionChoice choice)
    {
        _weights = choice.MakeWeightGradient(geometry, input.Layout);
        if (target is not null) _input = new(geometry, gradient.Layout, choice);
        if (parameters.Bias is not null) _bias = new(gradient.Layout.Blocks, choice.Parts);
    }

    public override long PackedLength => _input?.PackedLength ?? 0;

    public override unsafe void PackInto(float* memory) => _input?.PackInto(memory);

    public override long ScratchLength(int batch, int parts) =>
        Math.Max(_weights!.ScratchLength(batch, parts), _input?.ScratchLength(batch, parts) ?? 0);

    public override unsafe void Run(CpuTrainingSession session, int phase, int part, int parts)
    {
        var (batch, by) = (session.Batch, session.Of(gradient));
        switch (phase)
        {
            case SumWeights:
                _weights!.Run(session.Of(input), by, session.GradientOf(parameters.Weight), session.Scratch, batch, part, parts);
                if (_bias is not null) BiasGradient.Run(by, _bias, batch, part);
                break;
            case ReduceWeights:
                _weights!.Reduce(session.Scratch, session.GradientOf(parameters.Weight), batch, part, parts);
                if (_bias is not null && part == 0) BiasGradient.Reduce(_bias, session.GradientOf(parameters.Bias!));
                break;
            case PackWeights:
                _input!.Pack(parameters.Weight.Values, part, parts);
                break;
            default:
                _input!.Run(by, session.Of(target!), accumulate, session.Scratch, batch, part, parts);
                break;
        }
    }

    public override void Dispose() => _input?.Dispose();
}
