using System.Formats.Tar;
using System.IO.Compression;

namespace ResNet.Runtime.Data.Files;

/// <summary>Archives of plain files: what could reach out of the folder (links, absolute paths, <c>..</c>, devices) is refused.</summary>
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
        using var unpacked = new TarStream(new GZipStream(file, CompressionMode.Decompress));
        using var reader = new TarReader(unpacked);
        try
        {
            while (await reader.GetNextEntryAsync(copyData: false, cancellationToken).ConfigureAwait(false) is { } entry)
                await UnpackAsync(entry, path, folder, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (IsDamage(e))
        {
            throw new DatasetException($"{path}: expected a tar archive packed with gzip, found it damaged: {e.Message}", e);
        }
    }

    /// <summary>Reads the headers of a tar file that is not packed, and passes over the contents.</summary>
    /// <param name="path">The archive.</param>
    /// <returns>The files in it, in order. A file's content can be read until the next one is asked for.</returns>
    /// <exception cref="DatasetException">The archive cannot be read, is damaged or cut short, or has an entry that is neither file nor folder.</exception>
    public static IEnumerable<TarEntry> Files(string path)
    {
        using var file = new TarStream(Opened(path));
        using var reader = new TarReader(file);
        while (Next(reader, path) is { } entry)
        {
            if (!IsFile(entry, path)) continue;
            if (entry.DataOffset + entry.Length > file.Length)
                throw new DatasetException($"{path}: expected {entry.Length} bytes of '{entry.Name}', found the end of the archive");
            yield return entry;
        }
    }

    static FileStream Opened(string path)
    {
        try
        {
            return File.OpenRead(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException($"{path}: {e.Message}", e);
        }
    }

    static TarEntry? Next(TarReader reader, string path)
    {
        try
        {
            return reader.GetNextEntry();
        }
        catch (Exception e) when (IsDamage(e) || e is IOException)
        {
            throw new DatasetException($"{path}: expected a tar archive, found it damaged: {e.Message}", e);
        }
    }

    // OverflowException: a number in a header that is too large for its field.
    static bool IsDamage(Exception e) => e is InvalidDataException or EndOfStreamException or FormatException or OverflowException;

    static async Task UnpackAsync(TarEntry entry, string path, string folder, CancellationToken cancellationToken)
    {
        if (IsFile(entry, path))
        {
            var target = Target(entry, path, folder);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            // Each file once: nothing that was unpacked is replaced.
            if (Path.Exists(target))
                throw new DatasetException($"{path}: expected each file once, found '{entry.Name}' again");
            using var output = new FileStream(target, FileMode.CreateNew, FileAccess.Write);
            if (entry.DataStream is { } content)
                await content.CopyToAsync(output, cancellationToken).ConfigureAwait(false);
        }
        else if (entry.EntryType == TarEntryType.Directory)
        {
            Directory.CreateDirectory(Target(entry, path, folder));
        }
    }

    /// <summary>Whether an entry is a file, rather than a folder or the archive's own comment.</summary>
    /// <exception cref="DatasetException">It is something else.</exception>
    static bool IsFile(TarEntry entry, string path) => entry.EntryType switch
    {
        TarEntryType.RegularFile or TarEntryType.V7RegularFile => true,
        TarEntryType.Directory or TarEntryType.GlobalExtendedAttributes => false,
        _ => throw new DatasetException($"{path}: expected files and folders only, found '{entry.Name}', a {entry.EntryType}; refused"),
    };

    static string Target(TarEntry entry, string path, string folder)
    {
        // A separator or drive of any system is one here, so that an archive means the same everywhere.
        if (entry.Name.IndexOfAny(['\\', ':', '\0']) < 0 && !entry.Name.StartsWith('/') && !entry.Name.Split('/').Contains(".."))
        {
            var root = Path.GetFullPath(folder);
            var target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(Path.Combine(root, entry.Name)));
            if (target == root || target.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal)) return target;
        }
        throw new DatasetException($"{path}: expected names within the archive's folder, found '{entry.Name}'; refused");
    }
}
