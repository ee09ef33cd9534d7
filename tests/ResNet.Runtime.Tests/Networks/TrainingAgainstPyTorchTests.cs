using ResNet.Tests;

namespace ResNet.Runtime.Tests.Networks;

/// <summary>Three compiled training steps of the published CIFAR-10 ResNet-20, against stored results of PyTorch.</summary>
public class TrainingAgainstPyTorchTests
{
    [SharedDataFact]
    public void ThreeStepsAgree() => Agree(ConvolutionAlgorithm.Direct, 1e-4);

    /// <summary>Its greater rounding errors let more ReLUs decide otherwise, each of which moves gradients by a whole term.</summary>
    [SharedDataFact]
    public void ThreeStepsAgreeByWinograd() => Agree(ConvolutionAlgorithm.Winograd4x4, 3e-2);

    static void Agree(ConvolutionAlgorithm algorithm, double tolerance)
    {
        using var device = new CpuDevice(convolution: algorithm);
        PyTorchSteps.AssertAgree(device, tolerance);
    }
}
