using System.Buffers.Binary;
using System.IO.Compression;
using ResNet.Runtime.Data;

namespace ResNet.Runtime.Tests.Data;

public sealed class MnistDatasetTests : IDisposable
{
    const string Images = "t10k-images-idx3-ubyte", Labels = "t10k-labels-idx1-ubyte";

    static readonly byte[] _pixels = [.. Enumerable.Range(0, 2 * 784).Select(i => (byte)(i * 11 + i / 784))];
    static readonly string[] _digits = [.. Enumerable.Range(0, 10).Select(digit => $"{digit}")];

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("-idx", false)]
    [InlineData("-idx", true)]
    [InlineData(".idx", false)]
    [InlineData(".idx", true)]
    public void Grey_becomes_red_green_and_blue(string separator, bool isPacked)
    {
        Write(Images.Replace("-idx", separator, StringComparison.Ordinal), Idx([2, 28, 28], _pixels), isPacked);
        Write(Labels.Replace("-idx", separator, StringComparison.Ordinal), Idx([2], [7, 2]), isPacked);

        var dataset = Assert.IsType<MnistDataset>(ImageDataset.Open(_folder.Path, DatasetSplit.Test, _digits));

        Assert.Equal([7, 2], [dataset.ClassOf(0), dataset.ClassOf(1)]);
        Assert.Equal(2, dataset.Count);
        var image = dataset.Load(1);
        var value = _pixels[784 + 3 * 28 + 5];
        Assert.Equal((28, 28), (image.Width, image.Height));
        Assert.Equal((value, value, value), image[5, 3]);
        Assert.Equal(_pixels.AsSpan(784), dataset.Grey(1));
        Assert.EndsWith("#1", dataset.NameOf(1), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => dataset.Load(2));
        Assert.Throws<ArgumentOutOfRangeException>(() => dataset.ClassOf(-1));
    }

    [Fact]
    public void Training_images_have_files_of_their_own()
    {
        WriteTest();
        Write("train-images-idx3-ubyte", Idx([1, 28, 28], _pixels[..784]));
        Write("train-labels-idx1-ubyte", Idx([1], [4]));

        Assert.Equal(2, ImageDataset.Open(_folder.Path, DatasetSplit.Test, _digits).Count);
        var train = ImageDataset.Open(_folder.Path, DatasetSplit.Train, _digits);
        Assert.Equal((1, 4), (train.Count, train.ClassOf(0)));
        Assert.Equal("1 gray images, train-images-idx3-ubyte", train.Description);
    }

    [Theory]
    [InlineData("mnist", "7")]
    [InlineData("fashion-mnist", "Sneaker")]
    [InlineData("FashionMNIST/raw", "Sneaker")]
    public void Classes_are_digits_or_what_the_folder_says(string folder, string expected)
    {
        _folder.Write($"{folder}/{Images}", Idx([2, 28, 28], _pixels));
        _folder.Write($"{folder}/{Labels}", Idx([2], [7, 2]));
        Assert.Equal(expected, ImageDataset.Open(_folder.File(folder), DatasetSplit.Test).Classes[7]);
        Assert.Equal("seven", MnistDataset.Open(_folder.File(folder) + "/", DatasetSplit.Test, ["", "", "", "", "", "", "", "seven", "", ""]).Classes[7]);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        WriteTest();
        var error = Assert.Throws<DatasetException>(() => MnistDataset.Open(_folder.Path, DatasetSplit.Train));
        Assert.Equal($"{_folder.File("train-images-idx3-ubyte")}: there is no such file, nor one that ends in .gz", error.Message);
    }

    [Fact]
    public void Another_number_of_classes_is_refused()
    {
        WriteTest();
        var error = Assert.Throws<DatasetException>(() => ImageDataset.Open(_folder.Path, DatasetSplit.Test, ["cat", "dog"]));
        Assert.Equal($"{_folder.Path}: expected images of the network's 2 classes, found images of 10 classes", error.Message);
    }

    [Fact]
    public void Files_that_are_wrong_are_refused()
    {
        var images = Idx([2, 28, 28], _pixels);
        Refused(Images, [], "begins with 00 00 08 03, found 0 bytes");
        Refused(Images, images[..15], "found 15 bytes");
        Refused(Images, images[..^1], "expected 1568 bytes after the header (2 × 28 × 28), found 1567");
        Refused(Images, [.. images, 0], "found 1569");
        Refused(Images, Idx([2], [.. new byte[20]]), "begins with 00 00 08 03, found 00000801");
        Refused(Images, [0, 0, 0x0d, .. images[3..]], "found 00000D03"); // floats
        Refused(Images, Idx([2, 27, 28], new byte[2 * 27 * 28]), "expected images of 28 × 28, found 2 × 27 × 28");
        Refused(Images, Idx([0, 28, 28], []), "found 0 in dimension 0");
        Refused(Images, Idx([-1, 28, 28], []), "found -1 in dimension 0");
        Refused(Images, Idx([int.MaxValue, int.MaxValue, int.MaxValue], []), "expected sizes of at most 1073741824 bytes in all");
        Refused(Labels, Idx([3], [1, 2, 3]), "expected 2 labels, as there are images in t10k-images-idx3-ubyte, found 3");
        Refused(Labels, Idx([2], [0, 10]), "expected labels from 0 to 9, found 10 in record 1");
        Refused(Labels, images, "begins with 00 00 08 01, found 00000803");
    }

    [Fact]
    public void A_packed_file_that_is_damaged_is_refused()
    {
        var packed = Packed(Idx([2, 28, 28], _pixels));
        for (var length = 2; length < packed.Length - 8; length += 37) Refused(Images, packed[..length], "");
        var damaged = (byte[])packed.Clone();
        damaged.AsSpan(10, 20).Fill(0xff);
        Refused(Images, damaged, "expected a file packed with gzip, found it damaged");
    }

    void Refused(string name, byte[] content, string problem)
    {
        WriteTest();
        var path = Write(name, content);
        var error = Assert.Throws<DatasetException>(() => MnistDataset.Open(_folder.Path, DatasetSplit.Test));
        Assert.StartsWith($"{path}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    void WriteTest()
    {
        Write(Images, Idx([2, 28, 28], _pixels));
        Write(Labels, Idx([2], [7, 2]));
    }

    string Write(string name, byte[] content, bool isPacked = false) => _folder.Write(isPacked ? name + ".gz" : name, isPacked ? Packed(content) : content);

    static byte[] Packed(byte[] content)
    {
        using var stream = new MemoryStream();
        using (var packed = new GZipStream(stream, CompressionLevel.Fastest)) packed.Write(content);
        return stream.ToArray();
    }

    static byte[] Idx(int[] shape, byte[] values)
    {
        var header = new byte[4 + 4 * shape.Length];
        (header[2], header[3]) = (8, (byte)shape.Length);
        for (var i = 0; i < shape.Length; i++) BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 + 4 * i), shape[i]);
        return [.. header, .. values];
    }
}
