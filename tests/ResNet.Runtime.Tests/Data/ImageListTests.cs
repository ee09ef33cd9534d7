using ResNet.Runtime.Data;

namespace ResNet.Runtime.Tests.Data;

public sealed class ImageListTests : IDisposable
{
    static readonly string[] _labels = ["cat", "dog", "polar bear"];

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Classes_are_indices_or_names()
    {
        _folder.WriteImage("a.png");
        _folder.WriteImage("b, \"the\" bear.png", red: 7);

        var dataset = Open("file,class,more\r\na.png,1,0\r\n\r\n\"b, \"\"the\"\" bear.png\", Polar_Bear\r\na.png,0");

        Assert.Equal([1, 2, 0], Enumerable.Range(0, 3).Select(dataset.ClassOf));
        Assert.Equal(7, dataset.Load(1)[0, 0].Red);
        Assert.Equal(_folder.File("a.png"), dataset.NameOf(2));
    }

    [Fact]
    public void What_is_in_parentheses_may_be_left_out_where_the_name_is_unique()
    {
        _folder.WriteImage("a.png");
        string[] labels = ["crane (bird)", "boxer (dog)", "crane (machine)"];
        ImageDataset Open(string name) => ImageDataset.Open(_folder.Write("list.csv", $"a.png,{name}"), DatasetSplit.Test, labels);

        Assert.Equal(1, Open("boxer").ClassOf(0));
        Assert.Equal(2, Open("Crane (machine)").ClassOf(0));
        Assert.Throws<DatasetException>(() => Open("crane"));
    }

    [Fact]
    public void Names_that_a_list_has_are_its_classes()
    {
        for (var i = 0; i < 3; i++) _folder.WriteImage($"a photo, {i}.png");
        var dataset = OpenAlone("file,class\n\"a photo, 0.png\",golden retriever\n\"a photo, 1.png\",\"5\"\" disk, old\"\n\"a photo, 2.png\",Golden_Retriever\n");
        Assert.Equal(["5\" disk, old", "Golden_Retriever"], dataset.Classes);
        Assert.Equal([1, 0, 1], Enumerable.Range(0, 3).Select(dataset.ClassOf));
    }

    [Fact]
    public void Numbers_that_a_list_has_are_indices()
    {
        _folder.WriteImage("a.png");
        var dataset = OpenAlone("file,class\na.png,3\na.png,0\n");
        Assert.Equal(["0", "1", "2", "3"], dataset.Classes);
        Assert.Equal([3, 0], [dataset.ClassOf(0), dataset.ClassOf(1)]);
        Assert.Equal([$"{_folder.File("list.csv")}: 2 of 4 classes have no image (1, 2)"], dataset.Warnings);
    }

    [Theory]
    [InlineData("a.png,1.5\n", "line 1: expected the index of a class, 0, 1 and so on, or its name, found \"1.5\"")]
    [InlineData("a.png,0\na.png,\"1,000\"\n", "line 2: expected the index")]
    [InlineData("a.png,1_000\n", "found \"1_000\"")]
    [InlineData("a.png,-1\n", "found \"-1\"")]
    [InlineData("a.png,1e400\n", "found \"1e400\"")]
    [InlineData("a.png,0x10\n", "found \"0x10\"")]
    [InlineData("a.png,99999999999\n", "found \"99999999999\"")]
    [InlineData("a.png,100000\n", "expected indices of classes below 100000, found 100000")]
    [InlineData("a.png,0\na.png,NaN\n", "line 2: expected the index of a class, as in other lines, found \"NaN\"")]
    [InlineData("b.png,cat\n", "line 1: expected the file")]
    public void Classes_that_are_no_numbers_and_no_names_are_refused(string content, string expected)
    {
        _folder.WriteImage("a.png");
        Assert.Contains(expected, Assert.Throws<DatasetException>(() => OpenAlone(content)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_that_begin_like_numbers_are_names()
    {
        _folder.WriteImage("a.png");
        Assert.Equal(["18th century", "2CV"], OpenAlone("a.png,2CV\na.png,18th century\n").Classes);
        // A class that is called so comes before the one with the index.
        Assert.Equal(2, ImageDataset.Open(_folder.Write("list.csv", "a.png,1"), DatasetSplit.Test, ["2", "0", "1"]).ClassOf(0));
    }

    [Fact]
    public void Quotes_within_a_field_are_characters()
    {
        _folder.WriteImage("5\" disk.png");
        Assert.Equal(_folder.File("5\" disk.png"), Open("5\" disk.png, \"cat\" ").NameOf(0));
    }

    [Fact]
    public void A_header_is_optional()
    {
        _folder.WriteImage("a.png");
        Assert.Equal(1, Open("a.png,cat").Count);
    }

    [Fact]
    public void Files_may_stand_in_the_folder_of_the_lists_name()
    {
        _folder.WriteImage("list/a.png");
        Assert.Equal(_folder.File("list/a.png"), Open("a.png,0").NameOf(0));
    }

    [Theory]
    [InlineData("", "expected lines")]
    [InlineData("file,class\n", "expected lines")]
    [InlineData("file,class\na.png\n", "line 2: expected a file and its class, found \"a.png\"")]
    [InlineData("\"a.png,0\n", "line 1: expected a file and its class")]
    [InlineData("a.png,0\n,1\n", "line 2: expected a file and its class")]
    [InlineData("a.png,3\n", "line 1: expected a class from 0 to 2 or its name, found \"3\"")]
    [InlineData("a.png,-1\n", "line 1: expected a class from 0 to 2 or its name, found \"-1\"")]
    [InlineData("a.png,cow\n", "line 1: expected a class from 0 to 2 or its name, found \"cow\"")]
    [InlineData("file,class\nb.png,0\n", "line 2: expected the file")]
    public void Lists_that_are_wrong_are_refused(string content, string expected)
    {
        _folder.WriteImage("a.png");
        var error = Assert.Throws<DatasetException>(() => Open(content));
        Assert.StartsWith(_folder.File("list.csv"), error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nothing", "there is no such file or folder")]
    [InlineData("list.dat", "found a file .dat")]
    [InlineData("list", "found a file without extension")]
    public void What_is_no_data_set_is_refused(string name, string expected)
    {
        _folder.Write("list.dat", "");
        _folder.Write("list", "");
        var error = Assert.Throws<DatasetException>(() => ImageDataset.Open(_folder.File(name), DatasetSplit.Test, _labels));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_data_set_of_other_classes_is_refused()
    {
        var path = _folder.Write("some.bin", new byte[3073]);
        var error = Assert.Throws<DatasetException>(() => ImageDataset.Open(path, DatasetSplit.Test, _labels));
        Assert.Equal($"{path}: expected images of the network's 3 classes, found images of 10 classes", error.Message);
    }

    [SharedDataFact]
    public void Real_photos_are_found_beside_their_list()
    {
        var dataset = ImageDataset.Open(SharedData.File("imagenet", "photos.csv"), DatasetSplit.Test, Labels.ImageNet);

        Assert.Equal(63, dataset.Count);
        Assert.Equal("tench", Labels.ImageNet[dataset.ClassOf(0)]);
        // The photos' own names say what they show, if not always in the words of the labels.
        var named = Enumerable.Range(0, dataset.Count).Count(index =>
        {
            var name = Path.GetFileNameWithoutExtension(dataset.NameOf(index)).Split('_', 2)[1].Replace('_', ' ');
            return Labels.ImageNet[dataset.ClassOf(index)].Contains(name, StringComparison.OrdinalIgnoreCase);
        });
        Assert.True(named >= 60, $"{named} of 63");
    }

    ImageDataset OpenAlone(string content) => ImageDataset.Open(_folder.Write("list.csv", content), DatasetSplit.Train);

    ImageDataset Open(string content) => ImageDataset.Open(_folder.Write("list.csv", content), DatasetSplit.Test, _labels);
}
