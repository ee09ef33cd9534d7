using ResNet.Runtime.Devices;
using ResNet.Runtime.Gpu.Binding;
using ResNet.Runtime.Gpu.Driver;
using ResNet.Runtime.Optimizers;
using ResNet.Runtime.Tests.Networks;
using ResNet.Runtime.Training;

namespace ResNet.Runtime.Gpu.Tests;

/// <summary>A recording that is launched again computes the same as launches one by one: nothing of an earlier step is left in it.</summary>
public class RecordingTests
{
    /// <summary>Batch sizes of steps; the largest is not the first.</summary>
    static readonly int[] _batches = [2, 2, 2, 1, 1, 2, 3, 3, 2, 2];

    /// <summary>Devices of these tests alone, whose recorders they change; opened once, so that kernels are compiled once.</summary>
    static readonly Dictionary<string, IlgpuDevice> _devices = [];

    [Theory, OnDevice("interpreter"), OnDevice("OpenCL")]
    public void ARecordedStepHasTheBitsOfAPlainOne(string device)
    {
        var backend = Open(device);
        var list = new LaunchList(backend);
        var plain = Train(backend, recorder: null);

        Assert.Equal(plain, Train(backend, list));
        Assert.Null(backend.WhyNotRecorded);
        // Of 2, of 1, and, after memory has moved, of 3 and of 2 again.
        Assert.Equal(4, list.Lengths.Count);
        Assert.Single(list.Lengths.Distinct());
        Assert.Equal(3 + 1 + 1 + 1, list.Launched);
        Assert.Equal(0, list.Alive);
    }

    [Theory, OnDevice("interpreter"), OnDevice("OpenCL")]
    public void ARecordedForwardPassHasTheBitsOfAPlainOne(string device)
    {
        var backend = Open(device);
        var list = new LaunchList(backend);
        Assert.Equal(Infer(backend, recorder: null), Infer(backend, list));
        Assert.NotEqual(0, list.Launched);
        Assert.Equal(0, list.Alive);
    }

    [Theory, OnDevice("CUDA")]
    public void AGraphHasTheBitsOfPlainLaunches(string device)
    {
        var backend = Open(device);
        var graphs = backend.Recorder;
        Assert.IsType<CudaGraphs>(graphs);
        Assert.Equal(Train(backend, recorder: null), Train(backend, graphs));
        Assert.Equal(Infer(backend, recorder: null), Infer(backend, graphs));
        Assert.Null(backend.WhyNotRecorded);
    }

    /// <summary>Steps between which all changes that may.</summary>
    /// <returns>Their losses and gradients, and what they have made of the parameters.</returns>
    static List<float> Train(IlgpuDevice backend, ILaunchRecorder? recorder)
    {
        backend.Recorder = recorder;
        using var net = Nets.Create("Tiny", new GpuDevice(new IlgpuBackend(backend)));
        using var session = net.CreateTrainingSession(seed: 3);
        using var sgd = ((IGradientSource)session).CreateOptimizer(net.Parameters, ParameterGroups.Of(net.Parameters, new()), new Sgd(Nesterov: true));
        var bits = new List<float>();
        for (var step = 0; step < _batches.Length; step++)
        {
            var (images, labels) = (TrainingCases.Waves(net, _batches[step]), TrainingCases.Labels(net, _batches[step]));
            for (var i = 0; i < images.Length; i++) images[i] *= 1 + 0.1f * step;
            for (var i = 0; i < labels.Length; i++) labels[i] = (labels[i] + step) % 5;
            if (step == 6) session.Step = 1000;
            // Weights that were loaded.
            if (step is 2 or 8)
            {
                foreach (ref var value in net.Parameters.EditTrained()) value *= 0.9f;
                foreach (ref var value in net.Parameters.EditStatistics()) value *= 0.9f;
            }
            bits.Add((float)session.Run(images, labels).Loss);
            if (step % 2 == 0) bits.AddRange(session.ReadGradients());
            bits.Add((float)sgd.Norm());
            sgd.Step(step + 1, rate: 0.01 * (1 + step), scale: step % 4 == 0 ? 0.5 : 1);
        }
        return [.. bits, .. net.Parameters.ReadTrained(), .. net.Parameters.ReadStatistics()];
    }

    /// <summary>Forward passes of changing images, with and without taps, and of other weights.</summary>
    static List<float> Infer(IlgpuDevice backend, ILaunchRecorder? recorder)
    {
        backend.Recorder = recorder;
        using var net = Nets.Create("Tiny", new GpuDevice(new IlgpuBackend(backend)));
        var bits = new List<float>();
        for (var pass = 0; pass < 9; pass++)
        {
            var images = Nets.Images(net, pass is 4 or 7 ? 3 : 2);
            foreach (ref var value in images.Data) value *= 1 + pass;
            if (pass == 5)
                foreach (ref var value in net.Parameters.EditTrained()) value *= 0.9f;
            bits.AddRange(net.Predict(images).Data);
            if (pass == 2) bits.AddRange(net.Features(images)["pooled"].Data);
        }
        return bits;
    }

    static IlgpuDevice Open(string device)
    {
        if (!_devices.TryGetValue(device, out var opened))
        {
            _devices[device] = opened = device == "interpreter"
                ? Backends.OpenInterpreter()
                : Backends.OpenDevice(GpuDevice.All.First(one => one.Kind.ToString().Equals(device, StringComparison.OrdinalIgnoreCase)), Precision.Single);
        }
        return opened;
    }
}
