using ResNet.Dsl;
using ResNet.Runtime.Tests.Networks;

namespace ResNet.Runtime.Gpu.Tests;

/// <summary>A training step on a device computes what the literal reverse pass in double precision does, and repeats its bits.</summary>
public class TrainingTests
{
    public static IEnumerable<string> Names => TrainingCases.Names;

    /// <summary>Networks and their twins that compute residual units a second time.</summary>
    static readonly Dictionary<string, Func<Device, (Network, Network)>> _twins = new()
    {
        ["Tiny"] = device => (new Tiny(device), new TinyRecomputed(device)),
        ["Cifar20"] = device => (new Cifar20(device), new Cifar20Recomputed(device)),
        ["Cifar20PreActivation"] = device => (new Cifar20PreActivation(device), new Cifar20PreActivationRecomputed(device)),
        ["NarrowResNeXt50"] = device => (new NarrowResNeXt50(device), new NarrowResNeXt50Recomputed(device)),
    };

    public static IEnumerable<string> Twins => _twins.Keys;

    [Theory, OnDevice("interpreter"), OnDevice("OpenCL", nameof(Names)), OnDevice("CUDA", nameof(Names))]
    public void LossGradientsAndStatisticsAgree(string device, string network = "Tiny")
    {
        using var net = network == "Tiny" ? Nets.Create(network, TestDevices.Open(device)) : TrainingCases.Create(network, TestDevices.Open(device));
        TrainingCases.AssertAgrees(net);
    }

    [Theory, OnDevice("OpenCL"), OnDevice("CUDA")]
    public void SmoothedLabelsAreTheTarget(string device)
    {
        using var net = TrainingCases.Create("CifarPlain20", TestDevices.Open(device));
        using var cpu = new CpuDevice(convolution: ConvolutionAlgorithm.Direct);
        using var onCpu = TrainingCases.Create("CifarPlain20", cpu);
        var (images, labels) = (TrainingCases.Waves(net, 4), TrainingCases.Labels(net, 4));
        var options = new TrainingSessionOptions { Losses = { [NetworkOutput.DefaultName] = new SoftmaxCrossEntropy { LabelSmoothing = 0.3f } } };
        using var session = net.CreateTrainingSession(options);
        using var expected = onCpu.CreateTrainingSession(options);

        Assert.Equal(expected.Run(images, labels).Loss, session.Run(images, labels).Loss, 1e-4);
        // In front of the last layer there is no ReLU that rounding could close.
        var weight = net.Parameters.Tensors[^2];
        Nets.AssertClose(Nets.Doubles(expected.ReadGradients().Slice(weight.Offset, weight.Length)), session.ReadGradients().Slice(weight.Offset, weight.Length), 1e-4, weight.Name);
    }

    [Theory, OnDevice("OpenCL"), OnDevice("CUDA")]
    public void AStepRepeatsItsBits(string device)
    {
        using var net = TrainingCases.Create("Cifar20", TestDevices.Open(device));
        var (images, labels) = (TrainingCases.Waves(net, 5), TrainingCases.Labels(net, 5));
        using var first = net.CreateTrainingSession();
        using var second = net.CreateTrainingSession();
        var result = first.Run(images, labels);
        // A larger batch in between leaves its remains in every buffer.
        second.Run(TrainingCases.Waves(net, 9), TrainingCases.Labels(net, 9));

        Assert.Equal(result, second.Run(images, labels));
        Assert.Equal(first.ReadGradients(), second.ReadGradients());
    }

    [Theory, OnDevice("interpreter"), OnDevice("OpenCL", nameof(Twins)), OnDevice("CUDA", nameof(Twins))]
    public void WhatIsComputedASecondTimeHasTheSameBits(string device, string network = "Tiny")
    {
        var (keeping, recomputing) = _twins[network](TestDevices.Open(device));
        using var kept = keeping;
        using var recomputed = recomputing;
        Assert.Equal(Bits(kept), Bits(recomputed));

        static List<float> Bits(Network net)
        {
            TrainingCases.Randomize(net.Parameters);
            var (images, labels) = (TrainingCases.Waves(net, 3), TrainingCases.Labels(net, 3));
            using var session = net.CreateTrainingSession(seed: 5);
            var bits = new List<float>();
            for (var step = 0; step < 2; step++)
                bits.AddRange([(float)session.Run(images, labels).Loss, .. session.ReadGradients(), .. net.Parameters.ReadStatistics()]);
            return bits;
        }
    }

    [Theory, OnDevice("OpenCL", NeedsSharedData = true), OnDevice("CUDA", NeedsSharedData = true)]
    public void ThreeStepsAgreeWithPyTorch(string device) => PyTorchSteps.AssertAgree(TestDevices.Open(device), 1e-4, PyTorchSteps.AssertClose);
}
