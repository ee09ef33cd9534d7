using ResNet.Runtime.Tests.Training;

namespace ResNet.Runtime.Gpu.Tests;

/// <summary>Gradients and parameters come to the host and go back where what uses them is there.</summary>
public class SeamTests
{
    [Theory, OnDevice("OpenCL"), OnDevice("CUDA")]
    public void TwoRanksStepAsOneProcessWithTheWholeBatch(string device) => SeamCases.AssertTwoHalvesAreTheWhole(TestDevices.Open(device));

    [Theory, OnDevice("OpenCL"), OnDevice("CUDA")]
    public void AnOptimizerOfOnesOwnIsGivenGradientsAndRate(string device) => SeamCases.AssertFirstStepOfAdam(TestDevices.Open(device));

    [Theory, OnDevice("OpenCL"), OnDevice("CUDA")]
    public void ARunWithAnOptimizerOfOnesOwnResumesToTheSameBits(string device) => SeamCases.AssertAdamResumesToTheSameBits(TestDevices.Open(device));
}
