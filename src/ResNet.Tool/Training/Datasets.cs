using ResNet.Runtime;
using ResNet.Runtime.Data;

namespace ResNet.Tool.Training;

/// <summary>The images to train and to validate on.</summary>
static class Datasets
{
    public const string Shapes = "shapes10";

    const int TrainingShapes = 10_000, TestShapes = 2_000;

    public static ImageDataset Open(string nameOrPath, Network network, DatasetSplit split)
    {
        if (nameOrPath != Shapes) return CifarDataset.Open(nameOrPath, split);
        if (network.Labels.Count != Shapes10.Names.Count)
            throw new ToolException($"{Shapes} has {Shapes10.Names.Count} classes, the network {network.Labels.Count}: name the images with --data");
        return new Shapes10(split == DatasetSplit.Train ? TrainingShapes : TestShapes, split);
    }
}
