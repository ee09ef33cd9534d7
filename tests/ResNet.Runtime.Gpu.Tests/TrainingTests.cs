using System.Globalization;
using ResNet.Dsl;
using ResNet.Runtime.Initialization;
using ResNet.Runtime.Reference;
using ResNet.Runtime.Tests;
using ResNet.Runtime.Tests.Networks;

namespace ResNet.Runtime.Gpu.Tests;

/// <summary>A training step on a device computes what the literal reverse pass in double precision does, and repeats its bits.</summary>
public class TrainingTests
{
    public static TheoryData<string> Names => [.. Nets.Names.Where(name => name is not ("ResNet152" or "Plain34"))];

    [DeviceTheory("interpreter"), InlineData("Tiny")]
    public void OnTheInterpreter(string network) => Trains(network, "interpreter");

    [DeviceTheory("OpenCL"), MemberData(nameof(Names))]
    public void OnOpenCL(string network) => Trains(network, "OpenCL");

    [DeviceTheory("CUDA"), MemberData(nameof(Names))]
    public void OnCuda(string network) => Trains(network, "CUDA");

    [DeviceFact("OpenCL", needsSharedData: true)]
    public void ThreeStepsAgreeWithPyTorchOnOpenCL() => ThreeStepsAgree("OpenCL");

    [DeviceFact("CUDA", needsSharedData: true)]
    public void ThreeStepsAgreeWithPyTorchOnCuda() => ThreeStepsAgree("CUDA");

    [DeviceFact("OpenCL")]
    public void AStepRepeatsItsBitsOnOpenCL() => Repeats("OpenCL");

    [DeviceFact("CUDA")]
    public void AStepRepeatsItsBitsOnCuda() => Repeats("CUDA");

    static void Trains(string network, string device)
    {
        const ulong seed = 3;
        using var net = Nets.Create(network, TestDevices.Open(device));
        var (images, labels) = Batch(net, 6);
        var reference = new ReferenceInterpreter(net.Parameters);
        using var session = net.CreateTrainingSession(seed);
        session.Step = 5;
        session.LabelSmoothing = 0.1f;

        using var onCpu = Nets.Create(network, device: null);
        using var cpuSession = onCpu.CreateTrainingSession(seed);
        (cpuSession.Step, cpuSession.LabelSmoothing) = (5, 0.1f);

        var expected = cpuSession.Run(images, labels);
        var result = session.Run(images, labels);

        Assert.Equal(expected.Loss, result.Loss, 1e-4 * expected.Loss);
        Assert.Equal(expected.Correct, result.Correct);
        var errors = new List<string>();
        foreach (var (tensor, cpu) in net.Parameters.Tensors.Zip(onCpu.Parameters.Tensors))
            if (tensor.Info.IsTrained)
                Compare(errors, "gradient of " + tensor.Name, Nets.Doubles(cpuSession.Gradients.Slice(tensor.Offset, tensor.Length)), session.Gradients.Slice(tensor.Offset, tensor.Length), 1e-2);
            else
                Compare(errors, tensor.Name, Nets.Doubles(cpu.Values), tensor.Values, 1e-4);

        // The reference knows no smoothing.
        session.LabelSmoothing = 0;
        session.Step = 5;
        result = session.Run(images, labels);
        var exact = reference.Train(images, labels, (layer, index) =>
            new CounterRandom(seed, layer.Name).Uniform((5L << 36) + index) >= ((Dropout)layer.Layer).Rate);
        Assert.Equal(exact.Loss, result.Loss, 1e-4 * exact.Loss);
        foreach (var tensor in net.Parameters.Tensors.Where(tensor => tensor.Info.IsTrained))
            Compare(errors, "exact gradient of " + tensor.Name, exact.Gradients[tensor.Name], session.Gradients.Slice(tensor.Offset, tensor.Length), 1e-2);
        // All of them: which tensors are wrong tells which kernel is.
        Assert.True(errors.Count == 0, string.Join("; ", errors));
    }

    /// <summary>Notes an error that is too long a part of the whole: what a ReLU within rounding of zero changes is little of it.</summary>
    static void Compare(List<string> errors, string what, double[] expected, ReadOnlySpan<float> actual, double tolerance)
    {
        double magnitude = 0, error = 0;
        for (var i = 0; i < expected.Length; i++)
        {
            magnitude += expected[i] * expected[i];
            error += (expected[i] - actual[i]) * (expected[i] - actual[i]);
        }
        (magnitude, error) = (Math.Sqrt(magnitude), Math.Sqrt(error));
        if (!(error <= tolerance * magnitude + 1e-6)) errors.Add($"{what}: the error is {error / magnitude:e1} of the whole, {magnitude:g3}");
    }

    static void Repeats(string device)
    {
        using var net = Nets.Create("Cifar20", TestDevices.Open(device));
        var (images, labels) = Batch(net, 5);
        using var first = net.CreateTrainingSession();
        using var second = net.CreateTrainingSession();
        var result = first.Run(images, labels);
        // A larger batch in between leaves its remains in every buffer.
        var (others, otherLabels) = Batch(net, 9);
        second.Run(others, otherLabels);

        Assert.Equal(result, second.Run(images, labels));
        Assert.Equal(first.Gradients, second.Gradients);
    }

    static void ThreeStepsAgree(string device)
    {
        var (reference, metadata) = ReferenceFiles.Safetensors(SharedData.File("cifar10", "resnet20_train_ref.safetensors"));
        var losses = metadata["losses"].Trim('[', ']').Split(',').Select(loss => double.Parse(loss, CultureInfo.InvariantCulture)).ToArray();
        const int batch = 32;
        var (images, labels) = ReferenceFiles.Cifar10("train_first4000.bin", losses.Length * batch);
        var pixels = images.Length / labels.Length;
        using var net = new Cifar20(TestDevices.Open(device));
        var weights = ReferenceFiles.ResNet20();
        weights.Trained.CopyTo(net.Parameters.EditTrained());
        weights.Statistics.CopyTo(net.Parameters.EditStatistics());
        using var session = net.CreateTrainingSession();
        var names = net.Parameters.Tensors.Zip(weights.Tensors, (tensor, stored) => (Tensor: tensor, stored.Name)).ToList();
        var velocity = new double[net.Parameters.Trained.Length];

        for (var i = 0; i < losses.Length; i++)
        {
            var result = session.Run(images.AsSpan(i * batch * pixels, batch * pixels), labels.AsSpan(i * batch, batch));
            Assert.Equal(losses[i], result.Loss, 1e-4 * losses[i]);
            if (i == 0)
                foreach (var (tensor, name) in names)
                    Nets.AssertClose(
                        Nets.Doubles(reference[(tensor.Info.IsTrained ? "grad." : "stat.") + name]),
                        tensor.Info.IsTrained ? session.Gradients.Slice(tensor.Offset, tensor.Length) : tensor.Values,
                        1e-4, name);
            Descend(net.Parameters.EditTrained(), velocity, session.Gradients);
        }
        foreach (var (tensor, name) in names)
            if (tensor.Info.IsTrained) Nets.AssertClose(Nets.Doubles(reference["after3." + name]), tensor.Values, 1e-4, name + " after three steps");
    }

    /// <summary>Stochastic gradient descent with PyTorch's momentum and weight decay.</summary>
    static void Descend(Span<float> values, double[] velocity, ReadOnlySpan<float> gradient)
    {
        for (var i = 0; i < values.Length; i++)
        {
            velocity[i] = 0.9 * velocity[i] + gradient[i] + 1e-4 * values[i];
            values[i] -= (float)(0.05 * velocity[i]);
        }
    }

    static (float[] Images, int[] Labels) Batch(Network net, int batch) =>
        (Nets.Images(net, batch).Data.ToArray(), [.. Enumerable.Range(0, batch).Select(i => i * 5 % (int)net.Definition.Output.Elements)]);
}
