namespace ResNet.Runtime.Detection.Regions;

/// <summary>A device that reads regions in its own memory, where feature maps and regions then stay.</summary>
interface IRegionDevice
{
    /// <summary>Prepares reading the regions of some images.</summary>
    /// <param name="passes">Of each image the pooling of its regions; at least one image.</param>
    RegionExchange Prepare(IReadOnlyList<RegionPass> passes);
}
