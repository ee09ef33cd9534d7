using ResNet.Runtime.Data;

namespace ResNet.Runtime.Tests.Data;

public sealed class ImageFolderTests : IDisposable
{
    static readonly string[] _labels = ["zebra", "great white shark", "Apple"];

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Folders_named_after_classes_are_those_classes()
    {
        _folder.WriteImage("apple/1.png", red: 10);
        _folder.WriteImage("Great_White-Shark/deep/2.PNG", red: 20);
        _folder.Write("apple/readme.txt", "no image");
        _folder.Write(".git/config.png", "hidden");

        var dataset = ImageDataset.Open(_folder.Path, DatasetSplit.Test, _labels);

        Assert.Equal([1, 2], Enumerable.Range(0, dataset.Count).Select(dataset.ClassOf));
        Assert.Equal(20, dataset.Load(0)[0, 0].Red);
        Assert.Equal(_folder.File("apple/1.png"), dataset.NameOf(1));
        Assert.Contains("by the folders' names", dataset.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void Folders_name_the_classes_where_nothing_else_does()
    {
        foreach (var name in new[] { "golden retriever", "Zebra", "apple" }) _folder.WriteImage($"{name}/1.png");
        var dataset = ImageDataset.Open(_folder.Path, DatasetSplit.Train);
        Assert.Equal(["Zebra", "apple", "golden retriever"], dataset.Classes);
        Assert.Equal([0, 1, 2], Enumerable.Range(0, 3).Select(dataset.ClassOf));
        Assert.Empty(dataset.Warnings);
    }

    [Fact]
    public void As_many_unknown_folders_as_classes_are_taken_in_alphabetical_order()
    {
        foreach (var name in new[] { "n03", "n01", "n02" }) _folder.WriteImage($"{name}/1.png");

        var dataset = ImageDataset.Open(_folder.Path, DatasetSplit.Test, _labels);

        Assert.Equal([0, 1, 2], Enumerable.Range(0, 3).Select(dataset.ClassOf));
        Assert.Contains("n02", dataset.NameOf(1), StringComparison.Ordinal);
        Assert.Contains("alphabetical", dataset.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_of_classes_comes_before_everything_else()
    {
        _folder.WriteImage("n01/1.png");
        _folder.WriteImage("zebra/2.png");
        _folder.Write("classes.txt", "n02 a folder that is not there\nn01 tench\nzebra\n");

        var dataset = ImageDataset.Open(_folder.Path, DatasetSplit.Test, _labels);

        Assert.Equal([1, 2], Enumerable.Range(0, 2).Select(dataset.ClassOf));
        Assert.Contains("classes.txt", dataset.Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("n01\nn02\n", "expected a line for each of the network's 3 classes, found 2")]
    [InlineData("n01\nn02\nn03\n", "found the folder zebra that is not")]
    public void A_list_of_classes_that_does_not_fit_is_refused(string list, string expected)
    {
        _folder.WriteImage("zebra/1.png");
        _folder.Write("classes.txt", list);
        AssertRefused(expected);
    }

    [Fact]
    public void Unknown_names_are_refused_unless_their_number_fits()
    {
        _folder.WriteImage("cats/1.png");
        _folder.WriteImage("dogs/1.png");
        AssertRefused("found 2 folders, 2 with unknown names (cats, dogs)");
    }

    [Fact]
    public void A_misspelt_name_among_known_ones_is_refused()
    {
        foreach (var name in new[] { "apple", "zebra", "sharc" }) _folder.WriteImage($"{name}/1.png");
        AssertRefused("found 3 folders, 1 with unknown names (sharc)");
    }

    [Fact]
    public void A_folder_without_folders_is_refused()
    {
        AssertRefused("found no folder");
        _folder.WriteImage("1.png");
        AssertRefused("found images without folders");
    }

    [Fact]
    public void A_folder_without_images_is_refused()
    {
        _folder.Write("apple/readme.txt", "");
        AssertRefused("found none");
    }

    [Fact]
    public void A_broken_image_is_named()
    {
        var path = _folder.Write("apple/1.png", "no image");
        var dataset = ImageDataset.Open(_folder.Path, DatasetSplit.Test, _labels);
        var error = Assert.Throws<DatasetException>(() => dataset.Load(0));
        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
    }

    void AssertRefused(string expected)
    {
        var error = Assert.Throws<DatasetException>(() => ImageDataset.Open(_folder.Path, DatasetSplit.Test, _labels));
        Assert.StartsWith(_folder.Path, error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }
}
