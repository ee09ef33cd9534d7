using ResNet.Dsl;
using ResNet.Runtime.Data;
using ResNet.Runtime.Training;

namespace ResNet.Runtime.Tests.Training;

[Network]
sealed partial class SmallResidualNet
{
    static void Define(NetworkBuilder net) => net
        .Input(3, 32, 32)
        .Conv(8, kernel: 3, stride: 2, padding: 1).BatchNorm().Relu()
        .Residual(r => r.Conv(16, 3, stride: 2, padding: 1).BatchNorm().Relu().Conv(16, 3, padding: 1).BatchNorm(), Shortcut.ZeroPad)
        .GlobalAveragePool().Dropout(0.2).Dense(10);
}

/// <summary>All of it together: drawn images, the loader, the compiled training step on the CPU, the trainer.</summary>
public class DeviceTrainingTests
{
    static readonly TrainerOptions _options = new() { Epochs = 2, Schedule = new CosineSchedule(0.1), Seed = 3 };

    [Fact]
    public void A_resumed_run_has_the_bits_of_an_uninterrupted_one()
    {
        using var folder = new TemporaryFolder();
        using var whole = new SmallResidualNet();
        Train(whole, folder.File("whole"), stopAfter: null);

        using var cut = new SmallResidualNet();
        Train(cut, folder.File("cut"), stopAfter: 3);
        Assert.False(whole.Parameters.ReadTrained().SequenceEqual(cut.Parameters.ReadTrained()));
        using var resumed = new SmallResidualNet();
        Train(resumed, folder.File("cut"), stopAfter: null);
        Assert.Equal(whole.Parameters.ReadTrained(), resumed.Parameters.ReadTrained());
        Assert.Equal(whole.Parameters.ReadStatistics(), resumed.Parameters.ReadStatistics());
    }

    /// <summary>Guessing would get eight images of ten classes right once in 10^8 times.</summary>
    [Fact]
    public void Eight_images_are_learnt_by_heart()
    {
        using var net = new SmallResidualNet();
        var images = new Shapes10(8);
        var asTheyAre = new CropAndFlip { Padding = 0, Flip = false, Normalization = net.Preprocessing };
        using (var loader = new DataLoader(images, asTheyAre, new() { BatchSize = 8 }))
        using (var trainer = new Trainer(net, loader, _options with { Epochs = 150 })) trainer.Run();

        for (var i = 0; i < images.Count; i++)
        {
            var input = new Tensor(1, 3, 32, 32);
            asTheyAre.Apply(images.Load(i), seed: 0, epoch: 0, i, input.Data);
            var logits = net.Predict(input).Data;
            Assert.Equal(images.ClassOf(i), logits.IndexOf(logits.ToArray().Max()));
        }
    }

    static void Train(Network net, string folder, int? stopAfter)
    {
        using var loader = new DataLoader(new Shapes10(320), new CropAndFlip { Normalization = net.Preprocessing }, new() { BatchSize = 64, Seed = 5 });
        using var stop = new CancellationTokenSource();
        using var trainer = new Trainer(net, loader, _options)
        {
            Folder = folder,
            Observers = [new StopAfter(stopAfter, stop)],
        };
        if (Path.Combine(folder, TrainingCheckpoint.Last) is var last && File.Exists(last)) trainer.Resume(last);
        trainer.Run(stop.Token);
    }

    sealed class StopAfter(int? step, CancellationTokenSource stop) : ITrainingObserver
    {
        public void OnStep(StepMetrics metrics)
        {
            if (metrics.Step == step) stop.Cancel();
        }
    }
}
