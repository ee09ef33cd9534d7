using ResNet.Dsl;
using ResNet.Runtime.Detection.Regions;

namespace ResNet.Runtime;

/// <summary>Turns the part of the feature maps under a region into maps of one size, for regions of any size.</summary>
public abstract record RegionPooling
{
    /// <summary>Greatest distance of a region's corners from the image's first pixel that is taken, in pixels.</summary>
    internal const double Farthest = 1e6;

    private protected RegionPooling(int size)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        Size = size;
    }

    /// <summary>Rows and columns of the pooled maps.</summary>
    public int Size { get; }

    /// <summary>Prepares the pooling of an image's regions.</summary>
    /// <param name="maps">Shape of the image's feature maps.</param>
    /// <param name="regions">Regions in pixels of the network's input; there may be none.</param>
    /// <param name="stride">Pixels from a value of the feature maps to the next.</param>
    /// <param name="trains">Whether the gradient will be brought back, for which <see cref="RoiPool"/> keeps four bytes for each value.</param>
    /// <exception cref="ArgumentException">A corner of a region is not a number or more than a million pixels away.</exception>
    internal RegionPass Prepare(Shape maps, ReadOnlySpan<Box> regions, double stride, bool trains)
    {
        if (!(stride > 0 && double.IsFinite(stride))) throw new ArgumentOutOfRangeException(nameof(stride), stride, "It must be positive and finite.");
        foreach (var region in regions)
            if (!(IsNear(region.X1) && IsNear(region.Y1) && IsNear(region.X2) && IsNear(region.Y2)))
                throw new ArgumentException($"{region} is not in the image, nor near it.", nameof(regions));
        return Begin(maps, regions, (float)(1 / stride), trains);
    }

    private protected abstract RegionPass Begin(Shape maps, ReadOnlySpan<Box> regions, float scale, bool trains);

    static bool IsNear(double corner) => Math.Abs(corner) <= Farthest;
}
