using ResNet.Runtime.Data;
using ResNet.Runtime.Detection.Training;
using ResNet.Runtime.Training;
using ResNet.Runtime.Tests.Communication;
using ResNet.Tests;

namespace ResNet.Runtime.Tests.Detection.Training;

public class DetectionTrainerTests
{
    static readonly ShapesDetection _pictures = new(10, DatasetSplit.Train, side: 64);

    static readonly DetectionTrainerOptions _options = new()
    {
        Epochs = 3,
        ImagesPerStep = 4,
        Size = DetectionSize.Exactly(64, 64),
        Schedule = new ConstantSchedule(0.01),
        Proposals = new() { BeforeSuppression = 60, AfterSuppression = 20 },
        Anchors = 32,
        Regions = 8,
    };

    [Fact]
    public void A_resumed_run_ends_with_the_same_bits()
    {
        using var folder = new TemporaryFolder();
        using var whole = Detector.Create(SmallDetectors.Definition());
        using (var trainer = new DetectionTrainer(whole, _pictures, _options))
            Assert.Equal(9, trainer.Run().Steps);

        using var first = Detector.Create(SmallDetectors.Definition());
        using (var stop = new CancellationTokenSource())
        using (var trainer = new DetectionTrainer(first, _pictures, _options) { Folder = folder.Path, Observers = [new StopAfter(5, stop)] })
        {
            var stopped = trainer.Run(stop.Token);
            Assert.True(stopped.Cancelled);
            Assert.Equal(5, stopped.Steps);
        }
        using var second = Detector.Create(SmallDetectors.Definition());
        using (var trainer = new DetectionTrainer(second, _pictures, _options) { Folder = folder.Path })
        {
            trainer.Resume(folder.File("last.safetensors"));
            Assert.Equal(5, trainer.Step);
            Assert.Equal(9, trainer.Run().Steps);
        }
        AssertSame(whole, second);
        using var opened = Detector.Open(folder.Path);
        Assert.Equal(ShapesDetection.Names, opened.Labels);
        Assert.True(opened.Metrics["loss"] > 0);
    }

    /// <summary>
    /// The oracle computes the pictures of both ranks one after the other, each as its share of the four of a step, and adds up losses and gradients. Of the last step of two
    /// pictures, the second rank has none.
    /// </summary>
    [Fact]
    public void Two_ranks_make_the_steps_of_both_parts_together()
    {
        var options = _options with { ImagesPerStep = 2 };
        using var device = new CpuDevice(1);
        using var oracle = Detector.Create(SmallDetectors.Definition(), device);
        var (losses, trunk, head) = (default(DetectionLosses), new double[oracle.Trunk.Parameters.ReadTrained().Length], new double[oracle.Head.Parameters.ReadTrained().Length]);
        using (var gradients = new DetectorGradients(oracle, options))
            for (var rank = 0; rank < 2; rank++)
            {
                var part = new DetectionBatches(_pictures, oracle.Trunk.Preprocessing, options, new(rank, 2));
                losses += gradients.Run(part.Read(0, 0), step: 0, part.First, all: 4);
                for (var i = 0; i < trunk.Length; i++) trunk[i] += gradients.Trunk[i];
                for (var i = 0; i < head.Length; i++) head[i] += gradients.Head[i];
            }

        using var folder = new TemporaryFolder();
        var weights = new float[2][];
        var steps = new List<DetectionStepMetrics>[] { [], [] };
        void Train(int epochs, string run) => RankThreads.Run(2, rank =>
        {
            using var own = new CpuDevice(1);
            using var detector = Detector.Create(SmallDetectors.Definition(), own);
            using var trainer = new DetectionTrainer(detector, _pictures, options with { Epochs = epochs }, communicator: rank)
            {
                Folder = folder.File(run),
                CompareEvery = 1,
                Observers = [new StepList(steps[rank.Rank])],
            };
            if (File.Exists(folder.File($"{run}/last.safetensors"))) trainer.Resume(folder.File($"{run}/last.safetensors"));
            trainer.Run();
            weights[rank.Rank] = [.. detector.Trunk.Parameters.ReadTrained(), .. detector.Head.Parameters.ReadTrained()];
        });
        Train(1, "cut");
        Assert.Equal(weights[0], weights[1]);
        Assert.Equal(3, steps[1].Count);
        Assert.Equal(steps[0].Select(step => step.Losses), steps[1].Select(step => step.Losses));
        Assert.Equal(losses.Total, steps[0][0].Losses.Total, 1e-9);
        var norm = Math.Sqrt(trunk.Sum(value => value * value) + head.Sum(value => value * value));
        Assert.Equal(norm, steps[0][0].GradientNorm, 1e-5 * norm);

        Train(2, "cut");
        var resumed = weights[1];
        Train(2, "whole");
        Assert.Equal(weights[0], resumed);
        using var alone = new DetectionTrainer(oracle, _pictures, options);
        Assert.Contains("was written by a run of 2 ranks", Assert.Throws<InvalidOperationException>(() => alone.Resume(folder.File("whole/last.safetensors"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkpoint_of_other_options_or_pictures_is_refused()
    {
        using var folder = new TemporaryFolder();
        using var detector = Detector.Create(SmallDetectors.Definition());
        using (var trainer = new DetectionTrainer(detector, _pictures, _options with { Epochs = 1 }) { Folder = folder.Path }) trainer.Run();
        using (var other = new DetectionTrainer(detector, _pictures, _options with { Regions = 9 }))
            Assert.Contains("other options", Assert.Throws<InvalidOperationException>(() => other.Resume(folder.File("last.safetensors"))).Message, StringComparison.Ordinal);
        using (var other = new DetectionTrainer(detector, new ShapesDetection(11, side: 64), _options))
            Assert.Contains("other training images", Assert.Throws<InvalidOperationException>(() => other.Resume(folder.File("last.safetensors"))).Message, StringComparison.Ordinal);
        detector.Save(folder.File("weights.safetensors"));
        using (var more = new DetectionTrainer(detector, _pictures, _options with { Epochs = 2 }))
        {
            Assert.Throws<WeightsException>(() => more.Resume(folder.File("weights.safetensors")));
            more.Resume(folder.File("last.safetensors"));
            Assert.Equal(6, more.Run().Steps);
        }
    }

    /// <summary>The threads change no bit of what is drawn, and of the sums no more than rounding.</summary>
    [Fact]
    public void The_loss_falls()
    {
        using var detector = Detector.Create(SmallDetectors.Definition());
        var log = new Losses();
        using (var trainer = new DetectionTrainer(detector, _pictures, _options with { Epochs = 40, Schedule = new ConstantSchedule(0.02) }) { Observers = [log] }) trainer.Run();
        Assert.Equal(40, log.Epochs.Count);
        Assert.True(log.Epochs[^1].Losses.Total < 0.7 * log.Epochs[0].Losses.Total, $"{log.Epochs[0].Losses} became {log.Epochs[^1].Losses}");
        Assert.All(log.Steps, step => Assert.True(step.Losses is { Objectness: > 0, Classes: > 0 } && step.GradientNorm > 0 && step.LearningRate == 0.02));
    }

    /// <summary>Frozen normalization makes images independent: two sizes in one step give the mean of the two steps.</summary>
    [Fact]
    public void Images_of_several_sizes_make_one_step()
    {
        var definition = SmallDetectors.Definition();
        definition = definition with { Trunk = definition.Trunk.WithFrozenNormalization(), Head = definition.Head.WithFrozenNormalization() };
        using var detector = Detector.Create(definition);
        TrainingScene[] scenes = [Scene(0, 64, 64), Scene(1, 80, 64)];
        using var gradients = new DetectorGradients(detector, _options);
        var both = gradients.Run(scenes, step: 3);
        var (trunk, head) = (gradients.Trunk.ToArray(), gradients.Head.ToArray());
        var first = gradients.Run([scenes[0]], step: 3);
        var firstTrunk = gradients.Trunk.ToArray();
        Assert.True(double.IsFinite(both.Total) && first.Total > 0);
        Assert.Contains(trunk, value => value != 0);
        Assert.Contains(head, value => value != 0);
        Assert.NotEqual(firstTrunk, trunk);
        // The same again, to the bit.
        Assert.Equal(both, gradients.Run(scenes, step: 3));
        Assert.Equal(trunk, gradients.Trunk);
    }

    [Fact]
    public void An_image_without_objects_teaches_background()
    {
        using var detector = Detector.Create(SmallDetectors.Definition());
        using var gradients = new DetectorGradients(detector, _options);
        var losses = gradients.Run([Scene(0, 64, 64) with { Objects = [] }], step: 0);
        Assert.True(losses is { Objectness: > 0, Classes: > 0, ProposalBoxes: 0, Boxes: 0 });
    }

    [Fact]
    public void Frozen_layers_stay()
    {
        using var detector = Detector.Create(SmallDetectors.Definition());
        var before = detector.Trunk.Parameters["conv2.weight"].Read().ToArray();
        var statistics = detector.Trunk.Parameters["bn2.running_mean"].Read().ToArray();
        var later = detector.Trunk.Parameters["conv3.weight"].Read().ToArray();
        using (var trainer = new DetectionTrainer(detector, _pictures, _options with { Epochs = 1, FreezeThrough = "bn2" })) trainer.Run();
        Assert.Equal(before, detector.Trunk.Parameters["conv2.weight"].Read().ToArray());
        Assert.Equal(statistics, detector.Trunk.Parameters["bn2.running_mean"].Read().ToArray());
        Assert.NotEqual(later, detector.Trunk.Parameters["conv3.weight"].Read().ToArray());
    }

    [Fact]
    public void Alternating_training_shares_the_feature_maps_of_its_second_step()
    {
        var states = new List<(int Step, float[] Features, float[] Rpn, float[] Head)>();
        var created = new List<Detector>();
        var training = new AlternatingTraining(Create, _pictures, _options with { Epochs = 1 })
        {
            OnStep = step => states.Add((step, Read("conv3.weight"), Read("rpn.conv.weight"), created[^1].Head.Parameters["cls_score.fc.weight"].Read().ToArray())),
        };
        using var detector = training.Run();
        Assert.Equal([1, 2, 3, 4], states.Select(state => state.Step));
        Assert.Equal(2, created.Count);
        Assert.Same(detector, created[1]);
        var (second, third, fourth) = (states[1], states[2], states[3]);
        Assert.NotEqual(second.Features, third.Features);
        Assert.Equal(second.Rpn, third.Rpn);
        Assert.NotEqual(second.Head, third.Head);
        Assert.Equal(third.Features, fourth.Features);
        Assert.NotEqual(third.Rpn, fourth.Rpn);
        Assert.Equal(third.Head, fourth.Head);
        Assert.Equal(third.Features, Read("conv3.weight"));
        Assert.Equal(fourth.Rpn, Read("rpn.conv.weight"));
        Assert.NotEqual(fourth.Head, detector.Head.Parameters["cls_score.fc.weight"].Read().ToArray());

        Detector Create()
        {
            created.Add(Detector.Create(SmallDetectors.Definition()));
            return created[^1];
        }

        float[] Read(string name) => created[^1].Trunk.Parameters[name].Read().ToArray();
    }

    [Fact]
    public void Wrong_options_are_refused()
    {
        using var detector = Detector.Create(SmallDetectors.Definition());
        Assert.Throws<ArgumentException>(() => new DetectionTrainer(detector, _pictures, _options with { ImagesPerStep = 0 }));
        Assert.Throws<ArgumentException>(() => new DetectionTrainer(detector, _pictures, _options with { Anchors = 0 }));
        Assert.Throws<ArgumentException>(() => new DetectionTrainer(detector, _pictures, _options with { FreezeThrough = "layer9" }));
        Assert.Throws<ArgumentException>(() => new DetectionTrainer(detector, _pictures, _options with { Epochs = 0 }));
        using var three = Detector.Create(new Dsl.FasterRcnnAttribute { Backbone = 18, Classes = 3 }.Define("three"));
        Assert.Contains("3 classes", Assert.Throws<ArgumentException>(() => new DetectionTrainer(three, _pictures, _options)).Message, StringComparison.Ordinal);
    }

    /// <summary>Central differences of the loss by parameters of the global context, with the samples kept.</summary>
    [Theory]
    [InlineData("context_cls_score.fc.weight")]
    [InlineData("context_bbox_pred.fc.bias")]
    [InlineData("cls_score.fc.weight")]
    public void Gradients_of_the_global_context_are_slopes(string name)
    {
        var definition = SmallDetectors.Definition(globalContext: true);
        using var detector = Detector.Create(definition with { Trunk = definition.Trunk.WithFrozenNormalization(), Head = definition.Head.WithFrozenNormalization() });
        using var gradients = new DetectorGradients(detector, _options);
        TrainingScene[] scenes = [Scene(0, 64, 64), Scene(1, 64, 64)];
        gradients.Run(scenes, step: 0);
        var tensor = detector.Head.Parameters[name];
        var gradient = gradients.Head.AsSpan(tensor.Offset, tensor.Length).ToArray();
        Assert.Contains(gradient, value => Math.Abs(value) > 1e-3);
        for (var i = 1; i < tensor.Length; i += 1 + tensor.Length / 7)
        {
            var slope = (LossWith(i, 0.01f) - LossWith(i, -0.01f)) / 0.02;
            Assert.Equal(slope, gradient[i], 1e-3);
        }

        double LossWith(int index, float change)
        {
            var before = tensor.Read()[index];
            tensor.Edit()[index] = before + change;
            var loss = gradients.Run(scenes, step: 0).Total;
            tensor.Edit()[index] = before;
            return loss;
        }
    }

    static TrainingScene Scene(int index, int width, int height)
    {
        var scene = Runtime.Detection.Data.SizedScene.Of(_pictures.Load(index), _pictures.Objects(index), DetectionSize.Exactly(width, height));
        return TrainingScene.Of(scene, Preprocessing.For(new(3, 64, 64)));
    }

    static void AssertSame(Detector expected, Detector actual)
    {
        Assert.Equal(expected.Trunk.Parameters.ReadTrained().ToArray(), actual.Trunk.Parameters.ReadTrained().ToArray());
        Assert.Equal(expected.Trunk.Parameters.ReadStatistics().ToArray(), actual.Trunk.Parameters.ReadStatistics().ToArray());
        Assert.Equal(expected.Head.Parameters.ReadTrained().ToArray(), actual.Head.Parameters.ReadTrained().ToArray());
    }

    sealed class StepList(List<DetectionStepMetrics> steps) : IDetectionObserver
    {
        public void OnStep(DetectionStepMetrics metrics) => steps.Add(metrics);
    }

    sealed class StopAfter(long step, CancellationTokenSource source) : IDetectionObserver
    {
        public void OnStep(DetectionStepMetrics metrics)
        {
            if (metrics.Step == step) source.Cancel();
        }
    }

    sealed class Losses : IDetectionObserver
    {
        public List<DetectionStepMetrics> Steps { get; } = [];

        public List<DetectionEpochMetrics> Epochs { get; } = [];

        public void OnStep(DetectionStepMetrics metrics) => Steps.Add(metrics);

        public void OnEpoch(DetectionEpochMetrics metrics) => Epochs.Add(metrics);
    }
}
