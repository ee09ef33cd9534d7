using ResNet.Runtime.Tests.Networks;

namespace ResNet.Runtime.Gpu.Tests;

/// <summary>A whole network through every kernel that CUDA would be given, executed by <see cref="PtxMachine"/>.</summary>
public class EmulatedNetworkTests
{
    [Theory, InlineData(Precision.Single), InlineData(Precision.TensorFloat32), InlineData(Precision.BFloat16)]
    public void LogitsAgree(Precision precision)
    {
        using var device = new GpuDevice(new IlgpuBackend(EmulatedDevice.Open(precision)));
        using var net = Nets.Create("Tiny", device);
        PrecisionCases.AssertLogitsAgree(net, precision);
    }

    [Fact]
    public void LossGradientsAndStatisticsAgree()
    {
        using var device = new GpuDevice(new IlgpuBackend(EmulatedDevice.Open(Precision.Single)));
        using var net = Nets.Create("Tiny", device);
        TrainingCases.AssertAgrees(net);
    }

    [Theory, InlineData(Precision.TensorFloat32), InlineData(Precision.BFloat16)]
    public void StepsReduceTheLoss(Precision precision)
    {
        using var device = new GpuDevice(new IlgpuBackend(EmulatedDevice.Open(precision)));
        using var net = Nets.Create("Tiny", device);
        PrecisionCases.AssertStepsReduceTheLoss(net);
    }
}
