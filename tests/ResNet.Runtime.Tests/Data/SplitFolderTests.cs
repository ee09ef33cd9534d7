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
        Refused($"{_folder.Path}: expected a folder test or val, found only train");
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

    [Fact]
    public void A_class_may_be_called_train()
    {
        _folder.WriteImage("tractor/1.png");
        _folder.WriteImage("train/2.png");
        var dataset = ImageDataset.Open(_folder.Path, ["tractor", "train"], DatasetSplit.Train);
        Assert.Equal([0, 1], [dataset.ClassOf(0), dataset.ClassOf(1)]);
    }

    [Fact]
    public void A_folder_of_classes_is_taken_whole()
    {
        _folder.WriteImage("cat/1.png");
        _folder.WriteImage("dog/1.png");
        Assert.Equal((2, 2), (Open().Count, Open(DatasetSplit.Train).Count));
    }

    ImageDataset Open(DatasetSplit split = DatasetSplit.Test) => ImageDataset.Open(_folder.Path, _labels, split);

    void Refused(string message) => Assert.Equal(message, Assert.Throws<DatasetException>(() => Open()).Message);
}
