using ResNet.Runtime;
using ResNet.Runtime.Data;
using ResNet.Tool.Output;

namespace ResNet.Tool.Data;

/// <summary>Data sets with boxes as the command line names them: a path, or <see cref="Shapes"/>.</summary>
static class DetectionDatasets
{
    /// <summary>Drawn pictures, which need no file.</summary>
    public const string Shapes = "shapes-detection";

    public const string Description = $"VOC's or COCO's layout, or {Shapes}";

    const int TrainingShapes = 3_200, TestShapes = 200;

    /// <summary>Opens a part of a data set.</summary>
    /// <param name="nameOrPath">The data set.</param>
    /// <param name="split">The part, where the data set has parts.</param>
    /// <param name="classes">Names of the detector's classes; null for those of the data.</param>
    /// <param name="invalidBoxes">The treatment of invalid boxes.</param>
    public static DetectionDataset Open(string nameOrPath, DatasetSplit split, IReadOnlyList<string>? classes, InvalidBoxes invalidBoxes)
    {
        if (nameOrPath != Shapes) return DetectionDataset.Open(nameOrPath, split, new() { Classes = classes, InvalidBoxes = invalidBoxes });
        if (classes is not null && !classes.SequenceEqual(ShapesDetection.Names))
            throw new ToolException($"{Shapes} has the classes {string.Join(", ", ShapesDetection.Names)}, the detector others: name the images with --data");
        return new ShapesDetection(split == DatasetSplit.Train ? TrainingShapes : TestShapes, split);
    }

    /// <summary>Opens the images to train and to validate on.</summary>
    /// <param name="nameOrPath">The data set.</param>
    /// <param name="validation">Images to validate on; null for the other part of the data set, of which a file has none.</param>
    /// <param name="invalidBoxes">The treatment of invalid boxes.</param>
    public static (DetectionDataset Train, DetectionDataset? Validation) OpenSplits(string nameOrPath, string? validation, InvalidBoxes invalidBoxes)
    {
        var train = Open(nameOrPath, DatasetSplit.Train, null, invalidBoxes);
        if (validation is null && File.Exists(nameOrPath)) return (train, null);
        return (train, Open(validation ?? nameOrPath, DatasetSplit.Test, train.Classes, invalidBoxes));
    }
}
