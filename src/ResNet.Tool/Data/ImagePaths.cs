using System.IO.Enumeration;
using Microsoft.Extensions.FileSystemGlobbing;
using ResNet.Runtime;

namespace ResNet.Tool.Data;

/// <summary>An image file that a command line asks for.</summary>
/// <param name="Path">The file, or the name that no file was found for.</param>
/// <param name="Error">The reason why there is no file; null if there may be one.</param>
readonly record struct NamedImage(string Path, string? Error = null);

/// <summary>
/// Finds the image files that names on a command line stand for: files, folders with all that is in them, and patterns. Hidden files
/// and folders are left out unless they are named.
/// </summary>
static class ImagePaths
{
    /// <summary>The name that stands for the lines of the standard input, each of which is a name.</summary>
    public const string StandardInput = "-";

    /// <summary>Finds files, name by name, those of a folder or pattern in ordinal order.</summary>
    /// <param name="names">The names.</param>
    /// <param name="input">The standard input, read line by line as the result is enumerated.</param>
    public static IEnumerable<NamedImage> Find(IEnumerable<string> names, TextReader input) =>
        names.SelectMany(name => name == StandardInput ? Lines(input).SelectMany(Find) : Find(name));

    static IEnumerable<string> Lines(TextReader input)
    {
        while (input.ReadLine() is { } line)
            if (line.Length > 0) yield return line;
    }

    static IReadOnlyList<NamedImage> Find(string name)
    {
        try
        {
            if (Directory.Exists(name)) return Found(InFolder(name), $"{name}: expected images ({string.Join(", ", ImageFormats.Extensions)}), found none");
            // A file whose name has a star is a file.
            if (name.Contains('*') && !File.Exists(name)) return Found(Matching(name), $"{name}: no file matches");
            return [new(name)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [new(name, e.Message)];
        }

        NamedImage[] Found(IEnumerable<string> files, string otherwise)
        {
            NamedImage[] found = [.. files.Order(StringComparer.Ordinal).Select(file => new NamedImage(file))];
            return found.Length > 0 ? found : [new(name, otherwise)];
        }
    }

    static IEnumerable<string> InFolder(string folder) =>
        Files(folder, int.MaxValue).Where(ImageFormats.HasExtension).Select(file => Path.Join(folder, file));

    static IEnumerable<string> Matching(string glob)
    {
        // The part before the first folder with a star is the folder to search.
        glob = glob.Replace(Path.DirectorySeparatorChar, '/');
        var start = glob.LastIndexOf('/', glob.IndexOf('*', StringComparison.Ordinal)) + 1;
        var (folder, pattern) = (glob[..start], glob[start..]);
        if (folder.Length > 0 && !Directory.Exists(folder)) return [];
        var matcher = new Matcher(StringComparison.Ordinal).AddInclude(pattern);
        var depth = pattern.Contains("**", StringComparison.Ordinal) ? int.MaxValue : pattern.Count(c => c == '/');
        return Files(folder.Length == 0 ? "." : folder, depth).Where(file => matcher.Match(file).HasMatches).Select(file => folder + file);
    }

    /// <summary>The files in a folder and down to some depth below, relative to it, hidden ones left out.</summary>
    static FileSystemEnumerable<string> Files(string folder, int depth)
    {
        var root = Path.GetFullPath(folder);
        return new(root, (ref entry) => Path.GetRelativePath(root, entry.ToFullPath()), new()
        {
            RecurseSubdirectories = true,
            MaxRecursionDepth = depth,
            AttributesToSkip = FileAttributes.Hidden | FileAttributes.System,
            IgnoreInaccessible = false,
        })
        {
            ShouldIncludePredicate = (ref entry) => !entry.IsDirectory,
            // A link may lead back to where it stands.
            ShouldRecursePredicate = (ref entry) => !entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
        };
    }
}
