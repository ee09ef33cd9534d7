using ResNet.Dsl;
using ResNet.Runtime.Detection.Regions;

namespace ResNet.Runtime;

/// <summary>
/// The mean of samples between the cells of the feature maps, without rounding (He et al. 2017, section 3). A sample more than a cell outside the
/// feature maps is 0.
/// </summary>
public sealed record RoiAlign : RegionPooling
{
    /// <param name="size">Rows and columns of the pooled maps.</param>
    /// <param name="samplesPerBin">Samples of a bin in each direction; 0 for as many as the bin has cells, rounded up.</param>
    /// <param name="aligned">
    /// Whether the value of a cell stands for the cell's middle. Otherwise it stands for its corner and regions are at least a cell wide, as
    /// in the first implementations.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The size is not positive, or the number of samples is negative.</exception>
    public RoiAlign(int size, int samplesPerBin = 0, bool aligned = false) : base(size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(samplesPerBin);
        (SamplesPerBin, Aligned) = (samplesPerBin, aligned);
    }

    /// <summary>Samples of a bin in each direction; 0 for as many as the bin has cells, rounded up.</summary>
    public int SamplesPerBin { get; }

    /// <summary>Whether the value of a cell stands for the cell's middle.</summary>
    public bool Aligned { get; }

    private protected override RegionPass Begin(Shape maps, ReadOnlySpan<Box> regions, float scale, bool trains) => new AlignedPass(maps, regions, scale, this);
}
