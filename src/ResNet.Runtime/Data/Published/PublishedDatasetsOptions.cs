using ResNet.Runtime.Data;
using ResNet.Runtime.Downloads;

namespace ResNet.Runtime;

/// <summary>The places where <see cref="PublishedDatasets"/> looks for data sets, and from which it downloads them.</summary>
public sealed record PublishedDatasetsOptions
{
    /// <summary>
    /// Where downloads are kept. By default <c>datasets</c> in the folder that the environment variable RESNET_CACHE names, or else
    /// <c>resnet-dsl/datasets</c> in the user's cache folder.
    /// </summary>
    public string CacheFolder { get; init; } = Downloads.CacheFolder.Datasets;

    /// <summary>An address, ending in a slash, that file names are appended to; the publisher's own where null. The hashes stay the same.</summary>
    public Uri? Mirror { get; init; }

    /// <summary>Whether to use the cache alone, without a download.</summary>
    public bool Offline { get; init; }

    /// <summary>The longest silence of the server before the download is given up.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);
}
