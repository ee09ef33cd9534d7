using ResNet.Runtime.Data.Folders;

namespace ResNet.Runtime.Data.Shards;

/// <summary>Finds the tar files of a data set.</summary>
static class ShardFiles
{
    static readonly string[] _packed = [".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".tar.zst"];

    /// <summary>Whether a path names shards: a tar file, a pattern of them, or a folder that holds them and neither folders of classes nor a list of images.</summary>
    /// <exception cref="DatasetException">A folder cannot be read.</exception>
    public static bool Contains(string path) =>
        Directory.Exists(path) ? HoldsShards(path) && MetadataLists.Find(path) is null : IsShard(path) && (File.Exists(path) || ShardPattern.IsPattern(path));

    /// <summary>The parts of a folder of shards.</summary>
    /// <exception cref="DatasetException">The folder cannot be read.</exception>
    public static PartFiles Parts(string folder) => new(folder, InFolder(folder));

    /// <summary>The files that a path or a pattern names, whether or not they are there.</summary>
    public static string[] Named(string path) => [.. ShardPattern.IsPattern(path) ? ShardPattern.Expand(path) : [path]];

    /// <summary>Returns a file that can be read at random places.</summary>
    /// <exception cref="DatasetException">The file is packed, or not there.</exception>
    public static string Checked(string path)
    {
        if (!File.Exists(path)) throw new DatasetException($"{path}: there is no such file");
        if (IsPacked(path) || HasGzipHeader(path))
            throw new DatasetException(
                $"{path}: expected a tar file, found one that is packed; unpack it first, as by gunzip, which leaves a .tar. Images in it are compressed already, and of a .tar each can be read by itself");
        return path;
    }

    static bool HoldsShards(string folder)
    {
        var folders = HiddenEntries.VisibleFolders(folder);
        if (folders.Length > 0) return Array.TrueForAll(folders, name => PartNames.IsPart(name) && HoldsShards(Path.Combine(folder, name)));
        // Images beside something packed are the data set; an image beside tar files shows what is in them.
        var files = VisibleFiles(folder);
        return Array.Exists(files, file => IsShard(file) && !IsPacked(file)) || Array.Exists(files, IsPacked) && !Array.Exists(files, ImageFormats.HasExtension);
    }

    static IEnumerable<string> InFolder(string folder) =>
        VisibleFiles(folder).Where(IsShard).Concat(HiddenEntries.VisibleFolders(folder).SelectMany(name => InFolder(Path.Combine(folder, name))));

    static string[] VisibleFiles(string folder)
    {
        try
        {
            return [.. new DirectoryInfo(folder).EnumerateFiles().Where(entry => !HiddenEntries.Contains(entry)).Select(entry => Path.Combine(folder, entry.Name))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException($"{folder}: {e.Message}", e);
        }
    }

    static bool IsShard(string path) => path.EndsWith(".tar", StringComparison.OrdinalIgnoreCase) || IsPacked(path);

    static bool IsPacked(string path) => Array.Exists(_packed, end => path.EndsWith(end, StringComparison.OrdinalIgnoreCase));

    static bool HasGzipHeader(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException($"{path}: {e.Message}", e);
        }
    }
}
