namespace ResNet.Runtime.Data.Folders;

/// <summary>
/// The parts of a folder of images. A folder whose name means a part is a class only if the names of the classes say so: a model that
/// has learned the classes "train" and "valid" is of no use.
/// </summary>
/// <param name="Root">The folder.</param>
/// <param name="Train">The images to train on; null where there are only others.</param>
/// <param name="Test">The images that no network is trained on; null where there are none. The whole folder if it has no parts.</param>
/// <param name="Validation">The images to validate on while a network is trained; null where there are none, or no parts.</param>
/// <param name="Others">Names of folders with images beside the parts.</param>
sealed record FolderLayout(string Root, FolderPart? Train, FolderPart? Test, FolderPart? Validation, string[] Others)
{
    public const string TrainNames = "train or training";

    public const string TestNames = "test, val, valid, validation, dev or eval";

    /// <summary>Finds the parts of a folder.</summary>
    /// <param name="root">The folder.</param>
    /// <param name="classes">Names of classes, as far as they are known.</param>
    /// <exception cref="DatasetException">A folder cannot be read, or may be a part as well as a class.</exception>
    public static FolderLayout Of(string root, IReadOnlyList<string> classes)
    {
        var whole = new FolderPart(root, "");
        var parts = Array.FindAll(whole.Folders, PartNames.IsPart);
        var names = new ClassNames(classes);
        if (parts.Length == 0)
        {
            if (ArePartsByOtherNames(whole.Folders) && !Array.TrueForAll(whole.Folders, folder => names.TryGetIndex(folder, out _)))
                throw new DatasetException(
                    $"{root}: {string.Join(" and ", whole.Folders)} look like parts of a data set rather than classes; name them {TrainNames} and {TestNames}. " +
                    $"If they are classes, list them in {ClassList.FileName}");
            return new(root, whole, whole, null, []);
        }
        string[] others = [.. whole.Folders.Except(parts).Where(other => HoldsImages(Path.Combine(root, other)))];
        if (others.Length > 0 && Array.TrueForAll(parts, part => names.TryGetIndex(part, out _))) return new(root, whole, whole, null, []);

        var (train, test) = (Find(root, parts, PartNames.Train), Find(root, parts, PartNames.Test));
        if (others.Length > 0 && (train is null || test is null))
            throw new DatasetException(
                $"{root}: expected folders of classes, or a folder {TrainNames} beside one of {TestNames}; found {parts[0]} beside {others[0]}. " +
                $"If {parts[0]} is a class, list all classes in {ClassList.FileName}");
        return new(root, train, test, Find(root, parts, PartNames.Validation), others);
    }

    /// <summary>Whether the names of folders are those of parts for training and for testing.</summary>
    public static bool AreParts(IReadOnlyList<string> folders) => folders.Any(PartNames.IsTrain) && folders.Any(folder => PartNames.IsPart(folder) && !PartNames.IsTrain(folder));

    /// <summary>Whether all folders are named as train_set and val_set or train2017 and val2017 are: a part's name, and more.</summary>
    static bool ArePartsByOtherNames(string[] folders)
    {
        var words = Array.ConvertAll(folders, folder => new string([.. folder.TakeWhile(char.IsLetter)]));
        return Array.TrueForAll(words, PartNames.IsPart) && AreParts(words);
    }

    /// <summary>The first of the names that is a folder with folders in it, in any case, or else the first that is a folder.</summary>
    static FolderPart? Find(string root, string[] folders, string[] names)
    {
        var found = names.SelectMany(name => folders.Where(folder => folder.Equals(name, StringComparison.OrdinalIgnoreCase)))
            .Select(folder => new FolderPart(root, folder)).ToArray();
        // ImageNet's test images, say, have no classes.
        return Array.Find(found, part => part.Folders.Length > 0) ?? found.FirstOrDefault();
    }

    static bool HoldsImages(string folder) => Directory
        .EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.Hidden | FileAttributes.ReparsePoint })
        .Any(ImageFormats.HasExtension);
}
