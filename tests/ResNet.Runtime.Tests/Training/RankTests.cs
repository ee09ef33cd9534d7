using ResNet.Runtime.Communication;
using ResNet.Runtime.Data;
using ResNet.Runtime.Devices;
using ResNet.Runtime.Optimizers;
using ResNet.Runtime.Tests.Communication;
using ResNet.Runtime.Training;

namespace ResNet.Runtime.Tests.Training;

/// <summary>Several ranks within the test's process train one network.</summary>
public sealed class RankTests : IDisposable
{
    const int Images = 80, Batch = 8;

    static readonly TrainerOptions _options = new() { Epochs = 1, Schedule = new ConstantSchedule(0.1), Seed = 7 };

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    static DataLoader Load(Network net, Communicator rank, int batch = Batch) => new(
        new Shapes10(Images), new CropAndFlip { Normalization = net.Preprocessing }, new() { BatchSize = batch, Seed = 5, Shard = new(rank.Rank, rank.Size) });

    static float[] Values(Network net) => [.. net.Parameters.ReadTrained(), .. net.Parameters.ReadStatistics()];

    /// <summary>Trains on each rank, on a thread of the processor, and returns the weights and statistics of each.</summary>
    float[][] Train(int ranks, TrainerOptions options, string? folder = null, Func<int, ITrainingObserver[]>? observers = null, CancellationToken stopsLast = default)
    {
        var values = new float[ranks][];
        RankThreads.Run(ranks, rank =>
        {
            using var device = new CpuDevice(1);
            using var net = new SmallResidualNet(device);
            using var loader = Load(net, rank);
            using var trainer = new Trainer(net, loader, options, rank)
            {
                Folder = folder is null ? null : _folder.File(folder),
                CompareEvery = 1,
                Observers = observers?.Invoke(rank.Rank) ?? [],
            };
            if (folder is not null && File.Exists(_folder.File($"{folder}/last.safetensors"))) trainer.Resume(_folder.File($"{folder}/last.safetensors"));
            trainer.Run(rank.Rank == rank.Size - 1 ? stopsLast : default);
            values[rank.Rank] = Values(net);
        });
        return values;
    }

    /// <summary>
    /// The oracle is a process that computes the two half batches one after the other, adds the gradients, each a half of its mean, and makes the optimizer's step: dropout
    /// of the second half has the second rank's seed, and running statistics are those of the first.
    /// </summary>
    [Theory, InlineData(4 << 20), InlineData(1000)]
    public void Two_ranks_make_the_step_of_two_half_batches_to_the_bit(int bucketBytes)
    {
        var options = _options with { BucketBytes = bucketBytes };
        var steps = 0;
        var ranks = Train(2, options, observers: rank => [new Recorder(step => steps = (int)step.Step)]);
        Assert.Equal(Images / Batch / 2, steps);

        using var device = new CpuDevice(1);
        using var net = new SmallResidualNet(device);
        var halves = Communicator.InProcess(2);
        DataLoader[] loaders = [.. halves.Select(half => Load(net, half))];
        TrainingSession[] sessions = [.. halves.Select(half => net.CreateTrainingSession(new Ranks(half).SeedOf(options.Seed)))];
        var gradients = new float[net.Parameters.ReadTrained().Length];
        using var optimizer = new HostOptimizer(net.Parameters, () => gradients, options.Optimizer, ParameterGroups.Of(net.Parameters, options));
        for (var step = 0; step < steps; step++)
        {
            var before = net.Parameters.ReadStatistics().ToArray();
            var statistics = before;
            Array.Clear(gradients);
            for (var half = 0; half < 2; half++)
            {
                before.CopyTo(net.Parameters.EditStatistics());
                Assert.True(loaders[half].TryNext(0, out var batch));
                sessions[half].Run(batch.Images.Span, batch.Labels.Span);
                if (half == 0) statistics = net.Parameters.ReadStatistics().ToArray();
                for (var i = 0; i < gradients.Length; i++) gradients[i] += sessions[half].ReadGradients()[i] / 2;
            }
            statistics.CopyTo(net.Parameters.EditStatistics());
            optimizer.Step(step + 1, 0.1, 1);
        }
        foreach (var session in sessions) session.Dispose();
        foreach (var loader in loaders) loader.Dispose();
        Assert.Equal(Values(net), ranks[0]);
        Assert.Equal(ranks[0], ranks[1]);
    }

    [Theory]
    [InlineData(1, false, null)]
    [InlineData(3, false, null)]
    [InlineData(1, true, null)]
    [InlineData(2, true, "conv1")]
    public void Four_ranks_stay_equal(int accumulate, bool synchronized, string? frozen)
    {
        var options = _options with
        {
            Epochs = 2,
            Accumulate = accumulate,
            SyncBatchNorm = synchronized,
            FreezeThrough = frozen,
            BucketBytes = 2000,
            AverageDecay = 0.9,
            MaxGradientNorm = 1,
            Mixing = new() { Mixup = 0.2 },
        };
        var ranks = Train(4, options);
        Assert.All(ranks, values => Assert.Equal(ranks[0], values));
        using var untrained = new SmallResidualNet();
        Assert.NotEqual(Values(untrained), ranks[0]);
        Assert.Equal(ranks[0], Train(4, options)[3]);
    }

    /// <summary>Dropout, which no two ranks share, is left out by a network without it.</summary>
    [Theory, InlineData(1), InlineData(2)]
    public void Ranks_with_synchronized_normalization_step_as_one_process_with_the_whole_batch(int accumulate)
    {
        var options = _options with { SyncBatchNorm = true, Accumulate = accumulate };
        using var whole = new ToyNet();
        using (var trainer = new Trainer(whole, new Slices(Communicator.Single), options)) trainer.Run();
        var ranks = new float[4][];
        RankThreads.Run(4, rank =>
        {
            using var device = new CpuDevice(1);
            using var net = new ToyNet(device);
            using var trainer = new Trainer(net, new Slices(rank), options, rank);
            trainer.Run();
            ranks[rank.Rank] = Values(net);
        });
        using var untrained = new ToyNet();
        var (expected, start) = (Values(whole), Values(untrained));
        var moved = expected.Zip(start, (value, before) => Math.Abs(value - before)).Max();
        Assert.InRange(moved, 0.01, double.MaxValue);
        Assert.InRange(expected.Zip(ranks[0], (value, other) => Math.Abs(value - other)).Max(), 0, 1e-4 * moved);
        Assert.All(ranks, values => Assert.Equal(ranks[0], values));
    }

    /// <summary>One image of the second rank cannot be read: each of the others counts as one of seven, as it would in a whole batch of seven.</summary>
    [Fact]
    public void The_loss_is_divided_by_the_images_of_all_ranks()
    {
        (double Loss, double Accuracy)[] told = new (double, double)[2];
        var weights = new float[2][];
        RankThreads.Run(2, rank =>
        {
            using var device = new CpuDevice(1);
            using var net = new NormlessNet(device);
            using var trainer = new Trainer(net, new Uneven(rank.Rank == 0 ? (0, 4) : (4, 3)), _options, rank)
            {
                Observers = [new Recorder(step => told[rank.Rank] = (step.Loss, step.Accuracy))],
            };
            trainer.Run();
            weights[rank.Rank] = Values(net);
        });
        using var whole = new NormlessNet();
        (double Loss, double Accuracy) expected = default;
        using (var trainer = new Trainer(whole, new Uneven((0, 7)), _options) { Observers = [new Recorder(step => expected = (step.Loss, step.Accuracy))] }) trainer.Run();
        Assert.Equal(weights[0], weights[1]);
        Assert.Equal(told[0], told[1]);
        Assert.Equal(expected.Loss, told[0].Loss, 1e-6);
        Assert.Equal(expected.Accuracy, told[0].Accuracy);
        Assert.All(Values(whole).Zip(weights[0]), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
    }

    [Fact]
    public void A_rank_that_stops_stops_all_and_they_resume_to_the_same_bits()
    {
        var options = _options with { Epochs = 2 };
        var whole = Train(2, options, "whole");
        using (var stop = new CancellationTokenSource())
        {
            var steps = new int[2];
            Train(2, options, "cut", rank => [new Recorder(step =>
            {
                steps[rank] = (int)step.Step;
                if (rank == 1 && step.Step == 3) stop.Cancel();
            })], stop.Token);
            Assert.Equal([3, 3], steps);
        }
        var resumed = Train(2, options, "cut");
        Assert.Equal(whole[0], resumed[0]);
        Assert.Equal(whole[1], resumed[1]);

        var refused = Assert.Throws<AggregateException>(() => Train(4, options, "cut"));
        Assert.Contains("was written by a run of 2 ranks, and this one has 4 ranks", refused.Message, StringComparison.Ordinal);
        Assert.Contains("this one has 1 rank:", Assert.Throws<AggregateException>(() => Train(1, options, "cut")).Message, StringComparison.Ordinal);
        Assert.Contains("SyncBatchNorm was false and is true", Assert.Throws<AggregateException>(() => Train(2, options with { SyncBatchNorm = true }, "cut")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_rank_alone_writes()
    {
        RankThreads.Run(2, rank =>
        {
            using var net = new ToyNet();
            using var trainer = new Trainer(net, new ToyBatches(), _options, new ReferenceGradients(net), rank) { Folder = _folder.File($"{rank.Rank}"), KeepBest = 1, CheckpointInterval = TimeSpan.Zero };
            trainer.Run();
            // Of the others, none returns before it is there.
            Assert.True(File.Exists(_folder.File("0/best-epoch-1.safetensors")));
        });
        Assert.False(Directory.Exists(_folder.File("1")));
    }

    [Fact]
    public void A_batch_that_one_rank_cannot_read_ends_all_and_loses_no_step()
    {
        var failures = RankThreads.RunFailing(3, rank =>
        {
            using var net = new ToyNet();
            using var trainer = new Trainer(net, new ToyBatches { Broken = rank.Rank == 1 ? 3 : null }, _options, new ReferenceGradients(net), rank) { Folder = _folder.Path };
            trainer.Run();
        });
        Assert.Equal(["rank 1 of 3: gone", "gone", "rank 1 of 3: gone"], failures.Select(failure => failure.Message));
        using var resumed = new ToyNet();
        using var one = new Trainer(resumed, new ToyBatches(), _options, new ReferenceGradients(resumed));
        Assert.Contains("3 ranks", Assert.Throws<InvalidOperationException>(() => one.Resume(_folder.File("last.safetensors"))).Message, StringComparison.Ordinal);
        using var file = WeightFile.Open(_folder.File("last.safetensors"));
        Assert.Contains("\"Step\":3", file.Metadata["training.state"], StringComparison.Ordinal);
    }

    [Fact]
    public void Ranks_with_different_numbers_of_batches_are_ended()
    {
        var failures = RankThreads.RunFailing(3, rank =>
        {
            using var net = new ToyNet();
            using var trainer = new Trainer(net, new Shorter(rank.Rank == 1 ? 3 : 5), _options, new ReferenceGradients(net), rank);
            trainer.Run();
        });
        Assert.All(failures, failure => Assert.Equal("1 of 3 ranks are at the end of the epoch, and the others have a further batch", failure.Message));
    }

    [Fact]
    public void What_one_rank_alone_throws_ends_all()
    {
        var failures = RankThreads.RunFailing(3, rank =>
        {
            using var net = new ToyNet();
            using var trainer = new Trainer(net, new ToyBatches(), _options, new ReferenceGradients(net), rank)
            {
                Observers = [new Recorder(step => { if (rank.Rank == 2 && step.Step == 2) throw new IOException("the disk is full"); })],
            };
            trainer.Run();
        });
        Assert.Equal(["rank 2 of 3: the disk is full", "rank 2 of 3: the disk is full", "the disk is full"], failures.Select(failure => failure.Message));
    }

    [Fact]
    public void A_rank_that_diverges_ends_all_at_the_same_step()
    {
        var failures = RankThreads.RunFailing(2, rank =>
        {
            using var net = new ToyNet();
            using var trainer = new Trainer(net, new ToyBatches { Spoilt = rank.Rank == 1 ? 2 : null }, _options, new ReferenceGradients(net), rank);
            trainer.Run();
        });
        Assert.Equal([3, 3], failures.Cast<TrainingDivergedException>().Select(failure => failure.Step));
    }

    [Fact]
    public void What_differs_between_ranks_is_named()
    {
        Assert.Equal("rank 2 differs from rank 0: the option Seed is 8, and 7 on rank 0", Differing(options: rank => _options with { Seed = rank == 2 ? 8u : 7u }));
        Assert.Equal("rank 1 differs from rank 0: the training images is 4 toy batches of 6, and 5 toy batches of 6 on rank 0", Differing(batches: rank => new ToyBatches(rank == 1 ? 4 : 5)));
        Assert.StartsWith("rank 1 differs from rank 0: the hash of bn1.weight after 0 steps is ", Differing(change: (rank, net) =>
        {
            if (rank == 1) net.Parameters["bn1.weight"].Edit()[1] += 1e-6f;
        }), StringComparison.Ordinal);
        // A machine that computes something else is found when weights are compared again.
        Assert.StartsWith("rank 2 differs from rank 0: the hash of fc.bias after 2 steps is ", Differing(afterStep: (rank, step, net) =>
        {
            if (rank == 2 && step == 1) net.Parameters["fc.bias"].Edit()[0] += 1e-6f;
        }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_loader_of_another_shard_is_refused()
    {
        using var net = new NormlessNet();
        using var loader = Load(net, Communicator.Single);
        var error = Assert.Throws<ArgumentException>(() => new Trainer(net, loader, _options, Communicator.InProcess(2)[1]));
        Assert.Contains("The loader of rank 1 of 2 does not read shard 1 of 2", error.Message, StringComparison.Ordinal);
        Assert.Contains("BucketBytes is 3", Assert.Throws<ArgumentException>(() => new Trainer(net, loader, _options with { BucketBytes = 3 })).Message, StringComparison.Ordinal);
        var source = new ReferenceGradients(net);
        Assert.Throws<NotSupportedException>(() => new Trainer(net, new ToyBatches(), _options with { SyncBatchNorm = true }, source, Communicator.InProcess(2)[0]));
        Assert.True(source.IsDisposed);
    }

    static string Differing(
        Func<int, TrainerOptions>? options = null, Func<int, IBatchSource>? batches = null, Action<int, Network>? change = null, Action<int, long, Network>? afterStep = null)
    {
        var failures = RankThreads.RunFailing(3, rank =>
        {
            using var net = new ToyNet();
            change?.Invoke(rank.Rank, net);
            using var trainer = new Trainer(net, batches?.Invoke(rank.Rank) ?? new ToyBatches(), options?.Invoke(rank.Rank) ?? _options, new ReferenceGradients(net), rank)
            {
                CompareEvery = 2,
                Observers = [new Recorder(step => afterStep?.Invoke(rank.Rank, step.Step, net))],
            };
            trainer.Run();
        });
        return Assert.Single(failures.Select(failure => Assert.IsType<CommunicationException>(failure).Message).Distinct());
    }

    /// <summary>Each rank's quarter, in order, of batches of 24 toy images; one rank has all of each.</summary>
    sealed class Slices(Communicator rank) : IBatchSource
    {
        readonly ToyBatches _all = new(batches: 4, size: 24);

        public string Identity => _all.Identity;

        public int Batches => _all.Batches;

        public bool TryNext(int epoch, out TrainingBatch batch)
        {
            var isThere = _all.TryNext(epoch, out batch);
            var count = 24 / rank.Size;
            if (isThere) batch = new(batch.Images.Slice(rank.Rank * count * 32, count * 32), batch.Labels.Slice(rank.Rank * count, count));
            return isThere;
        }
    }

    /// <summary>Claims to have as many batches as others.</summary>
    sealed class Shorter(int batches) : IBatchSource
    {
        readonly ToyBatches _batches = new(batches);

        public string Identity => "toy batches";

        public int Batches => 5;

        public bool TryNext(int epoch, out TrainingBatch batch) => _batches.TryNext(epoch, out batch);
    }

    /// <summary>Some of seven images, in one batch.</summary>
    sealed class Uneven((int First, int Count) share) : IBatchSource
    {
        bool _isGiven;

        public string Identity => "seven images";

        public int Batches => 1;

        public bool TryNext(int epoch, out TrainingBatch batch)
        {
            var length = 3 * 32 * 32;
            var images = Enumerable.Range(share.First * length, share.Count * length).Select(i => (float)Math.Sin(i)).ToArray();
            batch = new(images, Enumerable.Range(share.First, share.Count).ToArray());
            (var isFirst, _isGiven) = (!_isGiven, true);
            return isFirst;
        }
    }
}
