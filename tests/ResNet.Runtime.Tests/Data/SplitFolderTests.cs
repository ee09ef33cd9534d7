using ResNet.Runtime.Data;

namespace ResNet.Runtime.Tests.Data;

public sealed class SplitFolderTests : IDisposable
{
    static readonly string[] _labels = ["cat", "dog"];

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("train", "test")]
    [InlineData("train", "val")]
    [InlineData("Train", "TEST")]
    public void Each_part_has_its_folder(string train, string test)
    {
        _folder.WriteImage($"{train}/cat/1.png", red: 1);
        _folder.WriteImage($"{train}/dog/2.png", red: 2);
        _folder.WriteImage($"{test}/dog/3.png", red: 3);
        _folder.WriteImage("else/4.png");

        var (trainSet, testSet) = (Open(DatasetSplit.Train), Open());

        Assert.Equal([1, 2], [trainSet.Load(0)[0, 0].Red, trainSet.Load(1)[0, 0].Red]);
        Assert.Equal((1, 3, 1), (testSet.Count, testSet.Load(0)[0, 0].Red, testSet.ClassOf(0)));
        Assert.StartsWith($"{train}, 2 folders", trainSet.Description, StringComparison.Ordinal);
        Assert.Equal([$"{_folder.Path}: left out are the images in else"], trainSet.Warnings);
    }

    [Fact]
    public void Test_images_without_classes_give_way_to_val()
    {
        _folder.WriteImage("train/cat/1.png");
        _folder.WriteImage("test/2.png");
        _folder.WriteImage("val/cat/3.png", red: 3);
        Assert.Equal(3, Open().Load(0)[0, 0].Red);
    }

    [Fact]
    public void A_part_that_is_absent_is_named()
    {
        _folder.WriteImage("train/cat/1.png");
        Assert.Equal(1, Open(DatasetSplit.Train).Count);
        Refused($"{_folder.Path}: expected a folder test, val, valid, validation, dev or eval, found only train");
        _folder.Write("test/readme.txt", "");
        Refused($"{_folder.File("test")}: expected a folder of images per class, found no folder");
    }

    [Fact]
    public void One_list_of_classes_serves_both_parts()
    {
        _folder.WriteImage("train/n1/1.png");
        _folder.WriteImage("test/n1/2.png");
        _folder.Write("classes.txt", "n0\nn1\n");
        Assert.Equal([1, 1], [Open().ClassOf(0), Open(DatasetSplit.Train).ClassOf(0)]);
    }

    [Theory]
    [InlineData("test")]
    [InlineData("valid")]
    [InlineData("train")]
    public void A_folder_that_may_be_part_or_class_is_refused_unless_the_classes_are_named(string name)
    {
        foreach (var folder in new[] { "cat", "dog", "emu", name }) _folder.WriteImage($"{folder}/1.png");
        var error = Assert.Throws<DatasetException>(() => ImageDataset.Open(_folder.Path, DatasetSplit.Train));
        Assert.Contains($"found {name} beside cat. If {name} is a class, list all classes in classes.txt", error.Message, StringComparison.Ordinal);
        Assert.Equal(4, ImageDataset.Open(_folder.Path, DatasetSplit.Train, ["cat", "dog", "emu", name]).Count);

        _folder.Write("classes.txt", $"emu\n{name}\ncat\ndog\n");
        var dataset = ImageDataset.Open(_folder.Path, DatasetSplit.Train);
        Assert.Equal(["emu", name, "cat", "dog"], dataset.Classes);
        Assert.Equal(4, dataset.Count);
    }

    [Fact]
    public void A_part_stands_beside_folders_without_images()
    {
        _folder.WriteImage("train/cat/1.png");
        _folder.Write("scripts/run.py", "");
        Assert.Equal(["cat"], ImageDataset.Open(_folder.Path, DatasetSplit.Train).Classes);
        // A class of the part may be called like a part.
        _folder.WriteImage("train/train/1.png");
        Assert.Equal(["cat", "train"], ImageDataset.Open(_folder.Path, DatasetSplit.Train).Classes);
    }

    [Fact]
    public void Parts_within_a_class_are_refused()
    {
        foreach (var part in new[] { "train", "valid" }) _folder.WriteImage($"archive/{part}/cat/1.png");
        Assert.Equal(
            $"{_folder.File("archive")}: expected the images of a class, found the parts of a data set: train, valid",
            Assert.Throws<DatasetException>(() => ImageDataset.Open(_folder.Path, DatasetSplit.Train)).Message);
    }

    [Fact]
    public void A_class_may_be_called_train()
    {
        _folder.WriteImage("tractor/1.png");
        _folder.WriteImage("train/2.png");
        var dataset = ImageDataset.Open(_folder.Path, DatasetSplit.Train, ["tractor", "train"]);
        Assert.Equal([0, 1], [dataset.ClassOf(0), dataset.ClassOf(1)]);
    }

    [Fact]
    public void The_order_of_unknown_names_is_that_of_the_part_that_has_all_classes()
    {
        foreach (var name in new[] { "n1", "n2" }) _folder.WriteImage($"train/{name}/1.png");
        _folder.WriteImage("test/n2/1.png");
        Assert.Equal(1, Open().ClassOf(0));
        // A training part of which only some is there says nothing.
        Directory.Delete(_folder.File("train/n1"), recursive: true);
        _folder.WriteImage("test/n1/1.png");
        Assert.Equal([0, 1], [Open().ClassOf(0), Open().ClassOf(1)]);
    }

    [Fact]
    public void A_folder_of_classes_is_taken_whole()
    {
        _folder.WriteImage("cat/1.png");
        _folder.WriteImage("dog/1.png");
        Assert.Equal((2, 2), (Open().Count, Open(DatasetSplit.Train).Count));
    }

    ImageDataset Open(DatasetSplit split = DatasetSplit.Test) => ImageDataset.Open(_folder.Path, split, _labels);

    void Refused(string message) => Assert.Equal(message, Assert.Throws<DatasetException>(() => Open()).Message);
}
