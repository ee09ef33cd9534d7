using ResNet.Runtime.Tests.Networks;

namespace ResNet.Runtime.Gpu.Tests;

/// <summary>Networks whose convolutions are products of tensor cores.</summary>
public class PrecisionTests
{
    public static IEnumerable<string> Names => Nets.Names;

    public static IEnumerable<string> Trained => TrainingCases.Names;

    [Theory, OnDevice("CUDA, TensorFloat32", nameof(Names)), OnDevice("CUDA, BFloat16", nameof(Names))]
    public void LogitsAgree(string device, string network)
    {
        var on = TestDevices.Open(device);
        Assert.EndsWith($"(Cuda, {on.Precision})", on.Name, StringComparison.Ordinal);
        using var net = Nets.Create(network, on);
        PrecisionCases.AssertLogitsAgree(net, on.Precision);
    }

    [Theory, OnDevice("CUDA, TensorFloat32", nameof(Trained)), OnDevice("CUDA, BFloat16", nameof(Trained))]
    public void StepsReduceTheLoss(string device, string network)
    {
        using var net = TrainingCases.Create(network, TestDevices.Open(device));
        PrecisionCases.AssertStepsReduceTheLoss(net);
    }
}
