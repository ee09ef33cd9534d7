using ResNet.Runtime.Tests.Networks;

namespace ResNet.Runtime.Gpu.Tests;

/// <summary>A network that is planned at run time computes on a device the bits that its compiled twin computes there.</summary>
public class PlannedNetworkTests
{
    /// <summary>A few: that any network makes the same calls either way is tested without a device.</summary>
    public static IEnumerable<string> Names => ["Tiny", "Oddities"];

    [Theory, OnDevice("interpreter"), OnDevice("OpenCL", nameof(Names)), OnDevice("CUDA", nameof(Names))]
    public void ItComputesTheBitsOfTheCompiledNetwork(string device, string network = "Tiny")
    {
        using var compiled = Nets.Create(network, TestDevices.Open(device));
        using var planned = Network.Create(compiled.Definition, compiled.Device);
        compiled.Parameters.EditTrained().CopyTo(planned.Parameters.EditTrained());
        foreach (var tensor in compiled.Parameters.Tensors.Where(tensor => !tensor.Info.IsTrained))
            tensor.Read().CopyTo(planned.Parameters[tensor.Name].Edit());
        var images = Nets.Images(compiled, 3);
        Assert.Equal(compiled.Predict(images).Data.ToArray(), planned.Predict(images).Data.ToArray());
        Assert.Equal(Step(compiled), Step(planned));
    }

    /// <summary>Loss, gradients and statistics of a step.</summary>
    static float[] Step(Network net)
    {
        using var session = net.CreateTrainingSession(seed: 5);
        var result = session.Run(TrainingCases.Waves(net, 5), TrainingCases.Labels(net, 5));
        return [(float)result.Loss, result.Correct!.Value, .. session.ReadGradients(), .. net.Parameters.ReadStatistics()];
    }
}
