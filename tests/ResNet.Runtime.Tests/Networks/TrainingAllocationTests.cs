using ResNet.Runtime.Devices;
using ResNet.Runtime.Optimizers;
using ResNet.Runtime.Training;

namespace ResNet.Runtime.Tests.Networks;

/// <summary>A warm training step leaves nothing to the garbage collector.</summary>
public class TrainingAllocationTests
{
    [Theory, InlineData(1), InlineData(2)]
    public void AWarmStepAndItsUpdateAllocateNothing(int threads)
    {
        using var device = new CpuDevice(threads);
        using var net = new Oddities(device);
        using var session = net.CreateTrainingSession();
        var (images, labels) = (SessionTests.Images(net, 3).Data.ToArray(), new[] { 0, 1, 2 });
        using var sgd = ((IGradientSource)session).CreateOptimizer(net.Parameters, ParameterGroups.Of(net.Parameters, new() { DecayNormAndBias = false }), new Sgd());
        void Step()
        {
            session.Run(images, labels);
            sgd.Step(session.Step, rate: 0.01, scale: Math.Min(1, 1 / sgd.Norm()));
        }

        Assert.Equal(0, Allocations.Of(Step));
    }
}
