using System.Security.Cryptography;
using ResNet.Runtime.Data.Files;
using ResNet.Runtime.Downloads;

namespace ResNet.Runtime.Data.Published;

/// <summary>
/// Fills a data set's folder in the cache: files arrive and are unpacked in <c>NAME.part</c>, which becomes the folder in one step.
/// The caller holds a <see cref="CacheLock"/>.
/// </summary>
sealed class DatasetDownload(PublishedFiles dataset, string folder, PublishedDatasetsOptions options, IProgress<DownloadProgress>? progress)
{
    readonly string _part = folder + ".part";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(_part);
            foreach (var (name, md5) in dataset.Files)
                await FetchAsync(name, md5, cancellationToken).ConfigureAwait(false);
            Directory.Move(dataset.ArchiveFolder is { } kept ? await UnpackAsync(kept, cancellationToken).ConfigureAwait(false) : _part, folder);
        }
        catch (DownloadException) when (Directory.EnumerateFileSystemEntries(_part).Any())
        {
            // The received part is kept for another try.
            throw;
        }
        catch
        {
            DeletePart();
            throw;
        }
        DeletePart();
    }

    async Task FetchAsync(string name, string md5, CancellationToken cancellationToken)
    {
        var path = Path.Combine(_part, name);
        // Another try finds those that are whole; each was checked before it got its name.
        if (File.Exists(path)) return;
        var address = new Uri(options.Mirror ?? dataset.Address, name);
        await new Download(address, path, HashAlgorithmName.MD5, md5, options.Timeout, progress).RunAsync(cancellationToken).ConfigureAwait(false);
    }

    async Task<string> UnpackAsync(string kept, CancellationToken cancellationToken)
    {
        var archive = Path.Combine(_part, dataset.Files[0].Name);
        var unpacked = Path.Combine(_part, "unpacked");
        // A process that was ended while it unpacked has left a part of it.
        if (Directory.Exists(unpacked)) Directory.Delete(unpacked, recursive: true);
        await TarArchive.UnpackAsync(archive, unpacked, cancellationToken).ConfigureAwait(false);
        var source = Path.Combine(unpacked, kept);
        return Directory.Exists(source) ? source : throw new DatasetException($"{archive}: expected the folder {kept} in it, found none");
    }

    void DeletePart()
    {
        if (Directory.Exists(_part)) Directory.Delete(_part, recursive: true);
    }
}
