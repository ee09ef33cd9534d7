using ResNet.Runtime.Data.Published;
using ResNet.Runtime.Downloads;

namespace ResNet.Runtime.Data;

/// <summary>Data sets that are public, by name.</summary>
public static class PublishedDatasets
{
    /// <summary>The names: <c>cifar10</c>, <c>cifar100</c>, <c>mnist</c>, <c>fashion-mnist</c>. Case makes no difference.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. PublishedFiles.All.Keys];

    /// <summary>The folder of a data set, downloaded first if the cache does not hold it.</summary>
    /// <remarks>
    /// Every file is checked against its published MD5 before anything reads it, and the folder gets its name when it is complete, so
    /// that the cache is used without a connection. A download whose line breaks is resumed at the next call; one that is
    /// canceled is removed. Two processes that want one data set wait for each other.
    /// </remarks>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="options">Cache, address and offline mode; the defaults where null.</param>
    /// <param name="progress">Receives the progress after every piece of the download.</param>
    /// <param name="cancellationToken">Stops the download.</param>
    /// <exception cref="ArgumentException">There is no such name.</exception>
    /// <exception cref="DatasetException">The data set is not in the cache and cannot be downloaded, has another hash, or cannot be unpacked safely.</exception>
    public static Task<string> GetAsync(string name, PublishedDatasetsOptions? options = null, IProgress<DownloadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        return PublishedFiles.All.TryGetValue(name, out var files)
            ? GetAsync(files, options ?? new(), progress, cancellationToken)
            : throw new ArgumentException($"No data set is published as '{name}', only {string.Join(", ", Names)}.", nameof(name));
    }

    /// <summary>Returns a path as it is or, where there is nothing, takes it for a name.</summary>
    /// <exception cref="DatasetException">There is no such file, folder or data set, or it has another number of classes.</exception>
    internal static async Task<string> FindAsync(
        string nameOrPath, IReadOnlyList<string>? classes, PublishedDatasetsOptions? options, IProgress<DownloadProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(nameOrPath);
        if (ImageDataset.IsPath(nameOrPath)) return nameOrPath;
        if (!PublishedFiles.All.TryGetValue(nameOrPath, out var files))
            throw new DatasetException($"{nameOrPath}: there is no such file or folder, nor a data set of that name ({string.Join(", ", Names)})");
        // Before anything is downloaded for nothing.
        ImageDataset.CheckClasses(nameOrPath, files.Classes, classes);
        return await GetAsync(files, options ?? new(), progress, cancellationToken).ConfigureAwait(false);
    }

    internal static async Task<string> GetAsync(PublishedFiles files, PublishedDatasetsOptions options, IProgress<DownloadProgress>? progress, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(options.CacheFolder, files.Name);
        if (Directory.Exists(folder)) return folder;
        if (options.Offline)
            throw new DatasetException($"{folder}: the data set is not in the cache, and this is offline. Run once online");
        try
        {
            Directory.CreateDirectory(options.CacheFolder);
            using var _ = await CacheLock.AcquireAsync(folder + ".lock", cancellationToken).ConfigureAwait(false);
            if (!Directory.Exists(folder))
                await new DatasetDownload(files, folder, options, progress).RunAsync(cancellationToken).ConfigureAwait(false);
            return folder;
        }
        catch (DownloadException e)
        {
            throw new DatasetException(e.Message, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException($"{folder}: the cache cannot be written: {e.Message}", e);
        }
    }
}
