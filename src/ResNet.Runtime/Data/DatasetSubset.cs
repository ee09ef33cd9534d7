namespace ResNet.Runtime.Data;

/// <summary>Some of a data set's images, in its order.</summary>
sealed class DatasetSubset(ImageDataset all, int[] indices, IReadOnlyList<string> warnings) : ImageDataset
{
    public override string Description => $"{indices.Length} of the {all.Count} images of {all.Description}";

    public override IReadOnlyList<string> Classes => all.Classes;

    public override IReadOnlyList<string> Warnings => warnings;

    public override int Count => indices.Length;

    public override int ClassOf(int index) => all.ClassOf(indices[index]);

    public override string NameOf(int index) => all.NameOf(indices[index]);

    internal override int BlockOf(int index) => all.BlockOf(indices[index]);

    internal override int? BlocksAtOnce => all.BlocksAtOnce;

    public override Image Load(int index) => all.Load(indices[index]);
}
