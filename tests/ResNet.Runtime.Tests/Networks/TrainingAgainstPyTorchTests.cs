using ResNet.Tests;

namespace ResNet.Runtime.Tests.Networks;

/// <summary>Three compiled training steps of the published CIFAR-10 ResNet-20, against stored results of PyTorch.</summary>
public class TrainingAgainstPyTorchTests
{
    [SharedDataFact]
    public void ThreeStepsAgree() => Agree(ConvolutionAlgorithm.Direct, 1e-4, PyTorchSteps.AssertClose);

    /// <summary>Its greater rounding errors let more ReLUs decide otherwise, each of which moves some gradients by a whole term.</summary>
    [SharedDataFact]
    public void ThreeStepsAgreeByWinograd() => Agree(ConvolutionAlgorithm.Winograd4x4, 1e-3, AssertNear);

    static void Agree(ConvolutionAlgorithm algorithm, double lossTolerance, PyTorchSteps.Comparison compare)
    {
        using var device = new CpuDevice(convolution: algorithm);
        PyTorchSteps.AssertAgree(device, lossTolerance, compare);
    }

    static void AssertNear(float[] expected, ReadOnlySpan<float> actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        var (distance, norm) = (0.0, 0.0);
        for (var i = 0; i < expected.Length; i++)
        {
            distance += Math.Pow(expected[i] - actual[i], 2);
            norm += Math.Pow(expected[i], 2);
        }
        Assert.True(distance <= 0.01 * norm, $"{what} is {Math.Sqrt(distance / norm):e1} of its norm away");
    }
}
