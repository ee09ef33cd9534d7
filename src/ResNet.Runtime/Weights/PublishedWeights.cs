using System.Security.Cryptography;
using ResNet.Runtime.Downloads;

namespace ResNet.Runtime;

/// <summary>The weights that torchvision publishes, trained on ImageNet (its <c>IMAGENET1K_V1</c>), by model name.</summary>
public static class PublishedWeights
{
    /// <summary>Model names and the names of their files, each of which ends in the first 8 digits of its SHA-256.</summary>
    public static IReadOnlyDictionary<string, string> Files { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["resnet18"] = "resnet18-f37072fd.pth",
        ["resnet34"] = "resnet34-b627a593.pth",
        ["resnet50"] = "resnet50-0676ba61.pth",
        ["resnet101"] = "resnet101-63fe2227.pth",
        ["resnet152"] = "resnet152-394f9c45.pth",
        ["resnext50_32x4d"] = "resnext50_32x4d-7cdf4587.pth",
        ["resnext101_32x8d"] = "resnext101_32x8d-8ba56ff5.pth",
        ["wide_resnet50_2"] = "wide_resnet50_2-95faca4d.pth",
        ["wide_resnet101_2"] = "wide_resnet101_2-32ee1156.pth",
        ["vgg11"] = "vgg11-8a719046.pth",
        ["vgg13"] = "vgg13-19584684.pth",
        ["vgg16"] = "vgg16-397923af.pth",
        ["vgg19"] = "vgg19-dcbb9e9d.pth",
        ["vgg11_bn"] = "vgg11_bn-6002323d.pth",
        ["vgg13_bn"] = "vgg13_bn-abd245e5.pth",
        ["vgg16_bn"] = "vgg16_bn-6c64b313.pth",
        ["vgg19_bn"] = "vgg19_bn-c79401a0.pth",
    };

    /// <summary>The path of a model's weights, downloaded first if the cache does not hold them.</summary>
    /// <remarks>
    /// A download is checked against the hash in the file's name before it gets that name, so a file that is in the cache is
    /// not hashed again. An interrupted download stays as <c>*.part</c> and is resumed. Two processes that want one file wait for each other.
    /// </remarks>
    /// <param name="model">One of the names in <see cref="Files"/>.</param>
    /// <param name="options">Cache, address and offline mode; the defaults where null.</param>
    /// <param name="progress">Receives the progress after every piece of the download.</param>
    /// <param name="cancellationToken">Interrupts the download; the received part is kept.</param>
    /// <exception cref="ArgumentException">No weights are published under this name.</exception>
    /// <exception cref="WeightsException">The file is not in the cache and cannot be downloaded, or what arrived has another hash.</exception>
    public static Task<string> GetAsync(string model, PublishedWeightsOptions? options = null, IProgress<DownloadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Files.TryGetValue(model, out var file)
            ? GetFileAsync(file, options ?? new(), progress, cancellationToken)
            : throw new ArgumentException($"No weights are published for '{model}', only for {string.Join(", ", Files.Keys)}.", nameof(model));
    }

    internal static async Task<string> GetFileAsync(string file, PublishedWeightsOptions options, IProgress<DownloadProgress>? progress, CancellationToken cancellationToken)
    {
        var path = Path.Combine(options.CacheFolder, file);
        if (IsCached(path))
            return path;
        var address = new Uri(options.BaseAddress, file);
        if (options.Offline)
            throw new WeightsException(path, $"the weights are not in the cache, and this is offline. Run once online, or put {address} there");
        try
        {
            Directory.CreateDirectory(options.CacheFolder);
            using var _ = await CacheLock.AcquireAsync(path + ".lock", cancellationToken).ConfigureAwait(false);
            if (!IsCached(path))
                await new Download(address, path, HashAlgorithmName.SHA256, ExpectedHash(file), options.Timeout, progress).RunAsync(cancellationToken).ConfigureAwait(false);
            return path;
        }
        catch (DownloadException e)
        {
            throw new WeightsException(e.Address, e.Problem, expected: e.Expected, found: e.Found, inner: e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WeightsException(path, $"the cache cannot be written: {e.Message}", inner: e);
        }
    }

    static bool IsCached(string path) => new FileInfo(path) is { Exists: true, Length: > 0 };

    /// <summary>The hexadecimal digits between the last hyphen and the extension.</summary>
    static string ExpectedHash(string file) => Path.GetFileNameWithoutExtension(file).Split('-')[^1];
}
