using System.Formats.Tar;
using System.IO.Compression;

namespace ResNet.Runtime.Data.Published;

/// <summary>Unpacks archives of plain files: what could reach out of the folder (links, absolute paths, <c>..</c>, devices) is refused.</summary>
static class TarArchive
{
    /// <summary>Unpacks a tar file that gzip has packed.</summary>
    /// <param name="path">The archive.</param>
    /// <param name="folder">The folder to unpack into, which is new. After an error it holds what came before it.</param>
    /// <param name="cancellationToken">Stops the unpacking.</param>
    /// <exception cref="DatasetException">The archive is damaged, or an entry is refused.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static async Task UnpackAsync(string path, string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        using var file = File.OpenRead(path);
        using var unpacked = new GZipStream(file, CompressionMode.Decompress);
        using var reader = new TarReader(unpacked);
        try
        {
            while (await reader.GetNextEntryAsync(copyData: false, cancellationToken).ConfigureAwait(false) is { } entry)
                await UnpackAsync(entry, path, folder, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw new DatasetException($"{path}: expected a tar archive packed with gzip, found it damaged: {e.Message}", e);
        }
    }

    static async Task UnpackAsync(TarEntry entry, string path, string folder, CancellationToken cancellationToken)
    {
        switch (entry.EntryType)
        {
            case TarEntryType.GlobalExtendedAttributes: // The archive's own comment.
                return;
            case TarEntryType.Directory:
                Directory.CreateDirectory(Target(entry, path, folder));
                return;
            case TarEntryType.RegularFile or TarEntryType.V7RegularFile:
                var target = Target(entry, path, folder);
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                // Each file once: nothing that was unpacked is replaced.
                if (Path.Exists(target))
                    throw new DatasetException($"{path}: expected each file once, found '{entry.Name}' again");
                using (var output = new FileStream(target, FileMode.CreateNew, FileAccess.Write))
                    if (entry.DataStream is { } content)
                        await content.CopyToAsync(output, cancellationToken).ConfigureAwait(false);
                return;
            default:
                throw new DatasetException($"{path}: expected files and folders only, found '{entry.Name}', a {entry.EntryType}; refused");
        }
    }

    static string Target(TarEntry entry, string path, string folder)
    {
        // What is a separator or a drive on any system is one here, so that an archive means the same everywhere.
        if (entry.Name.IndexOfAny(['\\', ':', '\0']) < 0 && !entry.Name.StartsWith('/') && !entry.Name.Split('/').Contains(".."))
        {
            var root = Path.GetFullPath(folder);
            var target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(Path.Combine(root, entry.Name)));
            if (target == root || target.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal)) return target;
        }
        throw new DatasetException($"{path}: expected names within the archive's folder, found '{entry.Name}'; refused");
    }
}
