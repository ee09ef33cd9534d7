using ResNet.Runtime.Data;
using ResNet.Runtime.Detection.Data.Annotations;

namespace ResNet.Runtime.Detection.Data.Voc;

/// <summary>A folder in the layout of PASCAL VOC's development kit.</summary>
/// <param name="Root">The folder of <see cref="Annotations"/>.</param>
sealed record VocFolder(string Root)
{
    public const string Annotations = "Annotations", Images = "JPEGImages";

    /// <summary>Finds the layout in a folder or in its only subfolder that has it, as <c>VOCdevkit</c> has <c>VOC2007</c>.</summary>
    /// <exception cref="DatasetException">Several subfolders have it.</exception>
    public static VocFolder? Find(string path)
    {
        if (IsOne(path)) return new(path);
        string[] found = [.. Directory.EnumerateDirectories(path).Where(IsOne).Order(StringComparer.Ordinal)];
        return found switch
        {
            [] => null,
            [var only] => new(only),
            _ => throw new DatasetException($"{path}: expected one folder in PASCAL VOC's layout, found {string.Join(", ", found.Select(Path.GetFileName))}"),
        };
    }

    /// <summary>Returns the image set of a part: val is trained on only where there is a test.</summary>
    /// <exception cref="DatasetException">There is no image set for the part.</exception>
    public string ImageSetOf(DatasetSplit split)
    {
        string[] candidates = (split, Has("test")) switch
        {
            (DatasetSplit.Train, true) => ["trainval", "train"],
            (DatasetSplit.Train, false) => ["train"],
            (_, true) => ["test"],
            _ => ["val"],
        };
        return Array.Find(candidates, Has) ?? throw new DatasetException(
            $"{Path.GetDirectoryName(ImageSet(""))}: expected {string.Join(" or ", candidates.Select(name => name + ".txt"))}, found no such file");
    }

    /// <summary>The file that lists an image set.</summary>
    public string ImageSet(string name) => Path.Combine(Root, "ImageSets", "Main", name + ".txt");

    /// <summary>Reads the annotations of an image set, in its order.</summary>
    /// <exception cref="DatasetException">A file is missing or broken, or an image is listed twice.</exception>
    public List<VocAnnotation> Read(string imageSet)
    {
        var list = ImageSet(imageSet);
        var (names, seen) = (new List<string>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var (number, line) in Lines(list).Index())
        {
            var name = line.Trim();
            if (name.Length == 0) continue;
            if (!seen.Add(name)) throw new DatasetException($"{list}: line {number + 1}: expected each image once, found {name} again");
            names.Add(AnnotatedImage.Join(Path.Combine(Root, Annotations), name + ".xml", $"{list}: line {number + 1}"));
        }
        return names.Count > 0 ? names.ConvertAll(VocAnnotation.Read) : throw new DatasetException($"{list}: expected names of images, found none");
    }

    /// <summary>The names of the classes of all annotations in the folder, in ordinal order.</summary>
    /// <exception cref="DatasetException">A file is broken.</exception>
    public IReadOnlyList<string> ClassNames() =>
    [
        .. Directory.EnumerateFiles(Path.Combine(Root, Annotations), "*.xml").Order(StringComparer.Ordinal)
            .SelectMany(path => VocAnnotation.Read(path).Objects).Select(item => item.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];

    bool Has(string imageSet) => File.Exists(ImageSet(imageSet));

    static bool IsOne(string path) => Directory.Exists(Path.Combine(path, Annotations));

    static string[] Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException($"{path}: {(e is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : e.Message)}", e);
        }
    }
}
