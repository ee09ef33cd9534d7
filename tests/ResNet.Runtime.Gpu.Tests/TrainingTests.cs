using System.Globalization;
using ResNet.Runtime.Tests;
using ResNet.Runtime.Tests.Networks;

namespace ResNet.Runtime.Gpu.Tests;

/// <summary>A training step on a device computes what the literal reverse pass in double precision does, and repeats its bits.</summary>
public class TrainingTests
{
    public static TheoryData<string> Names => [.. TrainingCases.Names];

    [DeviceFact("interpreter")]
    public void TinyOnTheInterpreter() => Trains(Nets.Create("Tiny", TestDevices.Open("interpreter")));

    [DeviceTheory("OpenCL"), MemberData(nameof(Names))]
    public void OnOpenCL(string network) => Trains(TrainingCases.Create(network, TestDevices.Open("OpenCL")));

    [DeviceTheory("CUDA"), MemberData(nameof(Names))]
    public void OnCuda(string network) => Trains(TrainingCases.Create(network, TestDevices.Open("CUDA")));

    [DeviceFact("OpenCL")]
    public void SmoothedLabelsAreTheTargetOnOpenCL() => Smooths("OpenCL");

    [DeviceFact("CUDA")]
    public void SmoothedLabelsAreTheTargetOnCuda() => Smooths("CUDA");

    [DeviceFact("OpenCL", needsSharedData: true)]
    public void ThreeStepsAgreeWithPyTorchOnOpenCL() => ThreeStepsAgree("OpenCL");

    [DeviceFact("CUDA", needsSharedData: true)]
    public void ThreeStepsAgreeWithPyTorchOnCuda() => ThreeStepsAgree("CUDA");

    [DeviceFact("OpenCL")]
    public void AStepRepeatsItsBitsOnOpenCL() => Repeats("OpenCL");

    [DeviceFact("CUDA")]
    public void AStepRepeatsItsBitsOnCuda() => Repeats("CUDA");

    static void Trains(Network network)
    {
        using (network) TrainingCases.AssertAgrees(network, Build.Record);
    }

    static void Smooths(string device)
    {
        using var net = TrainingCases.Create("CifarPlain20", TestDevices.Open(device));
        using var onCpu = TrainingCases.Create("CifarPlain20");
        var (images, labels) = (TrainingCases.Waves(net, 4), TrainingCases.Labels(net, 4));
        using var session = net.CreateTrainingSession();
        using var expected = onCpu.CreateTrainingSession();
        session.LabelSmoothing = expected.LabelSmoothing = 0.3f;

        Assert.Equal(expected.Run(images, labels).Loss, session.Run(images, labels).Loss, 1e-4);
        // In front of the last layer there is no ReLU that rounding could close.
        var weight = net.Parameters.Tensors[^2];
        Nets.AssertClose(Nets.Doubles(expected.Gradients.Slice(weight.Offset, weight.Length)), session.Gradients.Slice(weight.Offset, weight.Length), 1e-4, weight.Name);
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
