using ResNet.Dsl;
using ResNet.Runtime.Cpu.Convolutions;
using ResNet.Runtime.Cpu.Convolutions.Choice;
using ResNet.Runtime.Cpu.Layers;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Cpu.Binding;

/// <summary>The gradients of a convolution or dense layer.</summary>
/// <param name="row">The layer.</param>
/// <param name="geometry">Sizes.</param>
/// <param name="parameters">The layer's parameters.</param>
/// <param name="input">The value that the layer read.</param>
/// <param name="gradient">The gradient of its result.</param>
/// <param name="target">The gradient of its input; null where none is needed.</param>
/// <param name="accumulate">Whether to add to what stands in the target.</param>
sealed class ConvolutionBackwardStep(
    LayerInstance row, ConvGeometry geometry, LayerParameters parameters, CpuValue input, CpuValue gradient, CpuValue? target, bool accumulate)
    : CpuStep(Operation.Of(row, OperationKind.WeightGradient), phases: target is null ? 2 : 4)
{
    // The weights come first: the target may take the input's place.
    const int SumWeights = 0, ReduceWeights = 1, PackWeights = 2;

    WeightGradient? _weights;
    InputGradient? _input;
    ChannelSums? _bias;

    public override ParameterTensor[] Gradients { get; } = parameters.Bias is { } bias ? [parameters.Weight, bias] : [parameters.Weight];

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

    public override unsafe void Run(CpuRun run, int phase, int part, int parts)
    {
        var (batch, by) = (run.Batch, run.Of(gradient));
        switch (phase)
        {
            case SumWeights:
                _weights!.Run(run.Of(input), by, run.GradientOf(parameters.Weight), run.Scratch, batch, part, parts);
                if (_bias is not null) BiasGradient.Run(by, _bias, batch, part);
                break;
            case ReduceWeights:
                _weights!.Reduce(run.Scratch, run.GradientOf(parameters.Weight), batch, part, parts);
                if (_bias is not null && part == 0) BiasGradient.Reduce(_bias, run.GradientOf(parameters.Bias!));
                break;
            case PackWeights:
                _input!.Pack(parameters.Weight.Read(), part, parts);
                break;
            default:
                _input!.Run(by, run.Of(target!), accumulate, run.Scratch, batch, part, parts);
                break;
        }
    }

    public override void Dispose() => _input?.Dispose();
}
