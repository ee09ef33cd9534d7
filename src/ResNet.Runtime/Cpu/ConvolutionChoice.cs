using ResNet.Runtime.Cpu.Winograd;

namespace ResNet.Runtime.Cpu;

/// <summary>Makes a convolution ready by the algorithm that is asked for, or that is expected to be fastest.</summary>
/// <param name="Algorithm">What the user asks for.</param>
/// <param name="Batch">Images that are computed together.</param>
/// <param name="Parts">Into how many parts the work is cut.</param>
readonly record struct ConvolutionChoice(ConvolutionAlgorithm Algorithm, int Batch, int Parts)
{
    /// <param name="geometry">Sizes.</param>
    /// <param name="input">The layout of what is read.</param>
    public Convolution Make(in ConvGeometry geometry, in ActivationLayout input)
    {
        if (!WinogradConvolution.Suits(geometry)) return new PackedConvolution(geometry, input);
        switch (Algorithm)
        {
            case ConvolutionAlgorithm.Direct: return new PackedConvolution(geometry, input);
            case ConvolutionAlgorithm.Winograd2x2: return new WinogradConvolution(geometry, input, MinimalFilter.Two);
            case ConvolutionAlgorithm.Winograd4x4: return new WinogradConvolution(geometry, input, MinimalFilter.Four);
        }
        Convolution best = new PackedConvolution(geometry, input);
        foreach (var filter in new[] { MinimalFilter.Two, MinimalFilter.Four })
        {
            Convolution other = new WinogradConvolution(geometry, input, filter);
            if (other.Cycles(Batch, Parts) < best.Cycles(Batch, Parts)) (best, other) = (other, best);
            other.Dispose();
        }
        return best;
    }
}
