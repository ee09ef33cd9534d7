namespace ResNet.Runtime;

/// <summary>Where <see cref="PublishedWeights"/> looks for weights, and where it gets them from.</summary>
public sealed record PublishedWeightsOptions
{
    /// <summary>
    /// Where downloads are kept. By default the folder that the environment variable RESNET_CACHE names, or else
    /// <c>resnet-dsl/weights</c> in the user's cache folder.
    /// </summary>
    public string CacheFolder { get; init; } = DefaultCacheFolder(Environment.GetEnvironmentVariable, OperatingSystem.IsWindows(), OperatingSystem.IsMacOS());

    /// <summary>The address that file names are appended to; it ends in a slash.</summary>
    public Uri BaseAddress { get; init; } = new("https://download.pytorch.org/models/");

    /// <summary>Whether to use only what the cache holds.</summary>
    public bool Offline { get; init; }

    /// <summary>How long the server may keep silent before the download is given up.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The cache folder as the platform's conventions have it (XDG base directories on Linux).</summary>
    internal static string DefaultCacheFolder(Func<string, string?> environment, bool windows, bool mac)
    {
        if (environment("RESNET_CACHE") is { Length: > 0 } folder)
            return folder;
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var cache = windows ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : mac ? Path.Combine(home, "Library", "Caches")
            // The specification has relative paths ignored.
            : environment("XDG_CACHE_HOME") is { Length: > 0 } xdg && Path.IsPathRooted(xdg) ? xdg
            : Path.Combine(home, ".cache");
        return Path.Combine(cache, "resnet-dsl", "weights");
    }
}

/// <summary>How far a download has come.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Received">The bytes that are on disk, those of an earlier, interrupted download included.</param>
/// <param name="Total">The bytes of the whole file, or null where the server does not say.</param>
public readonly record struct DownloadProgress(string File, long Received, long? Total);
