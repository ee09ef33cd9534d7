using ResNet.Dsl;
using ResNet.Runtime.Data;
using ResNet.Runtime.Evaluation;
using ResNet.Runtime.Runs;
using ResNet.Runtime.Tests.Communication;
using ResNet.Runtime.Tests.Training;
using ResNet.Runtime.Training;
using ResNet.Runtime.Weights.Initialization;
using ResNet.Tests;

namespace ResNet.Runtime.Tests.Runs;

public sealed class TrainingRunTests : IDisposable
{
    static readonly NetworkDefinition _tiny = TestNetworks.Build(3, 32, 32, net => net
        .Conv(8, 3, stride: 2, padding: 1).BatchNorm().Relu().Conv(8, 3, stride: 2, padding: 1).BatchNorm().Relu().GlobalAveragePool().Dense(10));

    static readonly RunSettings _settings = new() { Epochs = 3, Batch = 16, Augment = "crop-flip", Seed = 3 };

    readonly TemporaryFolder _folder = new();
    readonly Shapes10 _train = new(64), _validation = new(32, DatasetSplit.Test);

    public void Dispose() => _folder.Dispose();

    string Run(string name) => _folder.File(name);

    [Fact]
    public void ItLeavesWeightsThatKnowEverythingAndLogs()
    {
        using var net = Network.Create(_tiny);
        var recorder = new Recorder();
        var run = new TrainingRun(net, _train, _validation, _settings, Run("a")) { Observers = { recorder } };
        Assert.Empty(run.Warnings);
        var result = run.Run();
        Assert.Equal((12, 3, false), (result.Steps, result.Epochs.Count, result.Cancelled));
        Assert.Equal(result.Epochs, recorder.Epochs);
        Assert.Equal(13, File.ReadAllLines(Run("a/steps.csv")).Length);

        using var opened = Network.Open(Run("a"));
        Assert.Equal(_tiny, opened.Definition);
        Assert.Equal(Shapes10.Names, opened.Labels);
        Assert.Equal(result.Best!.Validation, opened.Metrics["top1"]);
        Assert.Equal(result.Best.Epoch, opened.Metrics["epoch"]);
    }

    [Fact]
    public void RanksMakeOneRunOfWhichTheFirstWrites()
    {
        var results = new TrainingResult[2];
        var warnings = new IReadOnlyList<string>[2];
        RankThreads.Run(2, rank =>
        {
            using var net = Network.Create(_tiny);
            new HeInitializer(3).Initialize(net.Parameters);
            var run = new TrainingRun(net, _train, _validation, _settings with { Batch = 8, Schedule = "constant", WarmUpEpochs = 1 }, Run("ranks"), rank);
            Assert.Equal(4, run.StepsPerEpoch);
            warnings[rank.Rank] = run.Warnings;
            results[rank.Rank] = run.Run();
            Assert.Equal(12, run.Run(resume: true).Steps);
        });
        Assert.Equal(results[0].Epochs.Select(epoch => (epoch.Loss, epoch.Accuracy, epoch.Validation)), results[1].Epochs.Select(epoch => (epoch.Loss, epoch.Accuracy, epoch.Validation)));
        Assert.Equal(13, File.ReadAllLines(Run("ranks/steps.csv")).Length);
        Assert.Equal(
            "2 ranks make steps of 16 images, 2 times those of one; the learning rate stays 0.1. If it was chosen for one rank, Goyal et al. 2017 suggest 2 times as much, 0.2, after 5 epochs of warm-up",
            Assert.Single(warnings[1]));

        using var best = Network.Open(Run("ranks"));
        Assert.Equal(results[1].Best!.Validation, Evaluator.Evaluate(best, _validation, new() { BatchSize = 100 }).Top1Accuracy);
    }

    /// <summary>The sixth step is the second of its epoch. What is dropped afterwards is what the whole run drops.</summary>
    [Fact]
    public void ACancelledRunGoesOnToTheSameBits()
    {
        CheckResumed(_tiny, "tiny");
        CheckResumed(new CifarResNetAttribute { Depth = 8, StochasticDepth = 0.5 }.Define("Stochastic"), "stochastic");
    }

    void CheckResumed(NetworkDefinition definition, string name)
    {
        var (wholeRun, cutRun) = (Run($"{name}-whole"), Run($"{name}-cut"));
        using (var net = Create()) new TrainingRun(net, _train, _validation, _settings, wholeRun).Run();
        using (var net = Create())
        {
            using var cancellation = new CancellationTokenSource();
            var run = new TrainingRun(net, _train, _validation, _settings, cutRun) { Observers = { new Recorder(step => { if (step.Step == 6) cancellation.Cancel(); }) } };
            Assert.True(run.Run(cancellationToken: cancellation.Token).Cancelled);
            Assert.True(run.CanResume);
            Assert.Contains("has a run already", Assert.Throws<InvalidOperationException>(() => run.Run()).Message, StringComparison.Ordinal);
        }
        using (var net = Create()) Assert.Equal(12, new TrainingRun(net, _train, _validation, _settings, cutRun).Run(resume: true).Steps);
        using Network whole = Network.Open(Path.Combine(wholeRun, "last.safetensors")), cut = Network.Open(Path.Combine(cutRun, "last.safetensors"));
        Assert.Equal(whole.Parameters.ReadTrained(), cut.Parameters.ReadTrained());
        Assert.Equal(whole.Parameters.ReadStatistics(), cut.Parameters.ReadStatistics());

        Network Create()
        {
            var network = Network.Create(definition);
            new HeInitializer(1).Initialize(network.Parameters);
            return network;
        }
    }

    [Fact]
    public void FineTuningTrainsTheHeadAtTheFullRateAndKeepsStatistics()
    {
        using var net = Network.Create(_tiny);
        var before = net.Parameters.Tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Read().ToArray());
        var settings = Recipe.FineTune.Apply(new RunSettings { Seed = 5 }) with { Epochs = 1, Schedule = "constant", Batch = 64, Momentum = 0, WeightDecay = 0, LearningRate = 1e-2 };
        Assert.Equal((5ul, null), (settings.Seed, settings.FreezeStatistics));
        var options = settings.ToOptions(_tiny, _train.Count);
        Assert.True(options.FreezeStatistics);
        Assert.False(settings.ToOptions(_tiny, 100_000).FreezeStatistics);
        Assert.Equal([("conv1", 0.1), ("bn1", 0.1), ("conv2", 0.1), ("bn2", 0.1), ("fc", 0.1), ("fc", 1)], options.RateFactors.Select(factor => (factor.Prefix, factor.Factor)));

        var gradients = new Dictionary<string, double>();
        new TrainingRun(net, _train, null, settings, Run("tuned")) { Observers = { new GradientNorms(gradients) } }.Run();
        foreach (var tensor in net.Parameters.Tensors)
        {
            var moved = Math.Sqrt(tensor.Read().ToArray().Zip(before[tensor.Name], (after, value) => Math.Pow(after - value, 2)).Sum());
            // A single step of plain descent: rate times gradient.
            if (tensor.Info.IsTrained) Assert.Equal(1e-2 * (tensor.Name.StartsWith("fc.", StringComparison.Ordinal) ? 1 : 0.1) * gradients[tensor.Name], moved, 1e-3 * moved + 1e-6);
            else Assert.Equal(0, moved);
        }
    }

    [Fact]
    public void AnEstimateChangesNothing()
    {
        using var net = Network.Create(_tiny);
        float[] before = [.. net.Parameters.ReadTrained(), .. net.Parameters.ReadStatistics()];
        var estimate = new TrainingRun(net, _train, _validation, _settings with { Batch = 60 }, Run("none")).Estimate();
        Assert.Equal((2, 3), (estimate.StepsPerEpoch, estimate.Epochs));
        Assert.True(estimate.Duration >= 6 * estimate.Step && estimate.Step > TimeSpan.Zero);
        // 8×16×16 values of the first layer alone, for each image.
        Assert.InRange(estimate.MemoryBytes, 60 * 8 * 16 * 16 * sizeof(float), 100_000_000);
        float[] after = [.. net.Parameters.ReadTrained(), .. net.Parameters.ReadStatistics()];
        Assert.Equal(before, after);
        Assert.False(Directory.Exists(Run("none")));
    }

    [Fact]
    public void AnEstimateOfImagesThatCannotBeReadEnds()
    {
        using var net = Network.Create(_tiny);
        Assert.Throws<DatasetException>(() => new TrainingRun(net, new Unreadable(), null, _settings, Run("none")) { OnBroken = _ => { } }.Estimate());
    }

    [Fact]
    public void WhatWouldFailLateIsSaidAtTheStart()
    {
        using var net = Network.Create(_tiny);
        Assert.Contains(new TrainingRun(net, _train, null, _settings, Run("x")).Warnings, warning => warning.Contains("no images to validate on", StringComparison.Ordinal));
        Assert.Contains(new TrainingRun(net, _train, _validation, _settings with { Batch = 63 }, Run("x")).Warnings, warning => warning.Contains("one image", StringComparison.Ordinal));
        Assert.Empty(new TrainingRun(net, _train, _validation, _settings with { Batch = 63, DropLast = true }, Run("x")).Warnings);

        RunSettings[] wrong =
        [
            _settings with { Epochs = 0 }, _settings with { Batch = 0 }, _settings with { Schedule = "cosinus" }, _settings with { Schedule = "steps:-1" },
            _settings with { Augment = "crop" }, _settings with { Augment = "none+color" }, _settings with { LabelSmoothing = 1 }, _settings with { BackboneRate = -1 },
            _settings with { WeightDecay = double.NaN },
        ];
        Assert.All(wrong, settings => Assert.ThrowsAny<ArgumentException>(() => new TrainingRun(net, _train, _validation, settings, Run("x"))));
        using var others = Network.Create(TestNetworks.Build(3, 32, 32, layers => layers.GlobalAveragePool().Dense(3)));
        Assert.Contains("3 classes, the images 10", Assert.Throws<ArgumentException>(() => new TrainingRun(others, _train, null, _settings, Run("x"))).Message, StringComparison.Ordinal);
        Assert.Throws<WeightsException>(() => new TrainingRun(net, _train, null, _settings, Run("x")).Run(resume: true));
        Assert.False(Directory.Exists(Run("x")));
    }

    /// <summary>The papers' rates on CIFAR: a tenth of 0.1 after 250 and 375 of 500 epochs, and a fifth after 60, 120 and 160 of 200.</summary>
    [Theory]
    [InlineData("paper-stochastic-depth", 249, 0.1)]
    [InlineData("paper-stochastic-depth", 250, 0.01)]
    [InlineData("paper-stochastic-depth", 374, 0.01)]
    [InlineData("paper-stochastic-depth", 375, 0.001)]
    [InlineData("paper-wide", 59, 0.1)]
    [InlineData("paper-wide", 60, 0.02)]
    [InlineData("paper-wide", 120, 0.004)]
    [InlineData("paper-wide", 159, 0.004)]
    [InlineData("paper-wide", 160, 0.0008)]
    public void RatesFallWhenThePaperSays(string name, int epoch, double rate)
    {
        var settings = Recipe.All.Single(recipe => recipe.Name == name).Apply(new RunSettings());
        const int steps = 391;
        Assert.Equal(rate, Schedules.Parse(settings.Schedule, settings.LearningRate, settings.Epochs).RateAt(new(epoch * steps, steps, settings.Epochs, [])), 1e-9);
        Assert.Equal((128, true, 0.9), (settings.Batch, settings.Nesterov, settings.Momentum));
    }

    [Theory]
    [InlineData(32, 32, false, "fast-cifar")]
    [InlineData(64, 20, false, "fast-cifar")]
    [InlineData(224, 224, false, "paper-imagenet")]
    [InlineData(48, 640, false, "paper-imagenet")]
    [InlineData(640, 48, false, "paper-imagenet")]
    [InlineData(224, 224, true, "fine-tune")]
    public void TheRecipeFollowsFromInputAndStart(int height, int width, bool isTrained, string recipe) =>
        Assert.Equal(recipe, Recipe.For(new(3, height, width), isTrained).Name);

    sealed class Unreadable : ImageDataset
    {
        public override string Description => "images that cannot be read";

        public override IReadOnlyList<string> Classes => Shapes10.Names;

        public override int Count => 20;

        public override int ClassOf(int index) => 0;

        public override string NameOf(int index) => $"image {index}";

        public override Image Load(int index) => throw new DatasetException($"image {index} is broken");
    }

    sealed class GradientNorms(Dictionary<string, double> norms) : ITrainingObserver
    {
        public void BeforeUpdate(StepValues values)
        {
            foreach (var info in _tiny.Layers().SelectMany(layer => layer.Parameters).Where(info => info.IsTrained))
                norms[info.Name] = Math.Sqrt(values.Gradient(info.Name).ToArray().Sum(value => (double)value * value));
        }
    }
}
