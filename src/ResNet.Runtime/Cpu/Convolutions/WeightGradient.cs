using ResNet.Runtime.Cpu.Memory;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Cpu.Convolutions;

/// <summary>
/// The gradient of a convolution's weights, by one algorithm: products of the output's gradient with the input, summed over
/// the pixels of the batch.
/// </summary>
/// <remarks>
/// Whether the threads share out the weights, or the pixels, whose sums are then added in the order of the threads, the result
/// has the same bits whenever the number of parts is the same.
/// </remarks>
abstract unsafe class WeightGradient
{
    /// <param name="geometry">Sizes of the convolution.</param>
    /// <param name="input">The layout of its input.</param>
    /// <exception cref="ArgumentException">No such convolution, or an input that does not go with it.</exception>
    protected WeightGradient(in ConvGeometry geometry, in ActivationLayout input)
    {
        geometry.Validate();
        if (input.Halo < geometry.Padding)
            throw new ArgumentException($"The input {input} has too small a halo for a padding of {geometry.Padding}.");
        (Geometry, Input) = (geometry, input);
    }

    /// <summary>Sizes of the convolution.</summary>
    public ConvGeometry Geometry { get; }

    /// <summary>The layout of its input.</summary>
    public ActivationLayout Input { get; }

    /// <summary>The algorithm, as text for people.</summary>
    public abstract string Algorithm { get; }

    /// <summary>Floats of scratch memory, all parts together.</summary>
    public abstract long ScratchLength(int batch, int parts);

    /// <summary>Estimated processor cycles of the slowest part.</summary>
    public abstract double Cycles(int batch, int parts);

    /// <summary>Sums one of several parts; all must be done before <see cref="Reduce"/>.</summary>
    /// <param name="source">The convolution's input.</param>
    /// <param name="gradient">The gradient of its output, NCHW16c of any halo.</param>
    /// <param name="target">[OutChannels, InChannels / Groups, Kernel, Kernel]; receives what is done already.</param>
    /// <param name="scratch"><see cref="ScratchLength"/> floats.</param>
    /// <param name="batch">Images.</param>
    /// <param name="part">Which part to compute.</param>
    /// <param name="parts">Number of parts of the work.</param>
    /// <exception cref="ArgumentException">A tensor's shape is not that of the convolution.</exception>
    public void Run(FeatureMaps source, FeatureMaps gradient, Span<float> target, float* scratch, int batch, int part, int parts)
    {
        var expected = ActivationLayout.Blocked(Geometry.OutChannels, Geometry.OutHeight, Geometry.OutWidth, gradient.Layout.Halo);
        if (source.Layout != Input || gradient.Layout != expected)
            throw new ArgumentException($"{Geometry} does not take {source.Layout} and the gradient {gradient.Layout}.", nameof(source));
        Sum(source, gradient, target, scratch, batch, part, parts);
    }

    /// <summary>Adds up one of several parts of the sums and writes them in PyTorch's order.</summary>
    /// <param name="scratch">The result of <see cref="Run"/>, with as many images and parts.</param>
    /// <param name="target">Receives the gradient.</param>
    /// <param name="batch">Images.</param>
    /// <param name="part">Which part to compute.</param>
    /// <param name="parts">Number of parts of the work.</param>
    public abstract void Reduce(float* scratch, Span<float> target, int batch, int part, int parts);

    /// <summary><see cref="Run"/>, once its arguments are known to be right.</summary>
    protected abstract void Sum(FeatureMaps source, FeatureMaps gradient, Span<float> target, float* scratch, int batch, int part, int parts);
}
