namespace ResNet.Runtime;

/// <summary>The algorithms by which the processor computes convolutions.</summary>
public enum ConvolutionAlgorithm
{
    /// <summary>For each layer the algorithm with the least estimated time, by its sizes, the batch and the threads.</summary>
    Automatic,

    /// <summary>Sums of products as they are defined: the smallest rounding errors.</summary>
    Direct,

    /// <summary>
    /// Winograd's F(2×2, 3×3) (Lavin &amp; Gray 2016) for 3×3 convolutions of stride 1: 2.25 times fewer products, errors of
    /// about twice those of <see cref="Direct"/>.
    /// </summary>
    Winograd2x2,

    /// <summary>
    /// Winograd's F(4×4, 3×3) for 3×3 convolutions of stride 1: 4 times fewer products, errors of about ten times those of
    /// <see cref="Direct"/>, some 5·10⁻⁵ where values are about 1.
    /// </summary>
    Winograd4x4,
}
