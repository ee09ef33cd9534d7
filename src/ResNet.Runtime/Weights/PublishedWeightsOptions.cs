using ResNet.Runtime.Downloads;

namespace ResNet.Runtime;

/// <summary>The places where <see cref="PublishedWeights"/> looks for weights, and from which it downloads them.</summary>
public sealed record PublishedWeightsOptions
{
    /// <summary>
    /// Where downloads are kept. By default the folder that the environment variable RESNET_CACHE names, or else
    /// <c>resnet-dsl/weights</c> in the user's cache folder.
    /// </summary>
    public string CacheFolder { get; init; } = Downloads.CacheFolder.Weights;

    /// <summary>The address that file names are appended to; it ends in a slash.</summary>
    public Uri BaseAddress { get; init; } = new("https://download.pytorch.org/models/");

    /// <summary>Whether to use the cache alone, without a download.</summary>
    public bool Offline { get; init; }

    /// <summary>The longest silence of the server before the download is given up.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);
}
