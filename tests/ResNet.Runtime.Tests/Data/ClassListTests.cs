using ResNet.Runtime.Data;

namespace ResNet.Runtime.Tests.Data;

/// <summary>The lines of a classes.txt, and the folders that they mean.</summary>
public sealed class ClassListTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_line_is_a_name_with_spaces()
    {
        var dataset = Open("poodle\ngolden retriever\n  cat, wild\n", "golden retriever", "poodle", "cat, wild");
        Assert.Equal(["poodle", "golden retriever", "cat, wild"], dataset.Classes);
        Assert.Equal(["cat, wild 2", "golden retriever 1", "poodle 0"], FoldersOf(dataset));
        Assert.Empty(dataset.Warnings);
    }

    [Fact]
    public void A_line_may_go_on_with_a_description()
    {
        var dataset = Open("n01440764 tench\nn01443537\tgoldfish, Carassius auratus\nn01484850, great white shark\nn02\n", "n02", "n01484850", "n01443537", "n01440764");
        Assert.Equal(["tench", "goldfish, Carassius auratus", "great white shark", "n02"], dataset.Classes);
        Assert.Equal(["n01440764 0", "n01443537 1", "n01484850 2", "n02 3"], FoldersOf(dataset));
    }

    [Fact]
    public void The_whole_line_comes_before_its_first_word()
    {
        var dataset = Open("golden\ngolden retriever\ngolden hamster\n", "golden retriever", "golden");
        Assert.Equal(["golden", "golden retriever", "golden hamster"], dataset.Classes);
        Assert.Equal(["golden 0", "golden retriever 1"], FoldersOf(dataset));
        Assert.Equal([$"{_folder.Path}: 1 of 3 classes have no folder (golden hamster)"], dataset.Warnings);
    }

    [Fact]
    public void Case_and_underscores_make_no_difference_where_no_other_folder_is_meant()
    {
        Assert.Equal(["golden_retriever 1", "poodle 0"], FoldersOf(Open("Poodle\nGolden Retriever\n", "golden_retriever", "poodle")));
        Assert.Equal(["Cat 0", "cat 1"], FoldersOf(Open("Cat\ncat\n", "Cat", "cat")));
    }

    [Fact]
    public void Descriptions_that_are_alike_leave_the_lines_as_they_are() =>
        Assert.Equal(["n1 crane", "n2 crane"], Open("n1 crane\nn2 crane\n", "n1", "n2").Classes);

    [Theory]
    [InlineData("dog\n", "found the folder cat that is not")]
    [InlineData("cat\ndog\ncat\n", "found the folder cat in \"cat\" and \"cat\"")]
    [InlineData("cat one\ncat two\n", "found the folder cat in \"cat one\" and \"cat two\"")]
    public void A_folder_is_listed_once(string list, string expected) =>
        Assert.Contains(expected, Assert.Throws<DatasetException>(() => Open(list, "cat")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_list_of_the_training_part_serves_the_others()
    {
        foreach (var part in new[] { "train", "valid" })
            foreach (var name in new[] { "n1", "n2" }) _folder.WriteImage($"{part}/{name}/1.png");
        _folder.Write("train/classes.txt", "n2 dog\nn1 cat\n");
        var splits = DatasetSplits.Open(_folder.Path);
        Assert.Equal(["dog", "cat"], splits.Validation!.Classes);
        Assert.Equal(["n1 1", "n2 0"], FoldersOf(splits.Validation));
        Assert.Equal(["n1 1", "n2 0"], FoldersOf(splits.Train));
    }

    ImageDataset Open(string list, params string[] folders)
    {
        foreach (var folder in Directory.GetDirectories(_folder.Path)) Directory.Delete(folder, recursive: true);
        foreach (var folder in folders) _folder.WriteImage($"{folder}/1.png");
        _folder.Write("classes.txt", list);
        return ImageDataset.Open(_folder.Path, DatasetSplit.Train);
    }

    static IEnumerable<string> FoldersOf(ImageDataset dataset) =>
        Enumerable.Range(0, dataset.Count).Select(index => $"{Path.GetFileName(Path.GetDirectoryName(dataset.NameOf(index)))} {dataset.ClassOf(index)}");
}
