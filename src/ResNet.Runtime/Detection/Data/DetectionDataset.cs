using ResNet.Runtime.Data;
using ResNet.Runtime.Detection.Data.Coco;
using ResNet.Runtime.Detection.Data.Voc;

namespace ResNet.Runtime;

/// <summary>Images with boxes around their objects. Its methods may be called from several threads at once.</summary>
public abstract class DetectionDataset
{
    /// <summary>The kind of the data set and its size, in a line.</summary>
    public abstract string Description { get; }

    /// <summary>Number of images.</summary>
    public abstract int Count { get; }

    /// <summary>Names of the classes, by index; the background is none.</summary>
    public abstract IReadOnlyList<string> Classes { get; }

    /// <summary>Warnings before training, a sentence each: boxes that are left out or clipped. Empty if there are none.</summary>
    public virtual IReadOnlyList<string> Warnings => [];

    /// <summary>Returns the name of an image: its file, or its place in a drawn set.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> - 1.</param>
    public abstract string NameOf(int index);

    /// <summary>Returns the objects of an image, in the order of their annotation. There may be none.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> - 1.</param>
    public abstract IReadOnlyList<ObjectAnnotation> Objects(int index);

    /// <summary>Reads an image.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> - 1.</param>
    /// <exception cref="DatasetException">The image cannot be read, or has another size than its annotation says.</exception>
    public abstract Image Load(int index);

    /// <summary>
    /// Opens a data set in any of the known layouts. A folder in PASCAL VOC's layout has <c>Annotations</c>, <c>ImageSets/Main</c> and
    /// <c>JPEGImages</c>, itself or in its only subfolder that has; its test images are those of <c>test.txt</c>, with <c>trainval.txt</c> to train on, or
    /// else those of <c>val.txt</c>, with <c>train.txt</c>. A folder in COCO's layout has one JSON file of instances per part, itself
    /// or in <c>annotations</c>, whose name says <c>train</c>, or <c>test</c> or <c>val</c>. A JSON file is taken whole.
    /// </summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="split">The part to open, where the layout has parts.</param>
    /// <param name="options">Classes, invalid boxes and place of the images; the defaults where null.</param>
    /// <exception cref="ArgumentException">The split is no part.</exception>
    /// <exception cref="DatasetException">There is nothing at that path, it has none of those layouts, or its annotations are wrong. Nothing is half loaded.</exception>
    public static DetectionDataset Open(string path, DatasetSplit split, DetectionDatasetOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        split.Checked();
        if (File.Exists(path)) return CocoDataset.Open(path, options);
        if (!Directory.Exists(path)) throw new DatasetException($"{path}: there is no such file or folder");
        if (VocFolder.Find(path) is { } folder) return VocDataset.Open(folder.Root, folder.ImageSetOf(split), options);
        return CocoDataset.Open(CocoFolder.Find(path, split)
            ?? throw new DatasetException($"{path}: expected the folder {VocFolder.Annotations} of PASCAL VOC or a JSON file of COCO's instances, found neither"), options);
    }

    /// <summary>Returns an index that is one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such image.</exception>
    private protected int Checked(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        return index;
    }
}
