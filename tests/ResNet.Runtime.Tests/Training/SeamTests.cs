using ResNet.Reference;
using ResNet.Runtime.Data;
using ResNet.Runtime.Optimizers;
using ResNet.Runtime.Training;

namespace ResNet.Runtime.Tests.Training;

public class SeamTests
{
    static readonly TrainerOptions _options = new() { Epochs = 2, Optimizer = new Adam(), Schedule = new Triangle(0.001, 0.01, 1) };

    [Fact]
    public void Two_ranks_step_as_one_process_with_the_whole_batch() => SeamCases.AssertTwoHalvesAreTheWhole(device: null);

    [Fact]
    public void An_optimizer_of_ones_own_is_given_gradients_and_rate() => SeamCases.AssertFirstStepOfAdam(device: null);

    [Fact]
    public void A_run_with_an_optimizer_and_a_schedule_of_ones_own_resumes_to_the_same_bits() => SeamCases.AssertAdamResumesToTheSameBits(device: null);

    [Fact]
    public void Rate_decay_and_what_is_frozen_are_each_tensors_own()
    {
        using var net = new ToyNet();
        var seen = new Dictionary<string, (double Rate, double Decay, long Step)>();
        var options = new TrainerOptions
        {
            Epochs = 1,
            Schedule = new ConstantSchedule(0.5),
            WeightDecay = 0.25,
            DecayNormAndBias = false,
            FreezeThrough = "conv1",
            RateFactors = [new("fc", 3)],
            Optimizer = new Spy(seen),
        };
        using (var trainer = new Trainer(net, new ToyBatches(batches: 2), options, new ReferenceGradients(net))) trainer.Run();
        Assert.Equal(net.Parameters.Tensors.Where(tensor => tensor.Info.IsTrained && tensor.Name != "conv1.weight").Select(tensor => tensor.Name), seen.Keys);
        Assert.Equal((0.5, 0, 2), seen["bn1.weight"]);
        Assert.Equal((1.5, 0.25, 2), seen["fc.weight"]);
        Assert.Equal((1.5, 0, 2), seen["fc.bias"]);
    }

    [Fact]
    public void The_identity_tells_the_options()
    {
        Assert.Equal("Adam { Beta1 = 0.8, Beta2 = 0.999, Epsilon = 1E-08 }", new Adam(Beta1: 0.8).Identity);
        Assert.Equal("WarmUpSchedule { Then = Triangle { Low = 0.1, High = 0.2, EpochsUp = 3 }, Steps = 4, From = 0.5 }", new Triangle(0.1, 0.2, 3).WithWarmUp(4, 0.5).Identity);
    }

    [Fact]
    public void A_checkpoint_knows_an_optimizer_and_a_schedule_of_ones_own_by_their_identities()
    {
        using var folder = new TemporaryFolder();
        using var net = new ToyNet();
        Run(net, _options with { Schedule = _options.Schedule.WithWarmUp(3) }, folder.Path);
        var last = folder.File("last.safetensors");
        foreach (var (other, told) in new (TrainerOptions, string)[]
        {
            (_options with { Optimizer = new Adam(Beta2: 0.99) }, "Beta2 = 0.99"),
            (_options with { Optimizer = new Sgd() }, "Beta2 = 0.999"),
            (_options with { Schedule = new Triangle(0.001, 0.02, 1).WithWarmUp(3) }, "High = 0.02"),
        })
        {
            using var trainer = new Trainer(net, new ToyBatches(), other, new ReferenceGradients(net));
            Assert.Contains(told, Assert.Throws<InvalidOperationException>(() => trainer.Resume(last)).Message, StringComparison.Ordinal);
        }

        // What is read back can be compared, and trained with once the two are given.
        var read = TrainingCheckpoint.ReadOptions(last);
        var unset = Assert.Throws<InvalidOperationException>(() => new Trainer(net, new ToyBatches(), read, new ReferenceGradients(net)));
        Assert.Contains(_options.Optimizer.Identity, unset.Message, StringComparison.Ordinal);
        using var halfSet = new Trainer(net, new ToyBatches(), read with { Optimizer = _options.Optimizer }, new ReferenceGradients(net));
        Assert.Contains(_options.Schedule.Identity, Assert.Throws<InvalidOperationException>(() => halfSet.Run()).Message, StringComparison.Ordinal);
        using var set = new Trainer(net, new ToyBatches(), _options with { Schedule = _options.Schedule.WithWarmUp(3) }, new ReferenceGradients(net));
        set.Resume(last);
        Assert.Equal(10, set.Step);
    }

    /// <summary>Every schedule and optimizer of the library comes back as it was.</summary>
    [Fact]
    public void A_checkpoint_has_what_is_the_librarys_in_full()
    {
        using var folder = new TemporaryFolder();
        using var net = new ToyNet();
        foreach (var schedule in new LearningRateSchedule[]
        {
            new ConstantSchedule(0.1), new PlateauSchedule(0.2), new CosineSchedule(0.3, 0.1), new OneCycleSchedule(0.4), new CosineSchedule(0.5).WithWarmUp(2),
        })
        {
            var options = new TrainerOptions { Epochs = 1, Schedule = schedule, Optimizer = new Sgd(0.7, Nesterov: true) };
            Run(net, options, folder.Path);
            var read = TrainingCheckpoint.ReadOptions(folder.File("last.safetensors"));
            Assert.Equal(schedule, read.Schedule);
            Assert.Equal(options.Optimizer, read.Optimizer);
        }
    }

    /// <summary>As they were written before optimizers had a place of their own in the options.</summary>
    [Fact]
    public void An_old_checkpoint_resumes_to_the_same_bits()
    {
        const string OldOptions = """
            {"Epochs":1,"Seed":0,"Schedule":{"$type":"constant","Rate":0.1},"Momentum":0.8,"Nesterov":true,"WeightDecay":0.0001,"DecayNormAndBias":true,"MaxGradientNorm":null,"AverageDecay":null,"LabelSmoothing":0,"FreezeThrough":null,"RateFactors":[]}
            """;
        var options = new TrainerOptions { Schedule = new ConstantSchedule(0.1), Optimizer = new Sgd(0.8, Nesterov: true) };
        using var folder = new TemporaryFolder();
        using ToyNet whole = new(), half = new(), resumed = new();
        Run(whole, options with { Epochs = 2 });
        Run(half, options with { Epochs = 1 }, folder.Path);
        var old = folder.File("old.safetensors");
        using (var file = WeightFile.Open(folder.File("last.safetensors")))
        {
            Assert.Contains(file.Tensors, tensor => tensor.Name == "training.velocity");
            WeightFile.Save(old, file.Tensors, new Dictionary<string, string>(file.Metadata) { ["training.options"] = OldOptions });
        }

        using (var other = new Trainer(resumed, new ToyBatches(), options with { Optimizer = new Sgd() }, new ReferenceGradients(resumed)))
            Assert.Throws<InvalidOperationException>(() => other.Resume(old));
        using var trainer = new Trainer(resumed, new ToyBatches(), options with { Epochs = 2 }, new ReferenceGradients(resumed));
        trainer.Resume(old);
        Assert.Equal(5, trainer.Step);
        trainer.Run();
        Assert.Equal(whole.Parameters.ReadTrained(), resumed.Parameters.ReadTrained());
    }

    [Theory, InlineData("average"), InlineData("twice", "twice")]
    public void Vectors_that_a_checkpoint_could_not_tell_apart_are_refused(params string[] names)
    {
        using var net = new ToyNet();
        var error = Assert.Throws<ArgumentException>(() => new Trainer(net, new ToyBatches(), new() { Optimizer = new Spy([], names) }, new ReferenceGradients(net)));
        Assert.Contains(string.Join(", ", names), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Gradients_are_disposed_where_there_is_no_trainer()
    {
        using var net = new ToyNet();
        using var gradients = new ReferenceGradients(net);
        Assert.Contains("ClassWeights has 1", Assert.Throws<ArgumentException>(() => new Trainer(net, new ToyBatches(), new() { ClassWeights = [1] }, gradients)).Message, StringComparison.Ordinal);
        Assert.True(gradients.IsDisposed);
    }

    [Fact]
    public void Gradients_are_sent_back_only_if_they_may_have_changed()
    {
        using var net = new ToyNet();
        var source = new ReferenceGradients(net);
        using (var trainer = new Trainer(net, new ToyBatches(), new() { Epochs = 1 }, source)) trainer.Run();
        Assert.Equal(0, source.Sent);

        source = new(net);
        var before = net.Parameters.ReadTrained().ToArray();
        var recorder = new Recorder();
        var options = new TrainerOptions { Epochs = 1, WeightDecay = 0, MaxGradientNorm = 1 };
        using (var trainer = new Trainer(net, new ToyBatches(), options, source) { OnGradients = gradients => gradients.Clear(), Observers = [recorder] }) trainer.Run();
        Assert.Equal(5, source.Sent);
        Assert.All(recorder.Steps, step => Assert.Equal(0, step.GradientNorm));
        Assert.Equal(before, net.Parameters.ReadTrained());
    }

    /// <summary>Processes that train together must all stop: each is given the sum, in which one's failure shows.</summary>
    [Fact]
    public void Gradients_are_handed_out_even_if_the_loss_is_not_finite()
    {
        using var net = new ToyNet();
        var calls = 0;
        using var trainer = new Trainer(net, new ToyBatches { Spoilt = 2 }, new() { Epochs = 1 }, new ReferenceGradients(net)) { OnGradients = _ => calls++ };
        Assert.Throws<TrainingDivergedException>(() => trainer.Run());
        Assert.Equal(3, calls);
    }

    [Fact]
    public void An_observer_sees_gradients_and_taps_of_the_weights_before_the_update()
    {
        using var net = new NormlessNet();
        using var loader = new DataLoader(new Shapes10(6), new CropAndFlip { Normalization = net.Preprocessing }, new() { BatchSize = 3 });
        var observer = new AgainstReference(net);
        var told = new List<string>();
        using var trainer = new Trainer(net, loader, new() { Epochs = 1 }) { Observers = [observer, new LayerWatch("conv1.weight", "first", told.Add)] };
        trainer.Run();
        Assert.Equal(2, observer.Steps);
        Assert.StartsWith("step 1: largest gradient ", Assert.Single(told), StringComparison.Ordinal);
    }

    static void Run(Network net, TrainerOptions options, string? folder = null)
    {
        using var trainer = new Trainer(net, new ToyBatches(), options, new ReferenceGradients(net)) { Folder = folder };
        trainer.Run();
    }

    sealed class AgainstReference(Network net) : ITrainingObserver
    {
        public int Steps { get; private set; }

        public void BeforeUpdate(StepValues values)
        {
            Assert.Equal(++Steps, values.Step);
            var step = new ReferenceInterpreter(net.Parameters).Train(values.Batch.Images.Span, values.Batch.Labels.Span);
            AssertClose(step.Forward.Taps["first"], values.Tap("first").Data);
            AssertClose(step.Gradients["fc.weight"], values.Gradient("fc.weight"));
            AssertClose(step.Gradients["conv1.bias"], values.Gradient("conv1.bias"));
            foreach (var missing in new[] { "conv9.weight", "first" })
            {
                var isRefused = false;
                try
                {
                    _ = values.Gradient(missing);
                }
                catch (KeyNotFoundException)
                {
                    isRefused = true;
                }
                Assert.True(isRefused);
            }
        }

        static void AssertClose(double[] expected, ReadOnlySpan<float> actual)
        {
            Assert.Equal(expected.Length, actual.Length);
            var tolerance = 1e-4 * expected.Max(Math.Abs);
            for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], tolerance);
        }
    }

    /// <summary>Changes nothing, and tells what it is given.</summary>
    sealed record Spy(Dictionary<string, (double Rate, double Decay, long Step)> Seen, params string[] Names) : Optimizer
    {
        public override IReadOnlyList<string> State => Names;

        public override void Update(in ParameterUpdate update) => Seen[update.Tensor.Name] = (update.Rate, update.WeightDecay, update.Step);
    }
}
