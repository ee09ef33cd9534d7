using ResNet.Runtime.Cpu.Binding;
using ResNet.Runtime.Optimizers;
using ResNet.Runtime.Reference;
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
        var sgd = new Sgd(net.Parameters.Trained.Length, ParameterGroups.Of(net.Parameters, new() { DecayNormAndBias = false }), 0.9, nesterov: false);
        void Step()
        {
            session.Run(images, labels);
            var scale = Math.Min(1, 1 / sgd.Norm(session.Gradients));
            sgd.Step(net.Parameters.EditTrained(), session.Gradients, 0.01, scale);
        }

        Assert.Equal(0, Allocations.Of(Step));
    }
}
