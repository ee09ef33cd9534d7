using ResNet.Dsl;
using ResNet.Runtime.Data;
using ResNet.Runtime.Devices;

namespace ResNet.Runtime.Tests.Data;

public sealed class DataLoaderTests
{
    static readonly CropAndFlip _plain = new() { Padding = 0, Flip = false, Normalization = new(1, 1, 1) { Mean = [0, 0, 0], Deviation = [1, 1, 1] } };

    [Fact]
    public void An_epoch_has_every_image_once_with_its_label()
    {
        using var loader = new DataLoader(new NumberedImages(25), _plain, new() { BatchSize = 10 });
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
        using var one = new DataLoader(new NumberedImages(100), _plain, new() { BatchSize = 8, Seed = 5, Workers = 1 });
        using var many = new DataLoader(new NumberedImages(100), _plain, new() { BatchSize = 8, Seed = 5, Workers = 6 });
        using var other = new DataLoader(new NumberedImages(100), _plain, new() { BatchSize = 8, Seed = 6 });
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
    public void Workers_change_nothing_with_images_of_all_sizes_some_of_them_broken()
    {
        var expected = Read(1);
        Assert.Equal(7, expected.Batches.Count);
        Assert.Equal(5, expected.Reported.Count);
        foreach (var workers in new[] { 0, 2, 5, 20 })
        {
            var found = Read(workers);
            Assert.Equal(expected.Batches, found.Batches);
            Assert.Equal(expected.Reported, found.Reported);
        }

        static (List<string> Batches, List<string> Reported) Read(int workers)
        {
            var reported = new List<string>();
            using var loader = new DataLoader(
                new NumberedImages(50, i => i % 11 == 3) { Size = i => (1 + i % 9, 1 + i / 9) },
                new ScaleAspectCrop { Normalization = Augmented.Plain(4, 4), ColorNoise = 0.1 },
                new() { BatchSize = 8, Seed = 5, Workers = workers, OnBroken = broken => reported.Add(broken.Message) });
            var batches = new List<string>();
            while (loader.TryNext(2, out var batch)) batches.Add($"{string.Join(' ', batch.Labels.ToArray())} {Augmented.Bits(batch.Images.Span)}");
            return (batches, reported);
        }
    }

    [Fact]
    public void Workers_read_ahead_but_not_further_than_there_is_room()
    {
        var dataset = new NumberedImages(100);
        using var loader = new DataLoader(dataset, _plain, new() { BatchSize = 10, Shuffle = false, Workers = 3 });
        Assert.Equal(0, dataset.Loads);
        for (var taken = 1; taken <= 7; taken++)
        {
            Assert.True(loader.TryNext(0, out var batch));
            var first = batch.Images.Span.ToArray();
            Assert.True(SpinWait.SpinUntil(() => dataset.Loads == 10 * (taken + 3), TimeSpan.FromSeconds(20)));
            Thread.Sleep(5);
            Assert.Equal(10 * (taken + 3), dataset.Loads);
            Assert.Equal(first, batch.Images.Span);
        }
    }

    [Theory]
    [InlineData(25, 10, 1, 2, 10)]
    [InlineData(20, 10, 1, 2, 10)]
    [InlineData(10, 10, 1, 1, 10)]
    [InlineData(21, 4, 2, 2, 4)]
    public void A_smaller_last_batch_can_be_dropped(int images, int batch, int shards, int batches, int smallest)
    {
        using var loader = new DataLoader(new NumberedImages(images), _plain, new() { BatchSize = batch, DropLast = true, Shard = new(0, shards) });
        Assert.Equal((batches, smallest), (loader.Batches, loader.SmallestBatch));
        for (var epoch = 0; epoch < 2; epoch++) Assert.Equal(Enumerable.Repeat(batch, batches), Epoch(loader, epoch).Select(each => each.Length));
        // Which images are left out differs from epoch to epoch.
        if (images == 25) Assert.NotEqual(Epoch(loader, 0).SelectMany(each => each).Order(), Epoch(loader, 1).SelectMany(each => each).Order());
    }

    [Fact]
    public void A_batch_remains()
    {
        var error = Assert.Throws<ArgumentException>(() => new DataLoader(new NumberedImages(9), _plain, new() { BatchSize = 10, DropLast = true }));
        Assert.Contains("9 images are not one batch of 10", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(25, 10, 1, 5)]
    [InlineData(21, 10, 1, 1)]
    [InlineData(20, 10, 1, 10)]
    [InlineData(3, 10, 1, 3)]
    [InlineData(21, 5, 2, 1)]
    [InlineData(23, 5, 2, 2)]
    public void The_smallest_batch_is_known_before_it_comes(int images, int batch, int shards, int expected)
    {
        for (var index = 0; index < shards; index++)
        {
            using var loader = new DataLoader(new NumberedImages(images), _plain, new() { BatchSize = batch, Shard = new(index, shards) });
            Assert.Equal(expected, loader.SmallestBatch);
            Assert.Equal(expected, Epoch(loader, 0).Min(each => each.Length));
        }
    }

    [Fact]
    public void Without_shuffling_images_come_in_order()
    {
        using var loader = new DataLoader(new NumberedImages(20), _plain, new() { BatchSize = 6, Shuffle = false });
        Assert.Equal(Enumerable.Range(0, 20), Epoch(loader, 4).SelectMany(batch => batch).Select(image => image.Index));
    }

    [Theory, InlineData(26, 4, 3), InlineData(24, 4, 3), InlineData(2, 4, 5), InlineData(25, 30, 2)]
    public void Shards_are_together_the_batches_of_one_loader(int images, int batch, int shards)
    {
        using var whole = new DataLoader(new NumberedImages(images), _plain, new() { BatchSize = batch * shards, Seed = 5 });
        var loaders = Enumerable.Range(0, shards).Select(index => new DataLoader(
            new NumberedImages(images), _plain, new() { BatchSize = batch, Seed = 5, Shard = new(index, shards) })).ToArray();
        for (var epoch = 0; epoch < 2; epoch++)
        {
            var expected = Epoch(whole, epoch);
            var parts = loaders.Select(loader => Epoch(loader, epoch)).ToArray();
            Assert.All(parts, part => Assert.Equal(expected.Count, part.Count));
            Assert.All(loaders, loader => Assert.Equal(expected.Count, loader.Batches));
            for (var number = 0; number < expected.Count; number++)
            {
                Assert.Single(parts.Select(part => part[number].Length).Distinct());
                var together = parts.SelectMany(part => part[number]).ToArray();
                // What would be missing at the end are the first images of the epoch's order.
                Assert.InRange(together.Length - expected[number].Length, 0, number == expected.Count - 1 ? shards - 1 : 0);
                var order = expected.SelectMany(each => each).ToArray();
                Assert.Equal([.. expected[number], .. Enumerable.Range(0, together.Length - expected[number].Length).Select(i => order[i % images])], together);
            }
        }
        foreach (var loader in loaders) loader.Dispose();
    }

    [Fact]
    public void A_shard_passes_over_no_batch()
    {
        using var loader = new DataLoader(new NumberedImages(12, i => i is 6 or 7), _plain, new() { BatchSize = 2, Shuffle = false, Shard = new(1, 2), OnBroken = _ => { } });
        Assert.True(loader.TryNext(0, out var batch));
        Assert.Equal([2, 3], Indices(batch));
        Assert.Contains("shard 1 of 2", Assert.Throws<DatasetException>(() => loader.TryNext(0, out _)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_broken_image_ends_the_epoch_or_is_left_out()
    {
        using var strict = new DataLoader(new NumberedImages(20, i => i == 7), _plain, new() { BatchSize = 5, Shuffle = false });
        for (var attempt = 0; attempt < 2; attempt++)
        {
            // After the exception the epoch starts again.
            Assert.True(strict.TryNext(0, out var first));
            Assert.Equal([0, 1, 2, 3, 4], Indices(first));
            Assert.Equal("image 7 is broken", Assert.Throws<DatasetException>(() => strict.TryNext(0, out _)).Message);
        }

        var reported = new List<string>();
        using var lenient = new DataLoader(new NumberedImages(20, i => i == 7), _plain, new() { BatchSize = 5, Shuffle = false, OnBroken = e => reported.Add(e.Message) });
        var batches = Epoch(lenient, 0);
        Assert.Equal([5, 4, 5, 5], batches.Select(batch => batch.Length));
        Assert.Equal([5, 6, 8, 9], batches[1].Select(image => image.Index));
        Assert.Equal(["image 7 is broken"], reported);
    }

    [Fact]
    public void A_batch_without_a_readable_image_is_passed_over()
    {
        var reported = new List<string>();
        var threads = new HashSet<int>();
        using var loader = new DataLoader(new NumberedImages(20, i => i is < 4 or >= 8 and < 15 or >= 18), _plain, new()
        {
            BatchSize = 2,
            Shuffle = false,
            Workers = 3,
            OnBroken = e =>
            {
                reported.Add(e.Message);
                threads.Add(Environment.CurrentManagedThreadId);
            },
        });

        var batches = Epoch(loader, 0);

        Assert.Equal(10, loader.Batches);
        Assert.Equal([[4, 5], [6, 7], [15], [16, 17]], batches.Select(batch => batch.Select(image => image.Index)));
        Assert.Equal([.. new[] { 0, 1, 2, 3, 8, 9, 10, 11, 12, 13, 14, 18, 19 }.Select(i => $"image {i} is broken")], reported);
        Assert.Equal([Environment.CurrentManagedThreadId], threads);
        using var nothing = new DataLoader(new NumberedImages(20, _ => true), _plain, new() { BatchSize = 3, OnBroken = _ => { } });
        Assert.False(nothing.TryNext(0, out _));
    }

    [Fact]
    public void What_the_callers_report_throws_ends_the_epoch()
    {
        using var loader = new DataLoader(new NumberedImages(20, i => i == 7), _plain, new() { BatchSize = 5, Shuffle = false, OnBroken = _ => throw new InvalidOperationException("enough") });
        Assert.True(loader.TryNext(0, out _));
        Assert.Equal("enough", Assert.Throws<InvalidOperationException>(() => loader.TryNext(0, out _)).Message);
    }

    [Fact]
    public void An_image_that_cannot_be_made_an_input_is_named_and_the_first_one_has_no_say()
    {
        var dataset = new NumberedImages(4);
        using var strict = new DataLoader(dataset, new Picky(), new() { BatchSize = 5, Shuffle = false });
        var error = Assert.Throws<DatasetException>(() => strict.TryNext(0, out _));
        Assert.Equal("image 0: too narrow", error.Message);

        using var lenient = new DataLoader(dataset, new Picky(), new() { BatchSize = 5, Shuffle = false, OnBroken = _ => { } });
        Assert.True(lenient.TryNext(0, out var batch));
        Assert.Equal([1, 2, 3], batch.Labels.ToArray());
    }

    [Fact]
    public void An_image_of_another_size_is_resized()
    {
        var dataset = new NumberedImages(4) { Size = i => i == 0 ? (2, 3) : (1, 1) };
        using var loader = new DataLoader(dataset, _plain, new() { BatchSize = 5, Shuffle = false });
        Assert.True(loader.TryNext(0, out var batch));
        Assert.Equal([0, 1, 2, 3], batch.Labels.ToArray());
    }

    /// <summary>Cannot do with the first image.</summary>
    sealed class Picky : IAugmentation
    {
        public Shape Output => new(3, 1, 1);

        public string Identity => nameof(Picky);

        public void Apply(Image image, ulong seed, int epoch, int index, Span<float> to)
        {
            if (index == 0) throw new ImageException("too narrow");
        }
    }

    [Fact]
    public void Options_that_contradict_each_other_are_told_of()
    {
        using var loader = new DataLoader(new NumberedImages(4), new ScaleJitterCrop { Normalization = Augmented.Plain(9, 9), ShorterSide = (8, 8) }, new());
        Assert.Throws<ArgumentException>(() => loader.TryNext(0, out _));
    }

    [Fact]
    public void Cancelling_ends_the_reading()
    {
        using var cancel = new CancellationTokenSource();
        var dataset = new NumberedImages(20);
        using var loader = new DataLoader(dataset, _plain, new() { BatchSize = 2, Workers = 2 }, cancel.Token);
        Assert.True(loader.TryNext(0, out _));
        // Batches that are ready are given no more, either.
        Assert.True(SpinWait.SpinUntil(() => dataset.Loads == 6, TimeSpan.FromSeconds(20)));
        Thread.Sleep(5);
        cancel.Cancel();
        Assert.Equal(cancel.Token, Assert.Throws<OperationCanceledException>(() => loader.TryNext(0, out _)).CancellationToken);
        Assert.Equal(cancel.Token, Assert.Throws<OperationCanceledException>(() => loader.TryNext(1, out _)).CancellationToken);
    }

    [Fact]
    public void Cancelling_ends_a_batch_that_is_being_read()
    {
        using var cancel = new CancellationTokenSource();
        var dataset = new NumberedImages(200) { Loading = i => { if (i == 30) cancel.Cancel(); } };
        using var loader = new DataLoader(dataset, _plain, new() { BatchSize = 200, Shuffle = false }, cancel.Token);
        Assert.Equal(cancel.Token, Assert.Throws<OperationCanceledException>(() => loader.TryNext(0, out _)).CancellationToken);
        Assert.Equal(31, dataset.Loads);
    }

    [Fact]
    public void A_disposed_loader_reads_no_more()
    {
        var dataset = new NumberedImages(1000);
        var loader = new DataLoader(dataset, _plain, new() { BatchSize = 10 });
        Assert.True(loader.TryNext(0, out _));
        loader.Dispose();
        loader.Dispose();
        var loads = dataset.Loads;
        Assert.Throws<ObjectDisposedException>(() => loader.TryNext(0, out _));
        Assert.Equal(loads, dataset.Loads);
    }

    [Fact]
    public void Bad_options_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new DataLoader(new NumberedImages(2), _plain, new() { BatchSize = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DataLoader(new NumberedImages(2), _plain, new() { Workers = -1 }));
        foreach (var shard in new DataShard[] { new(-1, 2), new(2, 2), new(0, 0) })
            Assert.Throws<ArgumentOutOfRangeException>(() => new DataLoader(new NumberedImages(2), _plain, new() { Shard = shard }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DataLoader(new NumberedImages(0), _plain, new()));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DataLoader(new NumberedImages(2), _plain, new()).TryNext(-1, out _));
        var error = Assert.Throws<ArgumentException>(() => new DataLoader(new NumberedImages(20_000), new ScaleAspectCrop { Normalization = Augmented.Plain(224, 224) }, new() { BatchSize = 20_000 }));
        Assert.Contains("20000 images of 3×224×224", error.Message, StringComparison.Ordinal);
    }

    static List<(int Index, int Label)[]> Epoch(DataLoader loader, int epoch)
    {
        var batches = new List<(int, int)[]>();
        while (loader.TryNext(epoch, out var batch))
        {
            batches.Add([.. Indices(batch).Zip(batch.Labels.ToArray())]);
        }
        return batches;
    }

    /// <summary>By the first value of each image.</summary>
    static int[] Indices(TrainingBatch batch)
    {
        var images = batch.Images.ToArray();
        return [.. images.Chunk(images.Length / batch.Labels.Length).Select(image => (int)MathF.Round(image[0] * 255))];
    }
}
