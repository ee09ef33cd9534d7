using ResNet.Runtime.Cpu.Binding;
using ResNet.Runtime.Data;

namespace ResNet.Runtime.Tests.Data;

public sealed class CifarDatasetTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_record_is_a_label_and_three_planes()
    {
        var dataset = CifarDataset.Open(_folder.Write("some.bin", [.. Record([3], seed: 0), .. Record([9], seed: 5)]), DatasetSplit.Test);

        Assert.Equal(Labels.Cifar10, dataset.Classes);
        Assert.Equal(2, dataset.Count);
        Assert.Equal([3, 9], [dataset.ClassOf(0), dataset.ClassOf(1)]);
        var image = dataset.Load(1);
        Assert.Equal((32, 32), (image.Width, image.Height));
        // Row 2, column 7: the 71st value of each plane of 1024.
        Assert.Equal((Value(5, 71), Value(5, 1024 + 71), Value(5, 2048 + 71)), image[7, 2]);
        Assert.Equal(Value(5, 1024 + 71), dataset.Planes(1)[1024 + 71]);
        Assert.EndsWith("some.bin#1", dataset.NameOf(1), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_two_label_bytes_the_second_is_the_class()
    {
        var dataset = CifarDataset.Open(_folder.Write("some.bin", Record([19, 99], seed: 1)), DatasetSplit.Test);

        Assert.Equal(100, dataset.Classes.Count);
        Assert.Equal("class 99", dataset.Classes[99]);
        Assert.Equal(99, dataset.ClassOf(0));
        Assert.Equal(Value(1, 0), dataset.Planes(0)[0]);
    }

    [Theory]
    [InlineData("data.bin", 10)]
    [InlineData("test.bin", 100)]
    [InlineData("train.bin", 100)]
    public void A_length_that_fits_both_is_decided_by_the_name(string name, int classes)
    {
        var dataset = CifarDataset.Open(_folder.Write(name, new byte[3073 * 3074]), DatasetSplit.Test);

        Assert.Equal(classes, dataset.Classes.Count);
        Assert.Equal(classes == 10 ? 3074 : 3073, dataset.Count);
    }

    [Fact]
    public void A_folder_gives_its_test_images_or_its_five_training_batches()
    {
        _folder.Write("test_batch.bin", Record([0], 0));
        for (byte batch = 1; batch <= 5; batch++)
            _folder.Write($"data_batch_{batch}.bin", [.. Record([batch], batch), .. Record([(byte)(batch + 1)], batch)]);

        var test = CifarDataset.Open(_folder.Path, DatasetSplit.Test);
        var train = CifarDataset.Open(_folder.Path, DatasetSplit.Train);

        Assert.Equal(1, test.Count);
        Assert.Equal(10, train.Count);
        Assert.Equal([1, 2, 2, 3, 3, 4, 4, 5, 5, 6], Enumerable.Range(0, 10).Select(train.ClassOf));
        Assert.EndsWith("data_batch_3.bin#1", train.NameOf(5), StringComparison.Ordinal);
        Assert.Equal(Value(3, 100), train.Planes(5)[100]);
        Assert.Throws<ArgumentOutOfRangeException>(() => train.ClassOf(10));
    }

    [Fact]
    public void A_folder_of_CIFAR_100_is_known_by_its_files()
    {
        _folder.Write("test.bin", Record([1, 50], 0));
        Assert.Equal(50, CifarDataset.Open(_folder.Path, DatasetSplit.Test).ClassOf(0));
        var error = Assert.Throws<DatasetException>(() => CifarDataset.Open(_folder.Path, DatasetSplit.Train));
        Assert.Contains("train.bin: there is no such file", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3072)]
    [InlineData(3075)]
    [InlineData(2 * 3073 - 1)]
    public void A_part_of_a_record_is_refused(int length)
    {
        var path = _folder.Write("some.bin", new byte[length]);
        var error = Assert.Throws<DatasetException>(() => CifarDataset.Open(path, DatasetSplit.Test));
        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
        Assert.Contains("multiple of 3073", error.Message, StringComparison.Ordinal);
        Assert.EndsWith($"found {length} bytes", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 10 }, "0 to 9, found 10")]
    [InlineData(new byte[] { 0, 100 }, "0 to 99, found 100")]
    public void A_label_out_of_range_is_refused(byte[] label, string expected)
    {
        var path = _folder.Write("some.bin", [.. Record([.. label.Select(_ => (byte)1)], 0), .. Record(label, 0)]);
        var error = Assert.Throws<DatasetException>(() => CifarDataset.Open(path, DatasetSplit.Test));
        Assert.Equal($"{path}: expected labels from {expected} in record 1", error.Message);
    }

    [Theory]
    [InlineData("batches.meta.txt", 10, 1)]
    [InlineData("fine_label_names.txt", 100, 2)]
    public void Names_of_classes_lie_beside_the_images(string file, int classes, int labelBytes)
    {
        var images = _folder.Write("images.bin", new byte[3 * (3072 + labelBytes)]);
        _folder.Write(file, string.Join('\n', Enumerable.Range(0, classes).Select(index => $"kind {index}")) + "\n\n");
        Assert.Equal("kind 7", CifarDataset.Open(images, DatasetSplit.Train).Classes[7]);
        string[] own = [.. Enumerable.Range(0, classes).Select(index => $"own {index}")];
        Assert.Equal(own, CifarDataset.Open(images, DatasetSplit.Train, own).Classes);

        var path = _folder.Write(file, "one\ntwo\n");
        Assert.Equal($"{path}: expected the names of {classes} classes, found 2", Assert.Throws<DatasetException>(() => CifarDataset.Open(images, DatasetSplit.Train)).Message);
    }

    [SharedDataFact]
    public void Real_images_have_their_labels()
    {
        var dataset = CifarDataset.Open(SharedData.File("cifar10", "test_first1000.bin"), DatasetSplit.Test);

        Assert.Equal(1000, dataset.Count);
        // The test set begins with a cat, two ships, an airplane and a frog.
        Assert.Equal(["cat", "ship", "ship", "airplane", "frog"], Enumerable.Range(0, 5).Select(index => Labels.Cifar10[dataset.ClassOf(index)]));
    }

    static byte[] Record(byte[] label, byte seed) => [.. label, .. Enumerable.Range(0, 3072).Select(index => Value(seed, index))];

    static byte Value(byte seed, int index) => (byte)(seed + index * 7);
}
