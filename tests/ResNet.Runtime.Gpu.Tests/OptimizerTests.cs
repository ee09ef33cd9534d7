using ResNet.Runtime.Data;
using ResNet.Runtime.Devices;
using ResNet.Runtime.Optimizers;
using ResNet.Runtime.Tests.Networks;
using ResNet.Runtime.Training;

namespace ResNet.Runtime.Gpu.Tests;

/// <summary>Gradient descent and the average of the weights in a device's memory do what they do on the host.</summary>
public class OptimizerTests
{
    const double Tolerance = 1e-6;

    public static IEnumerable<string> Momenta => ["none", "heavy ball", "Nesterov's"];

    [Theory, OnDevice("interpreter"), OnDevice("OpenCL", nameof(Momenta)), OnDevice("CUDA", nameof(Momenta))]
    public void ItDescendsAsOnTheHost(string device, string momentum = "Nesterov's")
    {
        var options = new TrainerOptions
        {
            Optimizer = new Sgd(momentum == "none" ? 0 : 0.9, momentum == "Nesterov's"),
            WeightDecay = 0.05,
            DecayNormAndBias = false,
            FreezeThrough = "conv1",
        };
        using var net = Nets.Create("Tiny", TestDevices.Open(device));
        using var session = net.CreateTrainingSession();
        var groups = ParameterGroups.Of(net.Parameters, options with { RateFactors = [new(LastScope(net), 3)] });
        Assert.InRange(groups.Length, 3, int.MaxValue);
        Assert.True(groups[0].Start > 0);
        using var onDevice = ((IGradientSource)session).CreateOptimizer(net.Parameters, groups, options.Optimizer);
        using var host = Nets.Create("Tiny", device: null);
        var gradients = new float[net.Parameters.ReadTrained().Length];
        using var onHost = new HostOptimizer(host.Parameters, () => gradients, options.Optimizer, groups);
        var (images, labels) = (TrainingCases.Waves(net, 2), TrainingCases.Labels(net, 2));

        for (var step = 0; step < 4; step++)
        {
            session.Run(images, labels);
            session.ReadGradients().CopyTo(gradients);
            Assert.Equal(onHost.Norm(), onDevice.Norm(), Tolerance * onDevice.Norm());
            onHost.Step(step + 1, rate: 0.1, scale: 0.5);
            onDevice.Step(step + 1, rate: 0.1, scale: 0.5);
            // Looked at in between, or not: the device goes on with what it has.
            if (step is 1 or 3) Nets.AssertClose(Nets.Doubles(host.Parameters.ReadTrained()), net.Parameters.ReadTrained(), Tolerance, $"weights after step {step}");
            // Momentum that comes from a checkpoint.
            if (step == 2) onDevice.State = onHost.State;
        }
        Nets.AssertClose(Nets.Doubles(onHost.State[0]), onDevice.State[0], Tolerance, "velocity");
        Assert.Equal(Nets.Create("Tiny", device: null).Parameters.ReadTrained()[..groups[0].Start], net.Parameters.ReadTrained()[..groups[0].Start]);
    }

    public static IEnumerable<string> Others => ["AdamW", "Lamb", "Lamb, all", "Lars"];

    [Theory, OnDevice("interpreter", nameof(Others)), OnDevice("OpenCL", nameof(Others)), OnDevice("CUDA", nameof(Others))]
    public void OtherOptimizersDoAsOnTheHost(string device, string name)
    {
        Optimizer optimizer = name switch { "AdamW" => new AdamW(), "Lamb" => new Lamb(), "Lamb, all" => new Lamb(AdaptAll: true), _ => new Lars(Trust: 0.1) };
        var options = new TrainerOptions { WeightDecay = 0.05, DecayNormAndBias = false, FreezeThrough = "conv1" };
        using var net = Nets.Create("Tiny", TestDevices.Open(device));
        using var session = net.CreateTrainingSession();
        var groups = ParameterGroups.Of(net.Parameters, options with { RateFactors = [new(LastScope(net), 3)] });
        using var onDevice = ((IGradientSource)session).CreateOptimizer(net.Parameters, groups, optimizer);
        Assert.IsNotType<HostOptimizer>(onDevice);
        using var host = Nets.Create("Tiny", device: null);
        var gradients = new float[net.Parameters.ReadTrained().Length];
        using var onHost = new HostOptimizer(host.Parameters, () => gradients, optimizer, groups);
        var (images, labels) = (TrainingCases.Waves(net, 2), TrainingCases.Labels(net, 2));
        for (var step = 1; step <= 3; step++)
        {
            session.Run(images, labels);
            session.ReadGradients().CopyTo(gradients);
            onHost.Step(step, rate: 0.01, scale: 0.5);
            onDevice.Step(step, rate: 0.01, scale: 0.5);
            // The same weights again: what rounding has left would otherwise grow where an average of squares is next to nothing.
            if (step == 2) onDevice.State = onHost.State;
            Nets.AssertClose(Nets.Doubles(host.Parameters.ReadTrained()), net.Parameters.ReadTrained(), 1e-5, $"weights after step {step}");
        }
        foreach (var (expected, found) in onHost.State.Zip(onDevice.State)) Nets.AssertClose(Nets.Doubles(expected), found, 1e-5, "state");
    }

    [Theory, OnDevice("interpreter"), OnDevice("OpenCL"), OnDevice("CUDA")]
    public void WhatIsChangedOnTheHostIsWhatTheNextStepBeginsWith(string device)
    {
        using var net = Nets.Create("Tiny", TestDevices.Open(device));
        using var session = net.CreateTrainingSession();
        using var sgd = ((IGradientSource)session).CreateOptimizer(net.Parameters, ParameterGroups.Of(net.Parameters, new()), new Sgd(Momentum: 0));
        var (images, labels) = (TrainingCases.Waves(net, 2), TrainingCases.Labels(net, 2));
        var (before, statistics) = (net.Parameters.ReadTrained().ToArray(), net.Parameters.ReadStatistics().ToArray());
        session.Step = 0;
        var first = session.Run(images, labels);
        sgd.Step(1, rate: 0.3, scale: 1);
        Assert.NotEqual(first, session.Run(images, labels));

        before.CopyTo(net.Parameters.EditTrained());
        statistics.CopyTo(net.Parameters.EditStatistics());
        session.Step = 0;
        Assert.Equal(first, session.Run(images, labels));
        // Inference sees what training has changed.
        var logits = net.Predict(Nets.Images(net, 1)).Data.ToArray();
        sgd.Step(2, rate: 0.3, scale: 1);
        Assert.NotEqual(logits, net.Predict(Nets.Images(net, 1)).Data.ToArray());
    }

    [Theory, OnDevice("OpenCL"), OnDevice("CUDA")]
    public void AResumedRunHasTheBitsOfAnUninterruptedOne(string name)
    {
        using var folder = new TemporaryFolder();
        var device = TestDevices.Open(name);
        var (whole, averageOfWhole) = Train(device, folder.File("whole"), stopAfter: null);
        Train(device, folder.File("cut"), stopAfter: 3);
        var (resumed, averageOfResumed) = Train(device, folder.File("cut"), stopAfter: null);
        Assert.Equal(whole, resumed);
        Assert.Equal(averageOfWhole, averageOfResumed);

        using var cpu = new CpuDevice(convolution: ConvolutionAlgorithm.Direct);
        var (onCpu, averageOnCpu) = Train(cpu, folder.File("cpu"), stopAfter: null);
        Nets.AssertClose(Nets.Doubles(onCpu), whole, 1e-3, "weights after eight steps");
        Nets.AssertClose(Nets.Doubles(averageOnCpu), averageOfWhole, 1e-3, "average after eight steps");
        Assert.NotEqual(whole, averageOfWhole);
    }

    static string LastScope(Network net) => net.Parameters.Tensors[^1].Name.Split('.')[0];

    /// <summary>Two epochs of four steps.</summary>
    /// <returns>The last weights, and their average, which is what is saved as the best.</returns>
    static (float[] Last, float[] Average) Train(Device device, string folder, int? stopAfter)
    {
        using var net = new Tiny(device);
        using var stop = new CancellationTokenSource();
        using var trainer = new Trainer(net, new WaveBatches(net), new() { Epochs = 2, AverageDecay = 0.8, Optimizer = new Sgd(Nesterov: true), Schedule = new ConstantSchedule(0.02) })
        {
            Folder = folder,
            Observers = [new StopAfter(stopAfter, stop)],
            Validate = _ => 0.5,
        };
        if (Path.Combine(folder, TrainingCheckpoint.Last) is var last && File.Exists(last)) trainer.Resume(last);
        trainer.Run(stop.Token);
        if (stopAfter is not null) return ([], []);
        var trained = net.Parameters.ReadTrained().ToArray();
        net.Load(Path.Combine(folder, TrainingCheckpoint.Best));
        return (trained, net.Parameters.ReadTrained().ToArray());
    }

    /// <summary>Four batches, as a function of the epoch.</summary>
    sealed class WaveBatches(Network net) : IBatchSource
    {
        readonly float[] _images = TrainingCases.Waves(net, 32);
        int _next;

        public string Identity => "waves";

        public int Batches => 4;

        public bool TryNext(int epoch, out TrainingBatch batch)
        {
            const int size = 8;
            var first = (3 * _next + 7 * epoch) * _images.Length / 32;
            batch = new(_images.AsMemory(first, size * (_images.Length / 32)), TrainingCases.Labels(net, size));
            if (_next++ < Batches) return true;
            _next = 0;
            return false;
        }
    }

    sealed class StopAfter(int? step, CancellationTokenSource stop) : ITrainingObserver
    {
        public void OnStep(StepMetrics metrics)
        {
            if (metrics.Step == step) stop.Cancel();
        }
    }
}
