using ResNet.Runtime.Data;

namespace ResNet.Runtime.Tests.Data;

public sealed class DataLoaderTests
{
    static readonly CropAndFlip Plain = new() { Padding = 0, Flip = false, Normalization = new(1, 1, 1) { Mean = [0, 0, 0], Deviation = [1, 1, 1] } };

    [Fact]
    public void An_epoch_has_every_image_once_with_its_label()
    {
        using var loader = new DataLoader(new Numbered(25), Plain, new() { BatchSize = 10 });
        var batches = Epoch(loader, 0);

        Assert.Equal(3, loader.Batches);
        Assert.Equal([10, 10, 5], batches.Select(batch => batch.Length));
        var images = batches.SelectMany(batch => batch).ToArray();
        Assert.Equal(Enumerable.Range(0, 25), images.Select(image => image.Index).Order());
        Assert.All(images, image => Assert.Equal(image.Index % 7, image.Label));
        Assert.False(loader.TryNext(0, out _));
    }

    [Fact]
    public void Order_follows_from_seed_and_epoch_whatever_the_workers()
    {
        using var one = new DataLoader(new Numbered(100), Plain, new() { BatchSize = 8, Seed = 5, Workers = 1 });
        using var many = new DataLoader(new Numbered(100), Plain, new() { BatchSize = 8, Seed = 5, Workers = 6 });
        using var other = new DataLoader(new Numbered(100), Plain, new() { BatchSize = 8, Seed = 6 });
        var first = Epoch(one, 0);

        Assert.Equal(first, Epoch(many, 0));
        Assert.Equal(Epoch(one, 1), Epoch(many, 1));
        Assert.NotEqual(first, Epoch(one, 1));
        Assert.NotEqual(first, Epoch(other, 0));
        // A resumed run enters at any epoch, and an epoch that was left begins anew.
        Assert.True(many.TryNext(3, out _));
        Assert.Equal(first, Epoch(many, 0));
    }

    [Fact]
    public void All_that_an_epoch_follows_from_is_in_the_identity()
    {
        static string Identity(int count = 20, CropAndFlip? augmentation = null, int batch = 5, ulong seed = 1, bool shuffle = true, int workers = 1)
        {
            using var loader = new DataLoader(
                new Numbered(count), augmentation ?? Plain, new() { BatchSize = batch, Seed = seed, Shuffle = shuffle, Workers = workers });
            return loader.Identity;
        }

        Assert.Equal(Identity(), Identity(workers: 3));
        string[] others = [Identity(count: 21), Identity(augmentation: Plain with { Flip = true }), Identity(batch: 6), Identity(seed: 2), Identity(shuffle: false)];
        Assert.Equal(others.Length, others.Distinct().Count());
        Assert.DoesNotContain(Identity(), others);
    }

    [Fact]
    public void Without_shuffling_images_come_in_order()
    {
        using var loader = new DataLoader(new Numbered(20), Plain, new() { BatchSize = 6, Shuffle = false });
        Assert.Equal(Enumerable.Range(0, 20), Epoch(loader, 4).SelectMany(batch => batch).Select(image => image.Index));
    }

    [Fact]
    public void A_broken_image_ends_the_epoch_or_is_left_out()
    {
        using var strict = new DataLoader(new Numbered(20, broken: 7), Plain, new() { BatchSize = 5, Shuffle = false });
        Assert.True(strict.TryNext(0, out _));
        Assert.Equal("image 7 is broken", Assert.Throws<DatasetException>(() => strict.TryNext(0, out _)).Message);

        var reported = new List<string>();
        using var lenient = new DataLoader(new Numbered(20, broken: 7), Plain, new() { BatchSize = 5, Shuffle = false, OnBroken = e => reported.Add(e.Message) });
        var batches = Epoch(lenient, 0);
        Assert.Equal([5, 4, 5, 5], batches.Select(batch => batch.Length));
        Assert.Equal([5, 6, 8, 9], batches[1].Select(image => image.Index));
        Assert.Equal(["image 7 is broken"], reported);
    }

    [Fact]
    public void Cancelling_ends_the_reading()
    {
        using var cancel = new CancellationTokenSource();
        using var loader = new DataLoader(new Numbered(20), Plain, new() { BatchSize = 2 }, cancel.Token);
        Assert.True(loader.TryNext(0, out _));
        cancel.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => Epoch(loader, 1));
    }

    [Fact]
    public void Bad_options_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new DataLoader(new Numbered(2), Plain, new() { BatchSize = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DataLoader(new Numbered(2), Plain, new() { Workers = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DataLoader(new Numbered(0), Plain, new()));
    }

    static List<(int Index, int Label)[]> Epoch(DataLoader loader, int epoch)
    {
        var batches = new List<(int, int)[]>();
        while (loader.TryNext(epoch, out var batch))
        {
            var (images, labels) = (batch.Images.ToArray(), batch.Labels.ToArray());
            batches.Add([.. labels.Select((label, i) => ((int)MathF.Round(images[3 * i] * 255), label))]);
        }
        return batches;
    }

    /// <summary>Pictures of one pixel, as red as their index.</summary>
    sealed class Numbered(int count, int broken = -1) : ImageDataset
    {
        public override string Description => "numbered";

        public override int Count => count;

        public override int ClassOf(int index) => index % 7;

        public override string NameOf(int index) => $"image {index}";

        public override Image Load(int index) =>
            index == broken ? throw new DatasetException($"image {index} is broken") : Image.FromRgb(1, 1, [(byte)index, 0, 0]);
    }
}
