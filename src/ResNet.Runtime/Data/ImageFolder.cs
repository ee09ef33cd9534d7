using ResNet.Runtime.Data.Folders;

namespace ResNet.Runtime.Data;

/// <summary>
/// A folder with a folder of images per class, or with such a folder for each of its parts (<see cref="FolderLayout"/>); or one of images
/// with a list of their classes (<see cref="MetadataFolder"/>).
/// </summary>
static class ImageFolder
{
    /// <summary>Opens one part, or a folder without parts as a whole.</summary>
    public static ImageFileDataset Open(string root, DatasetSplit split, IReadOnlyList<string>? classes)
    {
        if (MetadataLists.Find(root) is { } lists) return new MetadataFolder(root, lists, classes).Open(split);
        var layout = LayoutOf(root, classes);
        var (part, expected) = split == DatasetSplit.Train ? (layout.Train, FolderLayout.TrainNames) : (layout.Test, FolderLayout.TestNames);
        return Read(layout, classes, part ?? throw Missing(layout, expected))[0];
    }

    /// <summary>Opens the images to train on and, if there is a part for them, those to validate on.</summary>
    public static (ImageFileDataset Train, ImageFileDataset? Validation) OpenParts(string root, IReadOnlyList<string>? classes)
    {
        if (MetadataLists.Find(root) is { } lists) return new MetadataFolder(root, lists, classes).OpenParts();
        var layout = LayoutOf(root, classes);
        var train = layout.Train ?? throw Missing(layout, FolderLayout.TrainNames);
        if (layout.Validation is null) return (Read(layout, classes, train)[0], null);
        // Test images without classes, as competitions publish them.
        if (layout.Validation.Folders.Length == 0) return (Read(layout with { Others = [.. layout.Others, layout.Validation.Name] }, classes, train)[0], null);
        // Together, so that an image that links have put into both is found.
        var read = Read(layout, classes, train, layout.Validation);
        return (read[0], read[1]);
    }

    static FolderLayout LayoutOf(string root, IReadOnlyList<string>? classes) => FolderLayout.Of(root, [.. classes ?? [], .. ClassList.Find(root)?.Lines ?? []]);

    static DatasetException Missing(FolderLayout layout, string expected) =>
        new($"{layout.Root}: expected a folder {expected}, found only {(layout.Train ?? layout.Test)!.Name}");

    static ImageFileDataset[] Read(FolderLayout layout, IReadOnlyList<string>? classes, params FolderPart[] parts)
    {
        foreach (var part in parts)
            if (part.Folders.Length == 0)
                throw new DatasetException($"{part.Path}: expected a folder of images per class, found {(LooseImages(part.Path) > 0 ? "images without folders" : "no folder")}");
        var training = layout.Train is { Folders.Length: > 0 } ? layout.Train : parts[0];
        var found = Array.ConvertAll(parts, part => FolderClasses.Of(layout.Root, part, training, classes));
        var warnings = new List<string>();
        if (layout.Others.Length > 0) warnings.Add($"{layout.Root}: left out are the images in {FolderClasses.Some(layout.Others)}");
        var files = ImageSearch.Run(parts.SelectMany(part => part.Paths), warnings);
        // The first part has the warnings that belong to none.
        return [.. parts.Select((part, at) => Create(part, found[at], files.AsSpan(parts.Take(at).Sum(before => before.Folders.Length), part.Folders.Length), part == layout.Train, at == 0 ? warnings : []))];
    }

    static ImageFileDataset Create(FolderPart part, FolderClasses classes, ReadOnlySpan<ClassFiles> folders, bool isTraining, List<string> warnings)
    {
        var images = new List<(string, int)>();
        for (var at = 0; at < folders.Length; at++)
        {
            if (FolderLayout.AreParts(folders[at].Folders))
                throw new DatasetException($"{folders[at].Folder}: expected the images of a class, found the parts of a data set: {string.Join(", ", folders[at].Folders)}");
            foreach (var image in folders[at].Images) images.Add((image, classes.Indices[at]));
            if (folders[at].Warning is { } warning) warnings.Add(warning);
        }
        if (images.Count == 0)
            throw new DatasetException($"{part.Path}: expected images ({string.Join(", ", ImageFormats.Extensions)}) in its {folders.Length} folders, found none{(warnings.Count == 0 ? "" : $". {warnings[0]}")}");
        if (LooseImages(part.Path) is > 0 and var loose) warnings.Add($"{part.Path}: left out are images beside the folders of classes ({loose})");
        if (classes.Names.Count == 1 && folders[0].Folders.Count > 1)
            warnings.Add($"{folders[0].Folder}: the only class, with images in {FolderClasses.Some(folders[0].Folders)}; open this folder if those are the classes");
        string[] absent = isTraining ? [.. classes.Names.Where((_, index) => !classes.Indices.Contains(index))] : [];
        if (absent.Length > 0) warnings.Add($"{part.Path}: {absent.Length} of {classes.Names.Count} classes have no folder ({FolderClasses.Some(absent)})");
        var name = part.Name.Length == 0 ? "" : $"{part.Name}, ";
        return new($"{name}{part.Folders.Length} folders of images, their classes by {classes.How}", classes.Names, images, warnings);
    }

    static int LooseImages(string folder) =>
        new DirectoryInfo(folder).EnumerateFiles().Count(file => !HiddenEntries.Contains(file) && ImageFormats.HasExtension(file.Name));
}
