using ResNet.Runtime.Data;

namespace ResNet.Runtime.Detection.Data.Coco;

/// <summary>Finds the files of COCO's layout.</summary>
static class CocoFolder
{
    /// <summary>Finds the file of instances of a part, in a folder or in its <c>annotations</c>: the one whose name says so, or the only one, if it names no part.</summary>
    /// <returns>Null where there is no JSON file.</returns>
    /// <exception cref="DatasetException">No file or several are of the part.</exception>
    public static string? Find(string path, DatasetSplit split)
    {
        string[] folders = [path, Path.Combine(path, "annotations")];
        string[] files = [.. folders.Where(Directory.Exists).SelectMany(folder => Directory.EnumerateFiles(folder, "*.json")).Order(StringComparer.Ordinal)];
        // Beside instances, COCO has captions and key points.
        if (Array.Exists(files, IsOfInstances)) files = Array.FindAll(files, IsOfInstances);
        if (files.Length == 0) return null;
        string[] names = split == DatasetSplit.Train ? ["train"] : ["test", "val"];
        var found = names.Select(name => Array.FindAll(files, file => Says(file, name))).FirstOrDefault(found => found.Length > 0);
        // A file that says nothing is the whole; one that says train is never tested on.
        if (found is null && files is [var whole] && !Says(whole, "train") && !Says(whole, "test") && !Says(whole, "val")) return whole;
        return found is [var only] ? only : throw new DatasetException(
            $"{path}: expected one JSON file whose name says {string.Join(" or ", names)}, found {string.Join(", ", (found ?? files).Select(Path.GetFileName))}");
    }

    /// <summary>Guesses the folder of images from that of one: as <c>train2017</c> or <c>images/train2017</c> beside <c>annotations/instances_train2017.json</c>.</summary>
    /// <returns>Null where the image is in none of the places.</returns>
    public static string? Images(string annotations, string firstImage)
    {
        var here = Path.GetDirectoryName(Path.GetFullPath(annotations))!;
        var above = Path.GetDirectoryName(here) ?? here;
        var name = Path.GetFileNameWithoutExtension(annotations);
        var part = name[(name.IndexOf('_', StringComparison.Ordinal) + 1)..];
        string[] candidates = [.. from root in (string[])[above, here] from folder in (string[])[part, Path.Combine("images", part), "images", ""] select Path.Combine(root, folder)];
        return Array.Find(candidates, folder => File.Exists(Path.Combine(folder, firstImage)));
    }

    static bool Says(string file, string name) => Path.GetFileName(file).Contains(name, StringComparison.OrdinalIgnoreCase);

    static bool IsOfInstances(string file) => Path.GetFileName(file).StartsWith("instances", StringComparison.OrdinalIgnoreCase);
}
