using ResNet.Runtime.Data;

namespace ResNet.Runtime.Tests.Data;

/// <summary>Each image counts once, wherever links lead.</summary>
public sealed class LinkTests : IDisposable
{
    readonly TemporaryFolder _folder = new(), _elsewhere = new();

    public LinkTests()
    {
        for (var i = 0; i < 3; i++) _folder.WriteImage($"cat/{i}.png");
        for (var i = 0; i < 2; i++) _folder.WriteImage($"dog/{i}.png");
    }

    public void Dispose()
    {
        _folder.Dispose();
        _elsewhere.Dispose();
    }

    [Theory]
    [InlineData("cat/loop", ".", "it leads back to")]
    [InlineData("cat/deep/loop", "..", "it leads back to")]
    [InlineData("cat/up", "..", "it leads back to")]
    [InlineData("cat/far", "../../..", "it leads back to")]
    [InlineData("cat/again", "deep", "are counted already")]
    [InlineData("cat/absent", "nothing", "does not exist")]
    [InlineData("cat/self", "self", "links lead in a circle")]
    [InlineData("cat/copy.png", "0.png", "is counted already")]
    [InlineData("cat/gone.png", "9.png", "does not exist")]
    public void A_link_that_gives_nothing_new_is_left_out_with_a_warning(string link, string target, string problem)
    {
        _folder.WriteImage("cat/deep/3.png");
        Link(link, target);
        var dataset = Open();
        Assert.Equal((4, 2), (Of(dataset, 0), Of(dataset, 1)));
        var warning = Assert.Single(dataset.Warnings);
        Assert.StartsWith($"{_folder.File(link)}: ", warning, StringComparison.Ordinal);
        Assert.Contains(problem, warning, StringComparison.Ordinal);
    }

    [Fact]
    public void A_loop_through_a_link_above_is_seen()
    {
        // The class's folder is reached by another path than the one it was opened by.
        Directory.CreateSymbolicLink(_elsewhere.File("photos"), _folder.Path);
        Link("cat/loop", _elsewhere.File("photos/cat"));
        foreach (var root in new[] { _folder.Path, _elsewhere.File("photos") })
        {
            var dataset = ImageDataset.Open(root, DatasetSplit.Train);
            Assert.Equal((3, 2), (Of(dataset, 0), Of(dataset, 1)));
            Assert.Single(dataset.Warnings);
        }
    }

    [Theory]
    [InlineData("cat/friend", "../dog")]
    [InlineData("cat/0.link.png", "../dog/0.png")]
    [InlineData("hound", "dog")]
    public void An_image_of_two_classes_is_an_error(string link, string target)
    {
        Link(link, target);
        var error = Assert.Throws<DatasetException>(Open);
        Assert.StartsWith($"{_folder.File(link)}: expected images that no other folder of the data set has", error.Message, StringComparison.Ordinal);
        Assert.Contains(_folder.File("dog"), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Classes_that_lead_to_each_other_are_an_error()
    {
        Link("cat/d", "../dog");
        Link("dog/c", "../cat");
        Assert.Contains("cat/d: expected images that no other folder", Assert.Throws<DatasetException>(Open).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_that_leads_to_all_of_them_is_an_error()
    {
        Link("all", ".");
        Assert.Contains("all: expected a folder of images, found a link that leads back to", Assert.Throws<DatasetException>(Open).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Links_to_images_and_folders_elsewhere_are_followed()
    {
        _elsewhere.WriteImage("emus/1.png", red: 1);
        _elsewhere.WriteImage("more/2.png", red: 2);
        File.Move(_elsewhere.WriteImage("blob.png", red: 3), _elsewhere.File("blob"));
        Link("emu", _elsewhere.File("emus"));
        Link("emu/more", _elsewhere.File("more"));
        Link("emu/3.png", _elsewhere.File("blob"));

        var dataset = Open();

        Assert.Equal(["cat", "dog", "emu"], dataset.Classes);
        Assert.Equal([1, 3, 2], Enumerable.Range(5, 3).Select(index => (int)dataset.Load(index)[0, 0].Red));
        Assert.Empty(dataset.Warnings);
        // Two links to one image are one image.
        Link("emu/4.png", _elsewhere.File("blob"));
        Assert.Equal((8, 1), (Open().Count, Open().Warnings.Count));
    }

    ImageDataset Open() => ImageDataset.Open(_folder.Path, DatasetSplit.Train);

    void Link(string path, string target)
    {
        if (Directory.Exists(Path.Combine(Path.GetDirectoryName(_folder.File(path))!, target))) Directory.CreateSymbolicLink(_folder.File(path), target);
        else File.CreateSymbolicLink(_folder.File(path), target);
    }

    static int Of(ImageDataset dataset, int index) => Enumerable.Range(0, dataset.Count).Count(image => dataset.ClassOf(image) == index);
}
