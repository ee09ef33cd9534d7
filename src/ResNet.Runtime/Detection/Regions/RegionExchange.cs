namespace ResNet.Runtime.Detection.Regions;

/// <summary>Reads the regions of some images of one size out of feature maps, and brings their gradient back. The bits do not depend on the threads.</summary>
/// <param name="passes">Of each image the pooling of its regions; at least one image.</param>
abstract class RegionExchange(IReadOnlyList<RegionPass> passes) : IDisposable
{
    /// <summary>Of each image the pooling of its regions.</summary>
    protected IReadOnlyList<RegionPass> Passes => passes;

    /// <summary>Whether a bin is the greatest of its cells rather than their weighted sum.</summary>
    protected bool TakesGreatest => passes[0].TakesGreatest;

    /// <summary>Reads all regions.</summary>
    /// <param name="maps">images × channels × rows × columns.</param>
    /// <returns>regions × channels × size × size, those of the first image first; the caller releases it.</returns>
    public abstract Tensor Read(Tensor maps);

    /// <summary>Computes the gradient by the feature maps; follows <see cref="Read"/>.</summary>
    /// <param name="gradient">The gradient by the regions: regions × channels × size × size.</param>
    /// <returns>images × channels × rows × columns; the caller releases it.</returns>
    public abstract Tensor Spread(Tensor gradient);

    /// <summary>Frees what the way back needs.</summary>
    public virtual void Dispose()
    {
    }

    /// <summary>Zeros in the place of all regions.</summary>
    protected Tensor NewPooled() => Tensor.OnDevice(passes.Sum(pass => pass.Regions), passes[0].Maps.Channels, passes[0].Size, passes[0].Size);

    /// <summary>Zeros in the place of all feature maps.</summary>
    protected Tensor NewMaps() => Tensor.OnDevice(passes.Count, passes[0].Maps.Channels, passes[0].Maps.Height, passes[0].Maps.Width);
}
