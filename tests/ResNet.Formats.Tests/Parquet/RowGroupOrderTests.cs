using ResNet.Data.Parquet;
using ResNet.Runtime;
using ResNet.Runtime.Data;

namespace ResNet.Formats.Tests.Parquet;

/// <summary>Random access to row groups of which not all are kept.</summary>
public sealed class RowGroupOrderTests : IDisposable
{
    const int Groups = 12, Rows = 10, Count = Groups * Rows;

    readonly TemporaryFolder _folder = new();
    readonly string _path;

    public RowGroupOrderTests() => _path = ParquetFiles.Write(
        _folder.File("a.parquet"), [.. Enumerable.Range(0, Count).Select(Pictures.Png)], [.. Enumerable.Range(0, Count).Select(index => (long?)(index / Rows))], Rows, hub: null);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_shuffled_epoch_takes_images_from_as_many_row_groups_as_half_of_the_cache_holds()
    {
        var dataset = OpenWithCacheOfHalf();
        Assert.Equal(3, dataset.BlocksAtOnce);

        var order = Order(dataset, epoch: 0);
        // The classes are the row groups.
        for (var window = 0; window < Count; window += 3 * Rows)
            Assert.Equal(3, order.Skip(window).Take(3 * Rows).Distinct().Count());
        foreach (var group in order.GroupBy(label => label)) Assert.Equal(Rows, group.Count());
        // Neither groups nor images stand as they are stored.
        Assert.True(order.Take(3 * Rows).Zip(order.Skip(1), (a, b) => a != b).Count(changes => changes) > Rows);
        Assert.NotEqual(Enumerable.Range(0, Groups), order.Distinct().ToArray());
        Assert.Equal(order, Order(dataset, epoch: 0));
        Assert.NotEqual(order, Order(dataset, epoch: 1));
    }

    [Fact]
    public void Row_groups_that_are_all_kept_are_shuffled_as_a_whole()
    {
        var dataset = Open(1 << 20);
        Assert.Null(dataset.BlocksAtOnce);
        Assert.Equal(Order(dataset.InMemory(), epoch: 3), Order(dataset, epoch: 3));
        Assert.NotEqual(Loader(dataset).Identity, Loader(Open(2000)).Identity);
    }

    [Fact]
    public void A_part_of_the_images_keeps_to_the_row_groups()
    {
        var part = OpenWithCacheOfHalf().Subset([.. Enumerable.Range(0, Count).Where(index => index % 2 == 0)]);
        var order = Order(part, epoch: 0);
        for (var window = 0; window < Count / 2; window += 3 * Rows / 2)
            Assert.Equal(3, order.Skip(window).Take(3 * Rows / 2).Distinct().Count());
    }

    [Fact]
    public void Classes_are_not_balanced_across_row_groups_that_are_not_all_kept()
    {
        Assert.Contains("raise CacheBytes", Assert.Throws<ArgumentException>(() => Balanced(OpenWithCacheOfHalf())).Message, StringComparison.Ordinal);
        using var loader = Balanced(Open(1 << 20));
        Assert.True(loader.TryNext(0, out _));
    }

    [Fact]
    public void Sorted_classes_are_worth_a_warning()
    {
        Assert.Empty(Open(1 << 20).Warnings);
        Assert.Contains("the images are sorted by class, and 3 of 12 row groups are shuffled at a time", Assert.Single(OpenWithCacheOfHalf().Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Threads_read_through_a_cache_of_one_row_group()
    {
        var dataset = Open(1);
        Parallel.For(0, Count, index => Pictures.Equal(Pictures.Noise(4, 3, index), dataset.Load(index)));
    }

    [Fact]
    public void A_file_that_has_gone_is_named_and_read_again_once_it_is_back()
    {
        var dataset = Open(1);
        File.Move(_path, _path + ".away");
        Assert.Contains($"{_path}: there is no such file", Assert.Throws<DatasetException>(() => dataset.Load(0)).Message, StringComparison.Ordinal);
        File.Move(_path + ".away", _path);
        Pictures.Equal(Pictures.Noise(4, 3, 0), dataset.Load(0));
    }

    /// <summary>Opens the file with a cache of somewhat more than half of its images, of which half is three row groups.</summary>
    ParquetDataset OpenWithCacheOfHalf() => Open(Enumerable.Range(0, Count).Sum(seed => Pictures.Png(seed).Length) * 6 / 10);

    ParquetDataset Open(long cache) => ParquetDataset.Open(_path, DatasetSplit.Train, new() { CacheBytes = cache });

    static DataLoader Loader(ImageDataset dataset) => new(dataset, new CropAndFlip { Normalization = new(3, 3, 4) }, new() { BatchSize = 7, Seed = 5 });

    static DataLoader Balanced(ImageDataset dataset) => new(dataset, new CropAndFlip { Normalization = new(3, 3, 4) }, new() { BatchSize = 7, Balanced = true });

    static List<int> Order(ImageDataset dataset, int epoch)
    {
        using var loader = Loader(dataset);
        var labels = new List<int>();
        while (loader.TryNext(epoch, out var batch)) labels.AddRange(batch.Labels.Span);
        return labels;
    }
}
