using ResNet.Dsl;
using ResNet.Runtime.Data;
using ResNet.Runtime.Runs;
using ResNet.Runtime.Training;
using ResNet.Runtime.Weights.Initialization;

namespace ResNet.Runtime.Tests.Training;

/// <summary>The properties of every option of a run: a stopped run continues to the same bits, and a repeated run has the same bits.</summary>
public class OptionTests
{
    /// <summary>Batch normalization, dropout and a residual unit, on images of 16 pixels.</summary>
    static readonly NetworkDefinition _tiny = TestNetworks.Build(3, 16, 16, net => net
        .Conv(6, 3, stride: 2, padding: 1).BatchNorm().Relu()
        .Residual(r => r.Conv(6, 3, padding: 1).BatchNorm())
        .GlobalAveragePool().Dropout(0.2).Dense(10));

    static readonly RunSettings _plain = new() { Epochs = 2, Batch = 8, Augment = "crop-flip", LearningRate = 0.02, Seed = 3 };

    static readonly Dictionary<string, RunSettings> _settings = new()
    {
        ["adamw"] = _plain with { Optimizer = "adamw", LearningRate = 2e-3, DecayNormAndBias = false, WeightDecay = 0.05 },
        ["lamb, clipped, averaged"] = _plain with { Optimizer = "lamb", Clip = 1, Average = 0.9 },
        ["lars, accumulated"] = _plain with { Optimizer = "lars", LearningRate = 5, Accumulate = 2 },
        ["accumulated unevenly, restarts"] = _plain with { Accumulate = 3, Schedule = "restarts:0.5,1.5", WarmUpEpochs = 0.5 },
        ["mixed"] = _plain with { Mixup = 0.4, CutMix = 1, MixProbability = 0.9, LabelSmoothing = 0.1, Accumulate = 2 },
        ["binary, weighted"] = _plain with { BinaryCrossEntropy = true, TargetThreshold = 0.2, CutMix = 1, ClassWeights = "1,2,1,1,1,3,1,1,1,1" },
        ["weighted, balanced"] = _plain with { ClassWeights = "balanced", Balanced = true, LabelSmoothing = 0.1 },
        ["trivial, erased, layer decay"] = _plain with { Augment = "scale-aspect+trivial+erase:0.5", LayerDecay = 0.7, KeepBest = 2 },
        ["rand"] = _plain with { Augment = "crop-flip+color+rand:20", TestScale = 1.5 },
    };

    /// <summary>Stopped in the middle of the second epoch or, where a step has several batches, wherever its step ends.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void A_run_that_was_stopped_goes_on_to_the_same_bits(string name)
    {
        using var folder = new TemporaryFolder();
        var whole = Train(_settings[name], folder.File("whole"), stopAfter: null);
        Train(_settings[name], folder.File("cut"), stopAfter: whole.Steps / 2 + 1);
        Assert.Equal(whole, Train(_settings[name], folder.File("cut"), stopAfter: null));
    }

    public static TheoryData<string> Names => [.. _settings.Keys];

    /// <summary>A run does not resume with the options of another.</summary>
    [Fact]
    public void A_run_is_not_resumed_with_other_options()
    {
        using var folder = new TemporaryFolder();
        Train(_plain, folder.File("run"), stopAfter: 2);
        RunSettings[] others = [_plain with { Mixup = 0.2 }, _plain with { Optimizer = "lars" }, _plain with { ClassWeights = "balanced" }, _plain with { Accumulate = 2 },
            _plain with { Augment = "crop-flip+erase:0.1" }, _plain with { Balanced = true }];
        Assert.All(others, settings => Assert.Throws<InvalidOperationException>(() => Train(settings, folder.File("run"), stopAfter: null)));
        // The number of weights that are kept changes nothing.
        Train(_plain with { KeepBest = 1 }, folder.File("run"), stopAfter: null);
        Assert.Single(Directory.GetFiles(folder.File("run"), "best-epoch-*"));
    }

    /// <summary>Without normalization by the batch, two batches of four are one of eight. An odd one is left at the end of an epoch.</summary>
    [Fact]
    public void Accumulated_batches_are_one()
    {
        var definition = TestNetworks.Build(3, 8, 8, net => net.Conv(6, 3, padding: 1, bias: true).Relu().GlobalAveragePool().Dense(10));
        (float[] Weights, List<StepMetrics> Steps) Run(int batch, int accumulate)
        {
            using var net = Network.Create(definition);
            new HeInitializer(1).Initialize(net.Parameters);
            using var loader = new DataLoader(new Shapes10(20), new ScaleAspectCrop { Normalization = net.Preprocessing }, new() { BatchSize = batch, Seed = 2 });
            var recorder = new Recorder();
            using var trainer = new Trainer(net, loader, new() { Epochs = 2, Accumulate = accumulate, MaxGradientNorm = 1, Schedule = new CosineSchedule(0.5) }) { Observers = [recorder] };
            Assert.Equal(6, trainer.Run().Steps);
            return (net.Parameters.ReadTrained().ToArray(), recorder.Steps);
        }

        var (one, two) = (Run(8, 1), Run(4, 2));
        Assert.All(one.Weights.Zip(two.Weights), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        foreach (var (big, small) in one.Steps.Zip(two.Steps))
        {
            Assert.Equal(big.Loss, small.Loss, 1e-4);
            Assert.Equal((big.Step, big.Accuracy, big.LearningRate), (small.Step, small.Accuracy, small.LearningRate));
        }
        Assert.Equal([2, 4, 5, 2, 4, 5], two.Steps.Select(step => step.Batch));
    }

    [Fact]
    public void A_mean_begins_anew_after_a_step_that_failed()
    {
        var mean = new GradientMean(2);
        mean.Begin();
        mean.Add([8, 8], 3);
        mean.Begin();
        mean.Add([1, 2], 1);
        mean.Add([4, 5], 2);
        var gradients = new float[2];
        mean.Take(gradients);
        Assert.Equal((3, 3f, 4f), (mean.Images, gradients[0], gradients[1]));
    }

    [Fact]
    public void Steps_of_no_images_are_refused()
    {
        Assert.Contains("Batch is 0", Assert.Throws<ArgumentException>(() => (_plain with { Batch = 0 }).ToOptions(_tiny, 64)).Message, StringComparison.Ordinal);
        Assert.Contains("Accumulate is 0", Assert.Throws<ArgumentException>(() => (_plain with { Accumulate = 0 }).ToOptions(_tiny, 64)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_best_epochs_weights_are_kept_and_no_others()
    {
        using var folder = new TemporaryFolder();
        double[] scores = [0.3, 0.5, 0.5, 0.2, 0.6];
        var epoch = 0;
        using var net = Network.Create(_tiny);
        using var loader = new DataLoader(new Shapes10(8), new ScaleAspectCrop { Normalization = net.Preprocessing }, new() { BatchSize = 8 });
        string[] Kept() => [.. Directory.GetFiles(folder.Path, "best-epoch-*").Select(file => Path.GetFileName(file)[11..^12]).Order(StringComparer.Ordinal)];
        List<string[]> kept = [];
        using var trainer = new Trainer(net, loader, new() { Epochs = 5 })
        {
            Folder = folder.Path,
            KeepBest = 2,
            Validate = _ =>
            {
                kept.Add(Kept());
                // A file that a run left because it was killed before it removed the file, and one that is none of its files.
                File.WriteAllText(folder.File("best-epoch-77.safetensors"), "left over");
                File.WriteAllText(folder.File("best-epoch-mine.safetensors"), "mine");
                return scores[epoch++];
            },
        };
        trainer.Run();
        Assert.Equal([[], ["1", "mine"], ["1", "2", "mine"], ["2", "3", "mine"], ["2", "3", "mine"], ["2", "5", "mine"]], [.. kept, Kept()]);
        using var second = Network.Open(folder.File("best-epoch-2.safetensors"));
        Assert.Equal((2, 0.5), (second.Metrics["epoch"], second.Metrics["top1"]));
    }

    /// <summary>timm's groups of a ResNet: the stem, each block, the head.</summary>
    [Fact]
    public void Layer_decay_falls_from_unit_to_unit()
    {
        var options = (_plain with { LayerDecay = 0.5, BackboneRate = 0.1 }).ToOptions(new ResNetAttribute { Depth = 18 }.Define("ResNet"), 64);
        double FactorOf(string tensor) => options.RateFactors.Last(factor => tensor.StartsWith($"{factor.Prefix}.", StringComparison.Ordinal)).Factor;
        // Eight blocks: the head's group is the ninth after the stem's.
        Assert.Equal(0.1 * Math.Pow(0.5, 9), FactorOf("conv1.weight"), 1e-15);
        Assert.Equal(0.1 * Math.Pow(0.5, 9), FactorOf("bn1.bias"), 1e-15);
        Assert.Equal(0.1 * Math.Pow(0.5, 8), FactorOf("layer1.0.conv1.weight"), 1e-15);
        Assert.Equal(0.1 * Math.Pow(0.5, 4), FactorOf("layer3.0.downsample.0.weight"), 1e-15);
        Assert.Equal(0.1 * 0.5, FactorOf("layer4.1.bn2.weight"), 1e-15);
        Assert.Equal(1, FactorOf("fc.weight"));
        Assert.Empty(_plain.ToOptions(_tiny, 64).RateFactors);
    }

    [Fact]
    public void Class_weights_balance_the_classes_or_are_given()
    {
        var images = new Shapes10(30).Subset([.. Enumerable.Range(0, 30).Where(i => i % 3 != 0 || i % 10 != 0)]);
        var counts = Enumerable.Range(0, 10).Select(c => Enumerable.Range(0, images.Count).Count(i => images.ClassOf(i) == c)).ToArray();
        Assert.Equal(counts.Select(count => count == 0 ? 0 : images.Count / (10.0 * count)), ClassWeights.Parse("balanced", images));
        Assert.Equal([1, 2, 0.5, 0, 1, 1, 1, 1, 1, 1e-3], ClassWeights.Parse("1,2,.5,0,1,1,1,1,1,1e-3", images));
        Assert.Empty(ClassWeights.Parse(null, images));
        foreach (var wrong in new[] { "1,2", "", "balance", "1,1,1,1,1,1,1,1,1,-1" })
            Assert.Contains("class weights", Assert.Throws<ArgumentException>(() => ClassWeights.Parse(wrong, images)).Message, StringComparison.Ordinal);
    }

    /// <summary>The recipes have the values of the papers' tables, and each trains.</summary>
    [Fact]
    public void Recipes_have_their_papers_values_and_train()
    {
        var a3 = Recipe.A3.Apply(_plain);
        Assert.Equal((100, 2048, 8e-3, 0.02, 0.1, 1.0, "lamb", 160 * a3.TestScale), (a3.Epochs, a3.Batch, a3.LearningRate, a3.WeightDecay, a3.Mixup, a3.CutMix, a3.Optimizer, 224));
        var (a1, v2) = (Recipe.A1.Apply(_plain), Recipe.TorchvisionV2.Apply(_plain));
        Assert.Equal((600, 5e-3, 0.01, 0.2, 0.1), (a1.Epochs, a1.LearningRate, a1.WeightDecay, a1.Mixup, a1.LabelSmoothing));
        Assert.Equal((600, 1024, 0.5, 2e-5, 0.2, 176 * v2.TestScale), (v2.Epochs, v2.Batch, v2.LearningRate, v2.WeightDecay, v2.Mixup, 224));
        // 5 epochs of 1,281,167 images.
        Assert.Equal(5 * 626, Assert.IsType<WarmUpSchedule>(a3.ToOptions(_tiny, 1_281_167).Schedule).Steps);
        foreach (var recipe in new[] { Recipe.A2, Recipe.A3, Recipe.TorchvisionV2 })
        {
            using var folder = new TemporaryFolder();
            var run = Train(recipe.Apply(_plain) with { Epochs = 1, Batch = 8 }, folder.Path, stopAfter: null);
            Assert.True(double.IsFinite(run.Loss));
        }
    }

    static Outcome Train(RunSettings settings, string folder, long? stopAfter)
    {
        using var net = Network.Create(_tiny);
        new HeInitializer(1).Initialize(net.Parameters);
        using var stop = new CancellationTokenSource();
        var run = new TrainingRun(net, new Shapes10(40), new Shapes10(10, DatasetSplit.Test), settings, folder)
        {
            Observers = { new Recorder(step => { if (step.Step == stopAfter) stop.Cancel(); }) },
        };
        var result = run.Run(resume: run.CanResume, stop.Token);
        Assert.Equal(stopAfter is not null, result.Cancelled);
        return new(result.Steps, result.Epochs.Count > 0 ? result.Epochs[^1].Loss : 0, Bits(net.Parameters.ReadTrained()), Bits(net.Parameters.ReadStatistics()));
    }

    static string Bits(ReadOnlySpan<float> values) => Data.Augmented.Bits(values);

    sealed record Outcome(long Steps, double Loss, string Weights, string Statistics);
}
