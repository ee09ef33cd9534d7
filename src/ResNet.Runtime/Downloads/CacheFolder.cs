namespace ResNet.Runtime.Downloads;

/// <summary>The folder of downloads.</summary>
static class CacheFolder
{
    /// <summary>The folder of weights.</summary>
    public static string Weights => ForWeights(Environment.GetEnvironmentVariable, OperatingSystem.IsWindows(), OperatingSystem.IsMacOS());

    /// <summary>The folder of data sets.</summary>
    public static string Datasets => ForDatasets(Environment.GetEnvironmentVariable, OperatingSystem.IsWindows(), OperatingSystem.IsMacOS());

    internal static string ForWeights(Func<string, string?> environment, bool windows, bool mac) =>
        Named(environment) ?? Path.Combine(OfPlatform(environment, windows, mac), "weights");

    internal static string ForDatasets(Func<string, string?> environment, bool windows, bool mac) =>
        Path.Combine(Named(environment) ?? OfPlatform(environment, windows, mac), "datasets");

    static string? Named(Func<string, string?> environment) => environment("RESNET_CACHE") is { Length: > 0 } folder ? folder : null;

    /// <summary>The folder as the platform's conventions have it (XDG base directories on Linux).</summary>
    static string OfPlatform(Func<string, string?> environment, bool windows, bool mac)
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var cache = windows ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : mac ? Path.Combine(home, "Library", "Caches")
            // The specification has relative paths ignored.
            : environment("XDG_CACHE_HOME") is { Length: > 0 } xdg && Path.IsPathRooted(xdg) ? xdg
            : Path.Combine(home, ".cache");
        return Path.Combine(cache, "resnet-dsl");
    }
}
