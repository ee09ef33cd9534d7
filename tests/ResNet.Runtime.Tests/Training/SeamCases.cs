using ResNet.Dsl;
using ResNet.Runtime.Communication;
using ResNet.Runtime.Data;
using ResNet.Runtime.Optimizers;
using ResNet.Runtime.Training;

namespace ResNet.Runtime.Tests.Training;

/// <summary>Without statistics of a batch, so that halves of a batch have the gradients that they have in the whole.</summary>
[Network]
sealed partial class NormlessNet
{
    static void Define(NetworkBuilder net) => net
        .Input(3, 32, 32)
        .Conv(8, 5, stride: 4, padding: 2, bias: true).Relu().Tap("first")
        .Residual(r => r.Conv(8, 3, padding: 1, bias: true).Relu().Conv(8, 3, padding: 1, bias: true))
        .GlobalAveragePool().Dense(10);
}

/// <summary>The properties of the seams of training on any device.</summary>
static class SeamCases
{
    const int Images = 40, Batch = 16;

    /// <summary>Two ranks with a shard each take the steps of one process with batches twice as large; on a device with memory of its own the gradients go through the host.</summary>
    public static void AssertTwoHalvesAreTheWhole(Device? device)
    {
        var options = new TrainerOptions { Epochs = 2, Schedule = new ConstantSchedule(0.05), MaxGradientNorm = 1 };
        using NormlessNet whole = new(device), first = new(device), second = new(device);
        using (var loader = Load(whole, new(0, 1), Batch))
        using (var trainer = new Trainer(whole, loader, options))
            trainer.Run();

        var ranks = Communicator.InProcess(2, watchdog: TimeSpan.FromMinutes(2));
        Task.WaitAll(new[] { first, second }.Select((net, index) => Task.Factory.StartNew(() =>
        {
            using var loader = Load(net, new(index, 2), Batch / 2);
            using var trainer = new Trainer(net, loader, options, ranks[index]);
            Assert.Equal(6, trainer.Run().Steps);
        }, TaskCreationOptions.LongRunning)).ToArray());

        Assert.Equal(first.Parameters.ReadTrained(), second.Parameters.ReadTrained());
        using var untrained = new NormlessNet();
        double moved = 0, apart = 0;
        for (var i = 0; i < whole.Parameters.ReadTrained().Length; i++)
        {
            moved = Math.Max(moved, Math.Abs(whole.Parameters.ReadTrained()[i] - untrained.Parameters.ReadTrained()[i]));
            apart = Math.Max(apart, Math.Abs(whole.Parameters.ReadTrained()[i] - first.Parameters.ReadTrained()[i]));
        }
        Assert.InRange(moved, 0.01, double.MaxValue);
        Assert.InRange(apart, 0, 1e-4 * moved);
    }

    /// <summary>
    /// Without a past, Adam's mean and square are the gradient and its square: each weight moves by η g / (|g| + ε). The gradients
    /// are those that an observer is given.
    /// </summary>
    public static void AssertFirstStepOfAdam(Device? device)
    {
        const double Rate = 0.01, Epsilon = 1e-4;
        using var net = new NormlessNet(device);
        using var loader = Load(net, new(0, 1), Images);
        var before = net.Parameters.ReadTrained().ToArray();
        var gradients = new Dictionary<string, float[]>();
        var options = new TrainerOptions { Epochs = 1, Schedule = new ConstantSchedule(Rate), Optimizer = new Adam(Epsilon: Epsilon), WeightDecay = 0 };
        using (var trainer = new Trainer(net, loader, options) { Observers = [new Watch(net, gradients)] }) Assert.Equal(1, trainer.Run().Steps);
        foreach (var tensor in net.Parameters.Tensors)
            for (var i = 0; i < tensor.Length; i++)
            {
                var g = (double)gradients[tensor.Name][i];
                Assert.Equal(before[tensor.Offset + i] - Rate * g / (Math.Abs(g) + Epsilon), tensor.Read()[i], 1e-6);
            }
        Assert.Contains(gradients.Values, gradient => gradient.Any(value => Math.Abs(value) > 100 * Epsilon));
    }

    public static void AssertAdamResumesToTheSameBits(Device? device)
    {
        using var folder = new TemporaryFolder();
        using NormlessNet whole = new(device), cut = new(device), resumed = new(device);
        Train(whole, folder.File("whole"), stopAfter: null);
        Train(cut, folder.File("cut"), stopAfter: 4);
        Assert.False(whole.Parameters.ReadTrained().SequenceEqual(cut.Parameters.ReadTrained()));
        Train(resumed, folder.File("cut"), stopAfter: null);
        Assert.Equal(whole.Parameters.ReadTrained(), resumed.Parameters.ReadTrained());

        static void Train(Network net, string folder, int? stopAfter)
        {
            using var loader = Load(net, new(0, 1), Batch);
            using var stop = new CancellationTokenSource();
            var options = new TrainerOptions { Epochs = 2, Schedule = new Triangle(1e-3, 1e-2, 1), Optimizer = new Adam(), AverageDecay = 0.9 };
            using var trainer = new Trainer(net, loader, options)
            {
                Folder = folder,
                Observers = [new Recorder(step => { if (step.Step == stopAfter) stop.Cancel(); })],
            };
            if (Path.Combine(folder, TrainingCheckpoint.Last) is var last && File.Exists(last)) trainer.Resume(last);
            trainer.Run(stop.Token);
        }
    }

    static DataLoader Load(Network net, DataShard shard, int batch) => new(
        new Shapes10(Images), new CropAndFlip { Normalization = net.Preprocessing }, new() { BatchSize = batch, Seed = 5, Shard = shard });

    sealed class Watch(Network net, Dictionary<string, float[]> gradients) : ITrainingObserver
    {
        public void BeforeUpdate(StepValues values)
        {
            foreach (var tensor in net.Parameters.Tensors) gradients[tensor.Name] = values.Gradient(tensor.Name).ToArray();
        }
    }
}
