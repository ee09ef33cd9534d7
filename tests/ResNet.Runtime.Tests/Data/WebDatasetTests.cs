using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using ResNet.Runtime.Data;

namespace ResNet.Runtime.Tests.Data;

public sealed class WebDatasetTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(TarEntryFormat.Pax)]
    [InlineData(TarEntryFormat.Gnu)]
    [InlineData(TarEntryFormat.Ustar)]
    public void Images_and_their_labels_are_found_in_a_tar_file(TarEntryFormat format)
    {
        // A name that takes a header of its own.
        var longName = $"photos/{new string('n', 90)}/0001";
        var path = _folder.WriteTar("a.tar", format, [($"{longName}.png", Png(1)), ($"{longName}.cls", "2\n"u8.ToArray()), ("0002.cls", "0"u8.ToArray()), ("0002.PNG", Png(2)), ("0002.json", "{}"u8.ToArray())]);
        var dataset = Open(path);
        Assert.Equal((2, "2 images of a.tar"), (dataset.Count, dataset.Description));
        Assert.Equal([2, 0], [dataset.ClassOf(0), dataset.ClassOf(1)]);
        Assert.Equal(["0", "1", "2"], dataset.Classes);
        Assert.Equal([1, 2], [dataset.Load(0)[0, 0].Red, dataset.Load(1)[0, 0].Red]);
        Assert.Equal($"{path}#0002.PNG", dataset.NameOf(1));
    }

    [Fact]
    public void A_pattern_names_several_files()
    {
        for (var shard = 8; shard <= 11; shard++) Shard($"photos-{shard:000}.tar", shard, 2);
        var dataset = Open(_folder.File("photos-{008..011}.tar"));
        Assert.Equal([8, 9, 9, 10, 10, 11, 11, 12], Enumerable.Range(0, dataset.Count).Select(index => (int)dataset.Load(index)[0, 0].Red));
        Assert.Equal(4, Open(_folder.File("photos-{008,011}.tar")).Count);
        Assert.True(ImageDataset.IsPath(_folder.File("photos-{008..011}.tar")));
        Assert.Contains("photos-012.tar: there is no such file", Error(_folder.File("photos-{008..012}.tar")), StringComparison.Ordinal);
        Assert.Contains("expected numbers that grow", Error(_folder.File("photos-{011..008}.tar")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_is_divided_by_its_files_names()
    {
        Shard("train-000.tar", 0, 3);
        Shard("train-001.tar", 3, 2);
        Shard("val-000.tar", 5, 1);
        Shard("other.tar", 6, 1);
        _folder.Write("classes.txt", string.Join('\n', Enumerable.Range(0, 10).Select(index => $"class {index}")));

        var train = ImageDataset.Open(_folder.Path, DatasetSplit.Train);
        Assert.Equal((5, "class 4"), (train.Count, train.Classes[train.ClassOf(4)]));
        Assert.Equal([$"{_folder.Path}: left out are the images in other.tar, whose names tell no part"], train.Warnings);
        Assert.Equal(5, ImageDataset.Open(_folder.Path, DatasetSplit.Test).Load(0)[0, 0].Red);
        var splits = DatasetSplits.Open(_folder.Path);
        Assert.Equal((5, 1), (splits.Train.Count, splits.Validation!.Count));
    }

    [Fact]
    public void A_folder_is_divided_by_its_folders_names_and_a_file_by_chance()
    {
        var path = Shard("train/000.tar", 0, 10, classes: 1);
        Shard("test/000.tar", 20, 2, classes: 1);
        var splits = DatasetSplits.Open(_folder.Path);
        Assert.Equal([20, 21], Enumerable.Range(0, 2).Select(index => (int)splits.Validation!.Load(index)[0, 0].Red));
        splits = DatasetSplits.Open(path, new() { ValidationShare = 0.3 });
        Assert.Equal((7, 3), (splits.Train.Count, splits.Validation!.Count));
    }

    [Fact]
    public void Folders_of_classes_are_no_tar_files()
    {
        _folder.WriteImage("cat/a.png");
        _folder.WriteImage("dog/b.png");
        Shard("photos.tar", 0, 1);
        Assert.Equal(["cat", "dog"], ImageDataset.Open(_folder.Path, DatasetSplit.Train).Classes);
    }

    [Fact]
    public void Labels_may_be_names_or_fields_of_JSON()
    {
        var path = _folder.WriteTar("a.tar", [
            ("1.png", Png(1)), ("1.cls", "polar bear"u8.ToArray()), ("1.json", """{"label": 7, "kind": "bear"}"""u8.ToArray()),
            ("2.png", Png(2)), ("2.json", """{"label": "cat", "kind": "cat"}"""u8.ToArray())]);
        Assert.Equal(["cat", "polar bear"], Open(path).Classes);
        Assert.Equal(["bear", "cat"], WebDataset.Open(path, DatasetSplit.Train, labelField: "kind").Classes);
        Assert.Equal([2, 0], Labels(WebDataset.Open(path, DatasetSplit.Train, ["Cat", "dog", "Polar_Bear"])));
        var error = Assert.Throws<DatasetException>(() => WebDataset.Open(path, DatasetSplit.Train, labelField: "size"));
        Assert.Equal($"{path}, 1.json: expected a field size with a text or a number, found label, kind", error.Message);
    }

    [Fact]
    public void Of_several_images_the_one_without_a_second_extension_counts()
    {
        var path = _folder.WriteTar("a.tar", [("1.seg.png", Png(9)), ("1.png", Png(1)), ("1.cls", "0"u8.ToArray()), ("._2.png", Png(3)), ("2.txt", Png(2)), ("2.cls", "0"u8.ToArray())]);
        var dataset = Open(path);
        Assert.Equal((1, 1), (dataset.Count, dataset.Load(0)[0, 0].Red));
        Assert.Equal([$"{path}: 1 samples have no image that can be read"], dataset.Warnings);
    }

    [Fact]
    public void What_is_wrong_is_named()
    {
        Assert.Contains("1.png in 1.cls next to it, found none", Error(_folder.WriteTar("a.tar", ("1.png", Png(1)))), StringComparison.Ordinal);
        Assert.Contains("1.cls, found it empty", Error(_folder.WriteTar("a.tar", [("1.png", Png(1)), ("1.cls", [])])), StringComparison.Ordinal);
        Assert.Contains("a.tar#1.png: expected the index of a class, 0, 1 and so on, or its name, found \"1.5\"", Error(_folder.WriteTar("a.tar", [("1.png", Png(1)), ("1.cls", "1.5"u8.ToArray())])), StringComparison.Ordinal);
        Assert.Contains("expected one image of 1, found 1.png and 1.jpg", Error(_folder.WriteTar("a.tar", [("1.png", Png(1)), ("1.jpg", Png(1))])), StringComparison.Ordinal);
        Assert.Contains("1.json: expected JSON, found it damaged", Error(_folder.WriteTar("a.tar", [("1.png", Png(1)), ("1.json", "{"u8.ToArray())])), StringComparison.Ordinal);
        Assert.Contains("expected images", Error(_folder.WriteTar("a.tar", ("notes.txt", [1]))), StringComparison.Ordinal);
        Assert.Contains("expected a tar archive, found it damaged", Error(_folder.Write("a.tar", [.. Enumerable.Repeat((byte)'x', 2000)])), StringComparison.Ordinal);

        var dataset = Open(_folder.WriteTar("a.tar", [("1.png", "no image"u8.ToArray()), ("1.cls", "0"u8.ToArray())]));
        Assert.StartsWith($"{_folder.File("a.tar")}#1.png: ", Assert.Throws<DatasetException>(() => dataset.Load(0)).Message, StringComparison.Ordinal);
        File.Delete(_folder.File("a.tar"));
        Assert.StartsWith($"{_folder.File("a.tar")}#1.png: ", Assert.Throws<DatasetException>(() => dataset.Load(0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Links_and_files_that_are_cut_short_are_refused()
    {
        using var stream = new MemoryStream();
        using (var writer = new TarWriter(stream, leaveOpen: true)) writer.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "1.png") { LinkName = "/etc/passwd" });
        Assert.Contains("found '1.png', a SymbolicLink; refused", Error(_folder.Write("a.tar", stream.ToArray())), StringComparison.Ordinal);

        var whole = File.ReadAllBytes(_folder.WriteTar("a.tar", TarEntryFormat.Ustar, ("1.cls", "0"u8.ToArray()), ("1.png", Png(1))));
        // Two headers of 512 bytes, a label, and half of an image.
        Assert.Contains("found the end of the archive", Error(_folder.Write("a.tar", whole.AsSpan(0, 3 * 512 + 30))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.tar.gz")]
    [InlineData("a.tgz")]
    [InlineData("a.tar")]
    public void What_is_packed_is_refused_with_what_to_do(string name)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true)) gzip.Write(File.ReadAllBytes(Shard("b.tar", 0, 1)));
        Assert.Contains("expected a tar file, found one that is packed; unpack it first, as by gunzip", Error(_folder.Write(name, packed.ToArray())), StringComparison.Ordinal);
    }

    static WebDataset Open(string path) => (WebDataset)ImageDataset.Open(path, DatasetSplit.Train);

    static string Error(string path) => Assert.Throws<DatasetException>(() => Open(path)).Message;

    static IEnumerable<int> Labels(ImageDataset dataset) => Enumerable.Range(0, dataset.Count).Select(dataset.ClassOf);

    static byte[] Png(byte red)
    {
        using var stream = new MemoryStream();
        Image.FromRgb(1, 1, [red, 0, 0]).SavePng(stream);
        return stream.ToArray();
    }

    /// <summary>Writes pictures whose red and whose class are numbers from one on.</summary>
    string Shard(string name, int first, int count, int classes = 100) => _folder.WriteTar(name, [.. Enumerable.Range(first, count).SelectMany(number => new[]
    {
        ($"{number:0000}.png", Png((byte)number)), ($"{number:0000}.cls", System.Text.Encoding.UTF8.GetBytes((number % classes).ToString(CultureInfo.InvariantCulture))),
    })]);
}
