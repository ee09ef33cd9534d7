using ResNet.Runtime.Data.Folders;

namespace ResNet.Runtime.Data;

/// <summary>
/// A folder of images with lists of their classes (<see cref="MetadataLists"/>): one for each part, or one of all, whose files' folders tell the
/// part.
/// </summary>
/// <param name="root">The folder.</param>
/// <param name="lists">The lists.</param>
/// <param name="classes">Names of the classes; null for those of <c>classes.txt</c>, or of the training part.</param>
sealed class MetadataFolder(string root, PartFiles lists, IReadOnlyList<string>? classes)
{
    readonly ImageList? _whole = lists.HasParts ? null : Whole(lists.Train[0], classes);

    /// <summary>Opens one part.</summary>
    /// <exception cref="DatasetException">There is no such part, or it may be a class, or a line of its list is wrong.</exception>
    public ImageFileDataset Open(DatasetSplit split) =>
        Part(split).Images(split, classes ?? ClassList.Find(root)?.Lines ?? (split == DatasetSplit.Test ? TrainingClasses : null));

    /// <summary>Opens the images to train on and, if there is a part for them, those to validate on.</summary>
    /// <exception cref="DatasetException">As of <see cref="Open"/>.</exception>
    public (ImageFileDataset Train, ImageFileDataset? Validation) OpenParts()
    {
        var train = Open(DatasetSplit.Train);
        var validation = _whole is null
            ? lists.Validation is [var list, ..] ? ImageList.Read(list, classes) : null
            : _whole.Folders.Validation is { } folders ? _whole.In(folders) : null;
        return (train, validation?.Images(DatasetSplit.Test, train.Classes));
    }

    /// <summary>Reads a list of all images. One part beside other folders may as well be a class among classes.</summary>
    static ImageList Whole(string path, IReadOnlyList<string>? classes)
    {
        var list = ImageList.Read(path, classes);
        if (list.Folders is { Warnings: [var others, ..] } folders && !(folders.HasTrain && folders.HasTest))
            throw new DatasetException(
                $"{path}: expected files in folders {FolderLayout.TrainNames} and in folders {FolderLayout.TestNames}, or in none of these; found {(folders.HasTrain ? folders.Train : folders.Test)[0]} " +
                $"beside others ({others}). If it is a class, open the list itself instead of its folder");
        return list;
    }

    IReadOnlyList<string>? TrainingClasses => (_whole?.Folders ?? lists).HasTrain ? Part(DatasetSplit.Train).Images(DatasetSplit.Train, null).Classes : null;

    ImageList Part(DatasetSplit split) => _whole is null ? ImageList.Read(lists.Of(split)[0], classes) : _whole.In(_whole.Folders.Of(split));
}
