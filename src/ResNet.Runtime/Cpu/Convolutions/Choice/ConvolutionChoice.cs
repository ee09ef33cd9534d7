using ResNet.Runtime.Cpu.Convolutions.Direct;
using ResNet.Runtime.Cpu.Convolutions.Tiles;
using ResNet.Runtime.Cpu.Convolutions.Winograd;
using ResNet.Runtime.Cpu.Memory;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Cpu.Convolutions.Choice;

/// <summary>Makes convolutions ready by the algorithm that is asked for, or that is expected to be fastest.</summary>
/// <param name="Algorithm">The user's choice.</param>
/// <param name="Batch">Images that are computed together.</param>
/// <param name="Parts">Number of parts of the work.</param>
readonly record struct ConvolutionChoice(ConvolutionAlgorithm Algorithm, int Batch, int Parts)
{
    /// <summary>Whether the weights are packed anew for each batch, as in training.</summary>
    public bool PacksEachTime { get; init; }

    /// <summary>The instruction set; the processor's best where null.</summary>
    public TileSet? Tiles { get; init; }

    /// <summary>Makes one ready.</summary>
    /// <param name="correlation">The computation.</param>
    /// <param name="input">The layout of what is read.</param>
    public Convolution Make(in Correlation correlation, in ActivationLayout input)
    {
        var filters = WinogradConvolution.Suits(correlation) ? Filters : [];
        Convolution? best = filters is [_] ? null : new DirectConvolution(correlation, input, Tiles);
        foreach (var filter in filters)
        {
            Convolution other = new WinogradConvolution(correlation, input, filter, Tiles);
            if (best is null || Cycles(other) < Cycles(best)) (best, other) = (other, best!);
            other?.Dispose();
        }
        return best!;
    }

    /// <summary>Makes a weight gradient ready.</summary>
    /// <param name="geometry">Sizes of the convolution.</param>
    /// <param name="input">The layout of its input.</param>
    public WeightGradient MakeWeightGradient(in ConvGeometry geometry, in ActivationLayout input)
    {
        var filters = WinogradConvolution.Suits(Correlation.Forward(geometry)) ? Filters : [];
        WeightGradient? best = filters is [_] ? null : new DirectWeightGradient(geometry, input, Kernel);
        foreach (var filter in filters)
        {
            var other = new WinogradWeightGradient(geometry, input, filter, Kernel);
            if (best is null || other.Cycles(Batch, Parts) < best.Cycles(Batch, Parts)) best = other;
        }
        return best!;
    }

    WeightGradientKernel? Kernel => Tiles is null ? null : WeightGradientKernel.Of(Tiles);

    /// <summary>The minimal filters to consider: a single one that is asked for, or all, beside direct convolution.</summary>
    MinimalFilter[] Filters => Algorithm switch
    {
        ConvolutionAlgorithm.Direct => [],
        ConvolutionAlgorithm.Winograd2x2 => [MinimalFilter.Two],
        ConvolutionAlgorithm.Winograd4x4 => [MinimalFilter.Four],
        _ => [MinimalFilter.Two, MinimalFilter.Four],
    };

    double Cycles(Convolution convolution) =>
        convolution.Cycles(Batch, Parts) + (PacksEachTime ? convolution.PackingCycles / Parts : 0);
}
