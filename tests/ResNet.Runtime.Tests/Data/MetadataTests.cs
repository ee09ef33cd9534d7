using ResNet.Runtime.Data;

namespace ResNet.Runtime.Tests.Data;

/// <summary>Folders of images with the hub's <c>metadata.csv</c> or <c>metadata.jsonl</c>.</summary>
public sealed class MetadataTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Columns_are_found_by_name()
    {
        for (byte red = 0; red < 3; red++) _folder.WriteImage($"deep/{red}.png", red);
        _folder.Write("metadata.csv", "caption,label,file_name\r\n\"a cat,\r\non two lines\",cat,deep/0.png\r\nthe \"\"dog\"\",dog,deep/1.png\r\n,cat,deep/2.png\r\n");
        var dataset = ImageDataset.Open(_folder.Path, DatasetSplit.Train);
        Assert.Equal(["cat", "dog"], dataset.Classes);
        Assert.Equal([0, 1, 0], Labels(dataset));
        Assert.Equal(2, dataset.Load(2)[0, 0].Red);
        var splits = DatasetSplits.Open(_folder.Path, new() { ValidationShare = 0.5 });
        Assert.Equal((2, 1), (splits.Train.Count, splits.Validation!.Count));
    }

    [Fact]
    public void Lines_of_JSON_are_read_as_well()
    {
        _folder.WriteImage("a.png");
        _folder.WriteImage("b.png");
        var path = _folder.Write("metadata.jsonl", """
            {"file_name": "b.png", "label": 1, "box": {"x": 3}}

            {"label": 0, "file_name": "a.png"}
            """);
        var dataset = ImageDataset.Open(_folder.Path, DatasetSplit.Train);
        Assert.Equal([1, 0], Labels(dataset));
        Assert.Equal(_folder.File("b.png"), dataset.NameOf(0));
        Assert.Equal(2, ImageDataset.Open(path, DatasetSplit.Test).Count);
    }

    [Fact]
    public void Each_part_has_a_list_and_all_have_the_classes_of_the_training_part()
    {
        foreach (var name in new[] { "train/0.png", "train/1.png", "train/2.png", "test/0.png", "validation/0.png" }) _folder.WriteImage(name);
        _folder.Write("train/metadata.csv", "file_name,label\n0.png,cat\n1.png,dog\n2.png,tench\n");
        _folder.Write("test/metadata.csv", "file_name,label\n0.png,tench\n");
        _folder.Write("validation/metadata.jsonl", """{"file_name": "0.png", "label": "dog"}""");

        var test = ImageDataset.Open(_folder.Path, DatasetSplit.Test);
        Assert.Equal((_folder.File("test/0.png"), "tench", 3), (test.NameOf(0), test.Classes[test.ClassOf(0)], test.Classes.Count));
        var splits = DatasetSplits.Open(_folder.Path);
        Assert.Equal((3, _folder.File("validation/0.png"), 1), (splits.Train.Count, splits.Validation!.NameOf(0), splits.Validation.ClassOf(0)));
    }

    [Fact]
    public void Indices_have_the_names_in_classes_txt()
    {
        _folder.WriteImage("a.png");
        _folder.Write("classes.txt", "cat\ndog\ntench\n");
        _folder.Write("metadata.csv", "file_name,label\na.png,2\n");
        var dataset = ImageDataset.Open(_folder.Path, DatasetSplit.Train);
        Assert.Equal("tench", dataset.Classes[dataset.ClassOf(0)]);
    }

    [Fact]
    public void One_list_of_all_parts_is_divided_by_their_folders()
    {
        foreach (var name in new[] { "train/0.png", "train/1.png", "test/0.png" }) _folder.WriteImage(name);
        _folder.Write("metadata.csv", "file_name,label\ntrain/0.png,cat\ntrain/1.png,dog\ntest/0.png,dog\n");
        Assert.Equal(2, ImageDataset.Open(_folder.Path, DatasetSplit.Train).Count);
        var splits = DatasetSplits.Open(_folder.Path);
        Assert.Equal((2, _folder.File("test/0.png"), 1), (splits.Train.Count, splits.Validation!.NameOf(0), splits.Validation.ClassOf(0)));
    }

    [Fact]
    public void A_part_beside_other_folders_may_be_a_class()
    {
        foreach (var name in new[] { "car/0.png", "bus/0.png", "train/0.png" }) _folder.WriteImage(name);
        var path = _folder.Write("metadata.csv", "file_name,label\ncar/0.png,car\nbus/0.png,bus\ntrain/0.png,train\n");
        Assert.Contains("open the list itself", Assert.Throws<DatasetException>(() => ImageDataset.Open(_folder.Path, DatasetSplit.Train)).Message, StringComparison.Ordinal);
        Assert.Equal(3, ImageDataset.Open(path, DatasetSplit.Train).Count);

        _folder.WriteImage("test/0.png");
        _folder.Write("metadata.csv", "file_name,label\ncar/0.png,car\ntrain/0.png,car\ntest/0.png,car\n");
        Assert.Contains("left out are the images in car", Assert.Single(ImageDataset.Open(_folder.Path, DatasetSplit.Train).Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_beside_something_packed_is_read()
    {
        _folder.WriteImage("0.png");
        _folder.Write("images.tar.gz", "packed");
        _folder.Write("metadata.csv", "\nfile_name,label\n0.png,cat\n");
        Assert.Equal(1, ImageDataset.Open(_folder.Path, DatasetSplit.Train).Count);
    }

    [Fact]
    public void Captions_without_labels_leave_the_classes_to_the_folders()
    {
        _folder.WriteImage("cat/a.png");
        _folder.WriteImage("dog/b.png");
        _folder.Write("metadata.csv", "file_name,text\ncat/a.png,a cat\n");
        Assert.Equal(["cat", "dog"], ImageDataset.Open(_folder.Path, DatasetSplit.Train).Classes);
        File.Delete(_folder.File("metadata.csv"));
        _folder.Write("metadata.jsonl", """{"file_name": "cat/a.png", "text": "label"}""");
        Assert.Equal(["cat", "dog"], ImageDataset.Open(_folder.Path, DatasetSplit.Train).Classes);
    }

    [Theory]
    [InlineData("metadata.csv", "file_name,label\na.png,0\nb.png,0\n", "metadata.csv, line 3: expected the file")]
    [InlineData("metadata.csv", "file_name,label\na.png\n", "metadata.csv, line 2: expected a file and its class, found \"a.png\"")]
    [InlineData("metadata.csv", "file_name,label\n\"a.png,0\n", "metadata.csv, line 2: expected a file and its class")]
    [InlineData("metadata.csv", "file_name,label\n", "metadata.csv: expected lines")]
    [InlineData("metadata.jsonl", "{\"label\": 1}\n", "metadata.jsonl, line 1: expected a field file_name with a text or a number, found label")]
    [InlineData("metadata.jsonl", "{\"file_name\": \"a.png\", \"label\": null}\n", "line 1: expected a field label")]
    [InlineData("metadata.jsonl", "{\"file_name\": \"a.png\", \"label\": 0}\n[]\n", "line 2: expected an object, found Array")]
    [InlineData("metadata.jsonl", "{\"file_name\": \"a.png\", \"label\": \n", "line 1: expected JSON, found it damaged")]
    [InlineData("metadata.jsonl", "{\"file_name\": \"a.png\", \"label\": \"\\ud800\"}\n", "line 1: expected JSON, found it damaged")]
    [InlineData("metadata.jsonl", "{\"file_name\": \"a.png\", \"label\": 1.5}\n", "line 1: expected the index of a class")]
    public void Lists_that_are_wrong_are_refused(string name, string content, string expected)
    {
        _folder.WriteImage("a.png");
        _folder.Write(name, content);
        Assert.Contains(expected, Assert.Throws<DatasetException>(() => ImageDataset.Open(_folder.Path, DatasetSplit.Train)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_with_a_header_of_the_hub_needs_labels()
    {
        _folder.WriteImage("a.png");
        var path = _folder.Write("list.csv", "file_name,text\na.png,a cat\n");
        Assert.Equal($"{path}, line 1: expected a column label beside file_name, found file_name, text", Assert.Throws<DatasetException>(() => ImageDataset.Open(path, DatasetSplit.Train)).Message);
    }

    static IEnumerable<int> Labels(ImageDataset dataset) => Enumerable.Range(0, dataset.Count).Select(dataset.ClassOf);
}
