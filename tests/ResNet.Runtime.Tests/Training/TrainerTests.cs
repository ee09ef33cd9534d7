using ResNet.Reference;
using ResNet.Runtime.Data;
using ResNet.Runtime.Devices;
using ResNet.Runtime.Optimizers;
using ResNet.Runtime.Training;

namespace ResNet.Runtime.Tests.Training;

public class TrainerTests
{
    static readonly TrainerOptions _options = new()
    {
        Epochs = 4,
        Schedule = new CosineSchedule(0.2).WithWarmUp(3),
        AverageDecay = 0.9,
        MaxGradientNorm = 1,
        RateFactors = [new("fc", 2)],
    };

    /// <summary>Whether batches are drawn while the step before still runs: nothing else is different.</summary>
    protected virtual bool DrawsAhead => false;

    ReferenceGradients Gradients(Network net) => new(net) { DrawsAhead = DrawsAhead };

    Trainer Create(Network net, string? folder = null, IBatchSource? batches = null, TrainerOptions? options = null, params ITrainingObserver[] observers) =>
        new(net, batches ?? new ToyBatches(), options ?? _options, Gradients(net)) { Folder = folder, Observers = observers };

    static float[] Values(Network net) => [.. net.Parameters.ReadTrained(), .. net.Parameters.ReadStatistics()];

    [Fact]
    public void Learns_and_tells()
    {
        using var folder = new TemporaryFolder();
        using var net = new ToyNet();
        var recorder = new Recorder();
        using var trainer = Create(net, folder.Path, options: _options with { Epochs = 12 }, observers: recorder);
        var result = trainer.Run();
        Assert.False(result.Cancelled);
        Assert.Equal(60, result.Steps);
        Assert.InRange(result.Epochs[^1].Loss, 0, 0.7 * result.Epochs[0].Loss);
        Assert.Equal(recorder.Epochs, result.Epochs);
        Assert.Equal(Enumerable.Range(1, 60), recorder.Steps.Select(step => (int)step.Step));
        Assert.Equal(recorder.Steps.Take(5).Average(step => step.Loss), result.Epochs[0].Loss, 1e-12);
    }

    [Fact]
    public void Without_a_better_score_it_ends_early_and_a_resumed_run_counts_on()
    {
        double[] scores = [0.1, 0.5, 0.5, 0.4, 0.3, 0.2, 0.1];
        Trainer Validated(Network net, string folder, int start, TrainerOptions options)
        {
            var epoch = start;
            return new(net, new ToyBatches(), options, Gradients(net)) { Folder = folder, Validate = _ => scores[epoch++] };
        }

        using var folder = new TemporaryFolder();
        using var net = new ToyNet();
        var options = _options with { Epochs = 7, Patience = 3 };
        using (var trainer = Validated(net, folder.File("whole"), 0, options))
        {
            var result = trainer.Run();
            Assert.Equal((5, true, false), (result.Epochs.Count, result.StoppedEarly, result.Cancelled));
            Assert.Equal(2, result.Best!.Epoch);
        }
        using (var best = Network.Open(folder.File("whole/best.safetensors")))
            Assert.Equal((2, 0.5), (best.Metrics["epoch"], best.Metrics["top1"]));
        using (var last = Network.Open(folder.File("whole/last.safetensors")))
            Assert.Equal((5, 0.3), (last.Metrics["epoch"], last.Metrics["top1"]));

        using var cut = new ToyNet();
        using (var trainer = Validated(cut, folder.File("cut"), 0, options with { Epochs = 4 })) Assert.False(trainer.Run().StoppedEarly);
        using var resumed = new ToyNet();
        using (var trainer = Validated(resumed, folder.File("cut"), 4, options))
        {
            trainer.Resume(folder.File("cut/last.safetensors"));
            Assert.Equal(5, trainer.Run().Epochs.Count);
        }
        // More patience lets it go on.
        using (var trainer = Validated(resumed, folder.File("cut"), 5, options with { Patience = 4 }))
        {
            trainer.Resume(folder.File("cut/last.safetensors"));
            Assert.Equal(6, trainer.Run().Epochs.Count);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(13)]
    [InlineData(19)]
    public void A_cancelled_run_resumes_to_the_same_bits(int stop)
    {
        using var folder = new TemporaryFolder();
        using var whole = new ToyNet();
        using (var trainer = Create(whole, folder.File("whole"))) trainer.Run();

        using (var net = new ToyNet())
        {
            using var cancellation = new CancellationTokenSource();
            using var trainer = Create(net, folder.File("cut"), observers: new Recorder(step => { if (step.Step == stop) cancellation.Cancel(); }));
            var result = trainer.Run(cancellation.Token);
            Assert.True(result.Cancelled);
            Assert.Equal(stop, result.Steps);
            Assert.Equal(folder.File("cut/last.safetensors"), result.Checkpoint);
        }
        using var resumed = new ToyNet();
        using (var trainer = Create(resumed, folder.File("cut")))
        {
            trainer.Resume(folder.File("cut/last.safetensors"));
            Assert.Equal(20, trainer.Run().Steps);
        }
        Assert.Equal(Values(whole), Values(resumed));
        AssertSameTensors(folder.File("whole/last.safetensors"), folder.File("cut/last.safetensors"));
        AssertSameTensors(folder.File("whole/best.safetensors"), folder.File("cut/best.safetensors"));
    }

    [Fact]
    public void A_killed_run_resumes_from_its_last_epoch_to_the_same_bits()
    {
        using var folder = new TemporaryFolder();
        using var whole = new ToyNet();
        using (var trainer = Create(whole)) trainer.Run();
        using (var net = new ToyNet())
        using (var trainer = Create(net, folder.Path, new ToyBatches { Broken = 12 })) Assert.Throws<IOException>(() => trainer.Run());
        using var resumed = new ToyNet();
        using (var trainer = Create(resumed, folder.Path))
        {
            trainer.Resume(folder.File("last.safetensors"));
            Assert.Equal(10, trainer.Step);
            trainer.Run();
        }
        Assert.Equal(Values(whole), Values(resumed));
    }

    [Fact]
    public void A_killed_run_that_saves_within_epochs_resumes_from_its_last_step()
    {
        using var folder = new TemporaryFolder();
        using var whole = new ToyNet();
        using (var trainer = Create(whole)) trainer.Run();
        using (var net = new ToyNet())
        using (var trainer = new Trainer(net, new ToyBatches { Broken = 12 }, _options, Gradients(net)) { Folder = folder.Path, CheckpointInterval = TimeSpan.Zero })
            Assert.Throws<IOException>(() => trainer.Run());
        using var resumed = new ToyNet();
        using (var trainer = Create(resumed, folder.Path))
        {
            trainer.Resume(folder.File("last.safetensors"));
            Assert.Equal(12, trainer.Step);
            trainer.Run();
        }
        Assert.Equal(Values(whole), Values(resumed));
    }

    [Fact]
    public void A_cancelled_trainer_goes_on_by_itself()
    {
        using ToyNet whole = new(), cut = new();
        using (var trainer = Create(whole)) trainer.Run();
        using var cancellation = new CancellationTokenSource();
        using var interrupted = Create(cut, observers: new Recorder(step => { if (step.Step == 7) cancellation.Cancel(); }));
        Assert.Equal(7, interrupted.Run(cancellation.Token).Steps);
        interrupted.Run();
        Assert.Equal(Values(whole), Values(cut));
    }

    [Fact]
    public void Stops_where_the_loss_is_not_finite_with_all_as_before_the_step()
    {
        using var folder = new TemporaryFolder();
        using var net = new ToyNet();
        float[] before = [];
        byte[] checkpoint = [];
        using var trainer = Create(net, folder.Path, new ToyBatches { Spoilt = 7 }, observers: new Recorder(step =>
        {
            before = Values(net);
            if (step.Step == 6) checkpoint = File.ReadAllBytes(folder.File("last.safetensors"));
        }));
        var error = Assert.Throws<TrainingDivergedException>(() => trainer.Run());
        Assert.Equal(8, error.Step);
        Assert.StartsWith("bn1.running_mean", error.Layer, StringComparison.Ordinal);
        Assert.Equal(before, Values(net));
        Assert.Equal(checkpoint, File.ReadAllBytes(folder.File("last.safetensors")));

        using var other = new ToyNet();
        using var probed = new Trainer(other, new ToyBatches { Spoilt = 0 }, _options, Gradients(other)) { LocateDivergence = (_, _) => "conv1" };
        Assert.Equal("conv1", Assert.Throws<TrainingDivergedException>(() => probed.Run()).Layer);
    }

    [Fact]
    public void Who_locates_a_divergence_is_given_the_batch_of_that_step()
    {
        using var net = new ToyNet();
        TrainingBatch located = default;
        using var trainer = new Trainer(net, new ToyBatches { Spoilt = 3 }, _options, Gradients(net))
        {
            LocateDivergence = (_, batch) =>
            {
                located = batch;
                return "input";
            },
        };
        Assert.Equal(4, Assert.Throws<TrainingDivergedException>(() => trainer.Run()).Step);
        var batches = new ToyBatches();
        TrainingBatch spoilt = default;
        for (var step = 0; step < 4; step++) batches.TryNext(0, out spoilt);
        var images = spoilt.Images.ToArray();
        images[7] = float.NaN;
        Assert.Equal(images, located.Images.ToArray());
        Assert.Equal(spoilt.Labels.ToArray(), located.Labels.ToArray());
    }

    [Fact]
    public void Other_batches_are_no_resumed_run()
    {
        using var folder = new TemporaryFolder();
        using var net = new ToyNet();
        using (var trainer = Create(net, folder.Path)) trainer.Run();
        var before = Values(net);
        using var other = Create(net, batches: new ToyBatches(size: 7));
        var error = Assert.Throws<InvalidOperationException>(() => other.Resume(folder.File("last.safetensors")));
        Assert.Contains("5 toy batches of 6", error.Message, StringComparison.Ordinal);
        Assert.Contains("5 toy batches of 7", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, Values(net));
    }

    /// <summary>Plain gradient descent from the reference's gradient in double, as PyTorch's clip_grad_norm_ shortens it.</summary>
    [Theory]
    [InlineData(0.02, true), InlineData(100.0, false)]
    public void A_gradient_longer_than_allowed_is_shortened(double greatest, bool isShortened)
    {
        const double rate = 0.5;
        using var net = new ToyNet();
        new ToyBatches(batches: 1).TryNext(0, out var batch);
        var reference = new ReferenceInterpreter(net.Parameters).Train(batch.Images.Span, batch.Labels.Span).Gradients;
        var norm = Math.Sqrt(reference.Values.Sum(gradient => gradient.Sum(value => value * value)));
        Assert.Equal(isShortened, norm > greatest);
        var before = net.Parameters.ReadTrained().ToArray();
        var recorder = new Recorder();
        var options = new TrainerOptions { Epochs = 1, Schedule = new ConstantSchedule(rate), Optimizer = new Sgd(0), WeightDecay = 0, MaxGradientNorm = greatest };
        using (var trainer = Create(net, batches: new ToyBatches(batches: 1), options: options, observers: recorder)) trainer.Run();

        Assert.Equal(norm, recorder.Steps[0].GradientNorm, 1e-6 * norm);
        var scale = isShortened ? greatest / norm : 1;
        foreach (var tensor in net.Parameters.Tensors.Where(tensor => tensor.Info.IsTrained))
            for (var i = 0; i < tensor.Length; i++)
                Assert.Equal(before[tensor.Offset + i] - rate * scale * reference[tensor.Name][i], tensor.Read()[i], 1e-6);
    }

    [Fact]
    public void Freezing_keeps_all_up_to_a_stage()
    {
        using var net = new ToyNet();
        var before = net.Parameters.Tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Read().ToArray());
        using (var trainer = Create(net, options: new() { Epochs = 1, FreezeThrough = "bn1" })) trainer.Run();
        foreach (var tensor in net.Parameters.Tensors.Where(tensor => tensor.Info.IsTrained))
            Assert.Equal(tensor.Name.StartsWith("conv1.", StringComparison.Ordinal) || tensor.Name.StartsWith("bn1.", StringComparison.Ordinal), before[tensor.Name].AsSpan().SequenceEqual(tensor.Read()));
    }

    [Fact]
    public void The_best_epoch_is_kept_with_the_weights_that_were_validated()
    {
        using var folder = new TemporaryFolder();
        using var net = new ToyNet();
        var (scores, seen) = (new Queue<double>([0.3, 0.8, 0.8, 0.5]), new List<float[]>());
        using var trainer = new Trainer(net, new ToyBatches(), _options, Gradients(net))
        {
            Folder = folder.Path,
            Validate = network => { seen.Add(Values(network)); return scores.Dequeue(); },
        };
        Assert.Equal(2, trainer.Run().Best!.Epoch);
        using var best = new ToyNet();
        best.Load(folder.File("best.safetensors"));
        Assert.Equal(seen[1], Values(best));
        using var last = new ToyNet();
        last.Load(folder.File("last.safetensors"));
        Assert.Equal(Values(net), Values(last));
    }

    [Fact]
    public void Refuses_other_options_other_files_and_wrong_values()
    {
        using var folder = new TemporaryFolder();
        using var net = new ToyNet();
        using (var trainer = Create(net, folder.Path)) trainer.Run();
        var last = folder.File("last.safetensors");
        Assert.Equal(TrainingCheckpoint.Text(_options), TrainingCheckpoint.Text(TrainingCheckpoint.ReadOptions(last)));
        var before = Values(net);
        using (var trainer = Create(net, options: _options with { Optimizer = new Sgd(0.8), Accumulate = 2 }))
        {
            // The options that differ, and no others.
            var message = Assert.Throws<InvalidOperationException>(() => trainer.Resume(last)).Message;
            Assert.Contains("Accumulate was 1 and is 2", message, StringComparison.Ordinal);
            Assert.Contains("Optimizer was {", message, StringComparison.Ordinal);
            Assert.DoesNotContain("WeightDecay", message, StringComparison.Ordinal);
        }
        using (var trainer = Create(net)) Assert.Throws<WeightsException>(() => trainer.Resume(folder.File("best.safetensors")));
        using (var trainer = Create(net)) Assert.Throws<WeightsException>(() => trainer.Resume(folder.Write("text", "no checkpoint")));
        Assert.Equal(before, Values(net));
        foreach (var wrong in new TrainerOptions[]
        {
            new() { Epochs = 0 }, new() { Optimizer = new Sgd(1) }, new() { Optimizer = new Sgd(0, Nesterov: true) }, new() { WeightDecay = -1 }, new() { MaxGradientNorm = 0 },
            new() { AverageDecay = 1 }, new() { LabelSmoothing = 1 }, new() { FreezeThrough = "layer9" }, new() { Patience = 0 }, new() { FreezeThrough = "fc" },
            new() { RateFactors = [new("con", 1)] }, new() { RateFactors = [new("fc", -1)] },
        })
            Assert.Throws<ArgumentException>(() => Create(net, options: wrong));
    }

    static void AssertSameTensors(string expected, string actual)
    {
        using WeightFile left = WeightFile.Open(expected), right = WeightFile.Open(actual);
        Assert.Equal(left.Tensors.Select(tensor => tensor.Name), right.Tensors.Select(tensor => tensor.Name));
        foreach (var tensor in left.Tensors) Assert.Equal(tensor.ToArray(), right[tensor.Name].ToArray());
    }
}
