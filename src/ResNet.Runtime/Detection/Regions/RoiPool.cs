using ResNet.Dsl;
using ResNet.Runtime.Detection.Regions;

namespace ResNet.Runtime;

/// <summary>
/// The maximum of each bin of a region whose corners are rounded to whole cells of the feature maps (Girshick 2015, section 2.1). An empty bin is 0.
/// </summary>
public sealed record RoiPool : RegionPooling
{
    /// <param name="size">Rows and columns of the pooled maps: 7 for VGG-16, 14 before the last stage of a residual network.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is not positive.</exception>
    public RoiPool(int size) : base(size)
    {
    }

    private protected override RegionPass Begin(Shape maps, ReadOnlySpan<Box> regions, float scale, bool trains) =>
        new MaximumPass(maps, regions, scale, Size, trains);
}
