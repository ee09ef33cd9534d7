using Parquet;
using Parquet.Schema;
using ResNet.Data.Parquet;
using ResNet.Runtime;
using ResNet.Runtime.Data;

namespace ResNet.Formats.Tests.Parquet;

public sealed class ParquetDatasetTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_of_the_hub_is_read_part_by_part()
    {
        Write("data/train-00000-of-00002.parquet", 5, rows: 2);
        Write("data/train-00001-of-00002.parquet", 3, rows: 2, seed: 5);
        Write("data/validation-00000-of-00001.parquet", 2, seed: 100);
        Write("data/test-00000-of-00001.parquet", 1, seed: 200);

        var train = ParquetDataset.Open(_folder.Path, DatasetSplit.Train);
        Assert.True(ParquetDataset.IsParquet(_folder.Path));
        Assert.Equal(8, train.Count);
        Assert.Equal(["cat", "dog", "polar bear"], train.Classes);
        Assert.Equal("8 images of 2 Parquet files", train.Description);
        for (var index = 0; index < train.Count; index++)
        {
            Assert.Equal(index % 3, train.ClassOf(index));
            Pictures.Equal(Pictures.Noise(4, 3, index), train.Load(index));
        }
        Assert.Equal($"{_folder.File("data/train-00001-of-00002.parquet")}#2", train.NameOf(7));

        Pictures.Equal(Pictures.Noise(4, 3, 200), ParquetDataset.Open(_folder.Path, DatasetSplit.Test).Load(0));
        var splits = ParquetDataset.OpenSplits(_folder.Path);
        Assert.Equal((8, 2), (splits.Train.Count, splits.Validation!.Count));
        Pictures.Equal(Pictures.Noise(4, 3, 101), splits.Validation.Load(1));
    }

    [Fact]
    public void Of_a_file_a_share_is_validated_on()
    {
        var splits = ParquetDataset.OpenSplits(Write("photos.parquet", 30, rows: 7), new() { ValidationShare = 0.2, Seed = 1 });
        Assert.Equal((24, 6), (splits.Train.Count, splits.Validation!.Count));
        Assert.Equal(30, Enumerable.Range(0, 24).Select(splits.Train.NameOf).Concat(Enumerable.Range(0, 6).Select(splits.Validation.NameOf)).Distinct().Count());
    }

    [Theory]
    [InlineData(CompressionMethod.None)]
    [InlineData(CompressionMethod.Snappy)]
    [InlineData(CompressionMethod.Gzip)]
    [InlineData(CompressionMethod.Brotli)]
    [InlineData(CompressionMethod.Zstd)]
    public void Pages_may_be_compressed(CompressionMethod compression)
    {
        // Images that come again make the writer use a dictionary.
        byte[]?[] images = [.. Enumerable.Range(0, 40).Select(index => Pictures.Png(index % 4))];
        var dataset = Open(ParquetFiles.Write(_folder.File("a.parquet"), images, [.. Enumerable.Range(0, 40).Select(index => (long?)(index % 3))], compression: compression));
        for (var index = 0; index < 40; index++) Pictures.Equal(Pictures.Noise(4, 3, index % 4), dataset.Load(index));
    }

    [Fact]
    public void Bytes_and_names_in_columns_of_any_name_are_found()
    {
        var (scan, kind, note) = (new DataField("scan", typeof(byte[])), new DataField("label", typeof(string)), new DataField<int>("width"));
        ParquetFiles.Write(_folder.File("a.parquet"), new(scan, kind, note), 3, 2, null, CompressionMethod.Snappy, async (group, first, count) =>
        {
            await group.WriteAsync(scan, Enumerable.Range(first, count).Select(Pictures.Png).ToArray());
            await group.WriteAsync(kind, new[] { "tench", "goldfish", "tench" }[first..(first + count)]);
            await group.WriteAsync<int>(note, new int[count]);
        });
        var dataset = Open(_folder.File("a.parquet"));
        Assert.Equal(["goldfish", "tench"], dataset.Classes);
        Assert.Equal([1, 0, 1], Enumerable.Range(0, 3).Select(dataset.ClassOf));
        Pictures.Equal(Pictures.Noise(4, 3, 2), dataset.Load(2));
        // By option, numbers are labels as well.
        Assert.Equal(["0"], Open(_folder.File("a.parquet"), new() { LabelColumn = "width" }).Classes);
    }

    [Fact]
    public void Integers_without_names_are_indices()
    {
        byte[]?[] images = [.. Enumerable.Range(0, 3).Select(Pictures.Png)];
        var path = ParquetFiles.Write(_folder.File("a.parquet"), images, [2, 0, 3], hub: null);
        Assert.Equal(["0", "1", "2", "3"], Open(path).Classes);
        Assert.Equal(["a", "b", "c", "d", "e"], Open(path, new() { Classes = ["a", "b", "c", "d", "e"] }).Classes);
        Assert.Contains("row 2, column label: expected a class from 0 to 2, found 3", Error(path, new() { Classes = ["a", "b", "c"] }), StringComparison.Ordinal);
    }

    [Fact]
    public void Classes_of_a_network_are_matched_by_name()
    {
        var path = Write("a.parquet", 3);
        Assert.Equal([3, 0, 1], Labels(Open(path, new() { Classes = ["Dog", "polar_bear", "fish", "cat"] })));
        Assert.Equal([0, 1, 2], Labels(Open(path, new() { Classes = ["Katze", "Hund", "Eisbär"] })));
        Assert.Contains("expected images of the network's 2 classes, found images of 3", Error(path, new() { Classes = ["Katze", "Hund"] }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_row_is_named()
    {
        byte[]?[] images = [Pictures.Png(0), null, [.. Pictures.Png(2).Take(60)], "no image"u8.ToArray()];
        var dataset = Open(ParquetFiles.Write(_folder.File("a.parquet"), images, [0, 0, 0, 0], rows: 2));
        Pictures.Equal(Pictures.Noise(4, 3, 0), dataset.Load(0));
        foreach (var (index, expected) in new[] { (1, "has no bytes"), (2, "PNG"), (3, "found a file that begins with") })
        {
            var error = Assert.Throws<DatasetException>(() => dataset.Load(index)).Message;
            Assert.StartsWith($"{_folder.File("a.parquet")}, row {index}, column img/bytes: ", error, StringComparison.Ordinal);
            Assert.Contains(expected, error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(null, "row 2, column label: expected a label, found none")]
    [InlineData(-1L, "row 2, column label: expected a class from 0 to 2, found -1, as the hub has")]
    [InlineData(3L, "row 2, column label: expected a class from 0 to 2, found 3")]
    [InlineData(long.MaxValue, "found 9223372036854775807")]
    public void A_wrong_label_is_named(long? label, string expected)
    {
        byte[]?[] images = [Pictures.Png(0), Pictures.Png(1), Pictures.Png(2)];
        var error = Error(ParquetFiles.Write(_folder.File("a.parquet"), images, [0, 1, label], rows: 1));
        Assert.StartsWith(_folder.File("a.parquet"), error, StringComparison.Ordinal);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Columns_that_are_missing_or_many_are_named()
    {
        var path = Write("a.parquet", 1);
        Assert.Contains("expected a column photo, found img, label", Error(path, new() { ImageColumn = "photo" }), StringComparison.Ordinal);
        Assert.Contains("column label: expected bytes", Error(path, new() { ImageColumn = "label" }), StringComparison.Ordinal);
        Assert.Contains("column img: expected integers or texts", Error(path, new() { LabelColumn = "img" }), StringComparison.Ordinal);

        var (left, right) = (new DataField("left", typeof(byte[])), new DataField("right", typeof(byte[])));
        ParquetFiles.Write(path, new(left, right), 1, 1, null, CompressionMethod.None, async (group, _, _) =>
        {
            await group.WriteAsync(left, new byte[][] { [1] });
            await group.WriteAsync(right, new byte[][] { [2] });
        });
        Assert.Contains("expected a column image of bytes, or a struct with a field bytes, found left, right; name the column by ParquetDatasetOptions.ImageColumn", Error(path), StringComparison.Ordinal);
        Assert.Contains("expected a column label of integers or texts, found left, right", Error(path, new() { ImageColumn = "left" }), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_Parquet_file_is_named()
    {
        Assert.Contains("there is no such file", Error(_folder.File("a.parquet")), StringComparison.Ordinal);
        Assert.Contains("git lfs pull", Error(_folder.Write("a.parquet", "version https://git-lfs.github.com/spec/v1\noid sha256:0")), StringComparison.Ordinal);
        Assert.Contains("an empty file", Error(_folder.Write("a.parquet", "")), StringComparison.Ordinal);
        var whole = File.ReadAllBytes(Write("b.parquet", 3));
        Assert.Contains("damaged", Error(_folder.Write("a.parquet", whole.AsSpan(0, whole.Length - 9))), StringComparison.Ordinal);
        Assert.Contains("expected the hub's features", Error(ParquetFiles.Write(_folder.File("c.parquet"), [Pictures.Png(0)], [0], hub: "{\"info\": {\"features\": 1}}")), StringComparison.Ordinal);
        Directory.CreateDirectory(_folder.File("none"));
        Assert.Contains("expected Parquet files", Error(_folder.File("none")), StringComparison.Ordinal);
        Assert.False(ParquetDataset.IsParquet(_folder.File("none")));
        Assert.Contains("ResNet.Data.Parquet", Assert.Throws<DatasetException>(() => ImageDataset.Open(_folder.File("b.parquet"), DatasetSplit.Test)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_files_end_in_an_error_that_names_them()
    {
        var whole = File.ReadAllBytes(Write("b.parquet", 6, rows: 3));
        var random = new Random(1);
        for (var trial = 0; trial < 150; trial++)
        {
            var damaged = whole.ToArray();
            // The footer at the end says most.
            for (var change = 0; change < 3; change++) damaged[random.Next(trial % 2 == 0 ? 0 : whole.Length - 600, whole.Length)] = (byte)random.Next(256);
            try
            {
                var dataset = Open(_folder.Write("a.parquet", damaged));
                for (var index = 0; index < dataset.Count; index++) dataset.Load(index);
            }
            catch (DatasetException e)
            {
                Assert.Contains(_folder.File("a.parquet"), e.Message, StringComparison.Ordinal);
            }
        }
    }

    static ParquetDataset Open(string path, ParquetDatasetOptions? options = null) => ParquetDataset.Open(path, DatasetSplit.Train, options);

    static string Error(string path, ParquetDatasetOptions? options = null) => Assert.Throws<DatasetException>(() => Open(path, options)).Message;

    static IEnumerable<int> Labels(ParquetDataset dataset) => Enumerable.Range(0, dataset.Count).Select(dataset.ClassOf);

    /// <summary>Writes pictures of the seeds from one on, in classes 0, 1, 2, 0, ….</summary>
    string Write(string name, int count, int rows = 1000, int seed = 0) => ParquetFiles.Write(
        _folder.File(name), [.. Enumerable.Range(seed, count).Select(Pictures.Png)], [.. Enumerable.Range(seed, count).Select(index => (long?)(index % 3))], rows);
}
