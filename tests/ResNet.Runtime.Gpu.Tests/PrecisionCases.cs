using ResNet.Reference;
using ResNet.Runtime.Devices;
using ResNet.Runtime.Optimizers;
using ResNet.Runtime.Tests.Networks;
using ResNet.Runtime.Training;

namespace ResNet.Runtime.Gpu.Tests;

/// <summary>The properties of a network whose convolutions round their operands.</summary>
static class PrecisionCases
{
    /// <summary>The largest error of a logit, as a part of the largest logit.</summary>
    static readonly Dictionary<Precision, double> _tolerances = new()
    {
        [Precision.Single] = 1e-5,
        [Precision.TensorFloat32] = 4e-3,
        [Precision.BFloat16] = 2e-2,
    };

    public static void AssertLogitsAgree(Network net, Precision precision)
    {
        var images = Nets.Images(net, 3);
        var expected = new ReferenceInterpreter(net.Parameters).Infer(images.Data).Output;
        var logits = net.Predict(images).Data.ToArray();
        Nets.AssertClose(expected, logits, _tolerances[precision], "logits");
        // And they are rounded where they are to be.
        var error = expected.Zip(logits, (e, actual) => Math.Abs(e - actual)).Max() / expected.Max(Math.Abs);
        Assert.True(precision == Precision.Single || error > _tolerances[Precision.Single], $"The largest error is {error:e1}");
    }

    public static void AssertStepsReduceTheLoss(Network net)
    {
        using var session = net.CreateTrainingSession();
        using var sgd = ((IGradientSource)session).CreateOptimizer(net.Parameters, ParameterGroups.Of(net.Parameters, new()), new Sgd());
        var (images, labels) = (TrainingCases.Waves(net, 8), TrainingCases.Labels(net, 8));
        var losses = new List<double>();
        for (var step = 0; step < 4; step++)
        {
            losses.Add(session.Run(images, labels).Loss);
            sgd.Step(step + 1, rate: 0.02, scale: 1);
        }
        Assert.Equal(losses.OrderDescending(), losses);
    }
}
