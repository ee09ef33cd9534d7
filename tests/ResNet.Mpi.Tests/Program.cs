using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ResNet.Dsl;
using ResNet.Runtime;
using ResNet.Runtime.Communication;
using ResNet.Runtime.Data;
using ResNet.Runtime.Evaluation;
using ResNet.Runtime.Mpi;
using ResNet.Runtime.Optimizers;
using ResNet.Runtime.Training;
using ResNet.Runtime.Weights.Initialization;

namespace ResNet.Mpi.Tests;

/// <summary>One rank of a job that the tests launch.</summary>
static partial class Program
{
    const int Images = 64, Batch = 16;

    /// <summary>SIGSTOP.</summary>
    static readonly int _stopSignal = OperatingSystem.IsMacOS() ? 17 : 19;

    static readonly TrainerOptions _options = new() { Epochs = 2, Schedule = new ConstantSchedule(0.1), Optimizer = new Sgd(Momentum: 0.9) };

    /// <summary>Runs <c>oracle</c>, or <c>train FOLDER WATCHDOG FAULT RANK STEP</c> with a fault, <c>kill</c>, <c>stop</c> or <c>throw</c>, that meets a rank after a step; <c>none</c> for none.</summary>
    static int Main(string[] args)
    {
        try
        {
            if (args is ["oracle"]) Oracle();
            else Train(args[1], int.Parse(args[2]), args[3], int.Parse(args[4]), int.Parse(args[5]));
            return 0;
        }
        catch (CommunicationException e)
        {
            Console.Error.WriteLine(e.Message);
            return 3;
        }
    }

    static void Train(string folder, int watchdog, string fault, int rank, int step)
    {
        using var ranks = MpiCommunicator.Open(TimeSpan.FromSeconds(watchdog));
        // UCX must leave the signal to .NET.
        if (IsCaught(null)) Console.Error.WriteLine($"rank {ranks.Rank} catches null references");
        using var device = new CpuDevice(1);
        using var net = Create(device);
        using var loader = Load(net, ranks.Rank, ranks.Size);
        using var trainer = new Trainer(net, loader, _options, ranks)
        {
            Folder = folder,
            CheckpointInterval = TimeSpan.Zero,
            CompareEvery = 1,
            Observers = [new Fault(ranks, fault, rank, step)],
        };
        if (Path.Combine(folder, TrainingCheckpoint.Last) is var last && File.Exists(last)) trainer.Resume(last);
        var first = trainer.Step;
        trainer.Run();
        Console.WriteLine($"rank {ranks.Rank} of {ranks.Size} from step {first} to {trainer.Step}: {Hash(net.Parameters.ReadTrained())} {Hash(net.Parameters.ReadStatistics())}");
    }

    /// <summary>Compares the gradients of two ranks with those of one process that computes the two half batches and adds their gradients, and evaluations with one that is not divided.</summary>
    static void Oracle()
    {
        using var ranks = MpiCommunicator.Open(TimeSpan.FromSeconds(60));
        using var device = new CpuDevice(1);
        using Network net = Create(device), alone = Create(device);
        using var loader = Load(net, ranks.Rank, ranks.Size);
        var expected = new float[alone.Parameters.ReadTrained().Length];
        using var session = alone.CreateTrainingSession();
        for (var half = 0; half < 2; half++)
        {
            using var part = Load(alone, half, 2);
            if (!part.TryNext(0, out var batch)) throw new InvalidOperationException("There is no batch");
            session.Run(batch.Images.Span, batch.Labels.Span);
            for (var i = 0; i < expected.Length; i++) expected[i] += session.ReadGradients()[i] / 2;
        }
        var (steps, differences) = (0, -1);
        using var trainer = new Trainer(net, loader, _options with { Epochs = 1, BucketBytes = 5000 }, ranks)
        {
            OnGradients = gradients =>
            {
                if (steps++ > 0) return;
                differences = 0;
                for (var i = 0; i < expected.Length; i++) differences += gradients[i].Equals(expected[i]) ? 0 : 1;
            },
        };
        trainer.Run();
        var test = new Shapes10(31, DatasetSplit.Test);
        var whole = Evaluator.Evaluate(net, test, new() { KeepPredictions = true });
        var divided = Evaluator.Evaluate(net, test, new() { KeepPredictions = true, Communicator = ranks });
        var isEqual = (whole.Images, whole.Top1, whole.Top5) == (divided.Images, divided.Top1, divided.Top5) && whole.Predictions.SequenceEqual(divided.Predictions);
        Console.WriteLine($"rank {ranks.Rank}: {differences} of {expected.Length > 1000} gradients differ after {steps} steps, evaluation of {divided.Images} images is {(isEqual ? "equal" : "other")}");
    }

    static Network Create(Device device)
    {
        var net = Network.Create(new CifarResNetAttribute { Depth = 8 }.Define("Small"), device);
        new HeInitializer(1).Initialize(net.Parameters);
        return net;
    }

    static DataLoader Load(Network net, int rank, int ranks) => new(
        new Shapes10(Images), new CropAndFlip { Normalization = net.Preprocessing }, new() { BatchSize = Batch / ranks, Seed = 5, Shard = new(rank, ranks), Workers = 1 });

    static string Hash(ReadOnlySpan<float> values) => Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(values))[..8]);

    static bool IsCaught(string? text)
    {
        try
        {
            return text!.Length < 0;
        }
        catch (NullReferenceException)
        {
            return true;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);

    sealed class Fault(Communicator ranks, string kind, int rank, int step) : ITrainingObserver
    {
        public void OnStep(StepMetrics metrics)
        {
            if (ranks.Rank != rank || metrics.Step != step) return;
            if (kind == "kill") Process.GetCurrentProcess().Kill();
            else if (kind == "stop") _ = Signal(Environment.ProcessId, _stopSignal);
            else if (kind == "throw") ranks.Abort("this rank has no luck");
        }
    }
}
