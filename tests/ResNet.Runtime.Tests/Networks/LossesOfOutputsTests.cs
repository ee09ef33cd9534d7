using ResNet.Dsl;
using ResNet.Reference;
using ResNet.Runtime.Devices;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Tests.Networks;

/// <summary>Each loss by itself, at an output whose value is the image.</summary>
public class LossesOfOutputsTests
{
    const int Batch = 3;
    static readonly Shape _vector = new(37, 1, 1), _maps = new(5, 9, 7);

    public static TheoryData<string, bool, bool> Cases
    {
        get
        {
            var cases = new TheoryData<string, bool, bool>();
            foreach (var (name, weighted) in LossCases.All)
            {
                cases.Add(name, weighted, true);
                cases.Add(name, weighted, false);
            }
            return cases;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void LossAndGradientAreTheReferences(string name, bool weighted, bool isVector)
    {
        var (loss, shape) = (LossCases.Loss(name), isVector ? _vector : _maps);
        var target = LossCases.Target(loss, shape, Batch, weighted);
        var images = Images(shape);
        var (expected, slopes) = LossCases.Reference(loss, target)(new(Batch, shape, Array.ConvertAll(images, value => (double)value)));
        var (total, gradient) = Run(shape, loss, target, images, threads: 1);

        Assert.Equal(expected, total, 1e-9);
        TrainingCases.AssertClose(slopes.Data, gradient, slopes.Data.Max(Math.Abs), 1e-6, name);
        // Whatever falls to which thread.
        var (totalOfThree, gradientOfThree) = Run(shape, loss, target, images, threads: 3);
        Assert.Equal(total, totalOfThree);
        Assert.Equal(gradient, gradientOfThree);
    }

    [Theory]
    [InlineData("softmax", 0f), InlineData("softmax", 0.3f), InlineData("sigmoid", 0f), InlineData("smooth L1", 0f), InlineData("L1", 0f)]
    public void GradientsAreTheSlopesOfTheLoss(string name, float smoothing)
    {
        var loss = LossCases.Loss(name);
        if (loss is SoftmaxCrossEntropy softmax) loss = softmax with { LabelSmoothing = smoothing };
        foreach (var shape in new[] { _vector, _maps })
        {
            var target = LossCases.Target(loss, shape, Batch, weighted: true);
            var images = Images(shape);
            var (_, gradient) = Run(shape, loss, target, images, threads: 2);
            for (var i = 1; i < images.Length; i += images.Length / 11)
            {
                const float h = 1 / 1024f;
                var value = images[i];
                images[i] = value + h;
                var above = Run(shape, loss, target, images, threads: 2).Total;
                images[i] = value - h;
                var below = Run(shape, loss, target, images, threads: 2).Total;
                images[i] = value;
                Assert.Equal((above - below) / (2 * h), gradient[i], 2e-5);
            }
        }
    }

    [Fact]
    public void OutputsWithoutLossAndPlacesWithoutWeightHaveNoGradient()
    {
        var images = Images(_maps);
        Assert.All(Run(_maps, loss: null, default, images, threads: 3).Gradient, value => Assert.Equal(0, value));
        Loss[] losses = [new SoftmaxCrossEntropy(), new SigmoidCrossEntropy(), new SmoothL1()];
        foreach (var loss in losses)
        {
            var target = LossCases.Target(loss, _maps, Batch, weighted: true);
            var (total, gradient) = Run(_maps, loss, target with { Weights = new float[target.Weights.Length] }, images, threads: 3);
            Assert.Equal(0, total);
            Assert.All(gradient, value => Assert.Equal(0, value));
        }
    }

    static float[] Images(Shape shape) => Array.ConvertAll(TestNetworks.Pattern(Batch * (int)shape.Elements, 5), value => 3 * value);

    /// <summary>The total of a step and the gradient by the output, of which a tap is put into the program.</summary>
    static (double Total, float[] Gradient) Run(Shape shape, Loss? loss, LossTarget target, float[] images, int threads)
    {
        using var device = new CpuDevice(threads);
        using var net = Network.Create(TestNetworks.Build(shape.Channels, shape.Height, shape.Width, n => n.Output("values").GlobalAveragePool().Dense(2)), device);
        var chosen = new Dictionary<string, Loss>();
        var targets = new Dictionary<string, LossTarget>();
        if (loss is not null) (chosen["values"], targets["values"]) = (loss, target);
        var losses = new AttachedLosses(net.Definition, chosen);
        var program = net.TrainingProgram;
        var tapped = program with
        {
            Operations = [.. program.Operations.SelectMany(operation => operation is EvaluateLoss { Output: 0 } of
                ? [of, new OfferTap(0, "gradient", of.Gradient)]
                : new[] { operation })],
        };
        using var session = device.CreateTrainingSession(tapped, net.Parameters, losses, seed: 0);
        var gradient = new float[images.Length];
        // What stood there before must not be taken for a result.
        Array.Fill(gradient, float.NaN);
        var results = new LossResult[losses.Outputs];
        session.Run(new StepTargets(losses).Of(images, targets, step: 0), results, _ => new(gradient, gradient.Length));
        return (losses.Summarize(results).Loss, gradient);
    }
}
