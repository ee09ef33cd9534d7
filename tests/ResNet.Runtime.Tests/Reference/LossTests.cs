using ResNet.Dsl;
using ResNet.Reference;

namespace ResNet.Runtime.Tests.Reference;

/// <summary>Each loss against its formula by hand and against central differences, and networks of several outputs.</summary>
public class LossTests
{
    static readonly double[] _targets = [.. TestNetworks.Pattern(2 * 12, 5).Select(x => (double)x)];
    static readonly double[] _weights = [.. _targets.Select((_, i) => i % 4 * 0.5)];

    static readonly Dictionary<string, ReferenceLoss> _losses = new()
    {
        ["softmax"] = ReferenceLosses.SoftmaxCrossEntropy([0, 2, 1, 1, 0, 0, 2, 1]),
        ["softmax, weighted"] = ReferenceLosses.SoftmaxCrossEntropy([0, 2, 1, 1, 0, 0, 2, 1], [0.5, 0, 1, 2, 1, 0.25, 3, 1]),
        ["softmax, ignored"] = ReferenceLosses.SoftmaxCrossEntropy([0, 255, 1, 1, 0, 255, 2, 1], [0.5, 5, 1, 2, 1, 0.25, 3, 1], ignored: 255),
        ["sigmoid"] = ReferenceLosses.SigmoidCrossEntropy([.. _targets.Select(t => Math.Abs(t) % 1)]),
        ["sigmoid, weighted"] = ReferenceLosses.SigmoidCrossEntropy([.. _targets.Select(t => Math.Abs(t) % 1)], _weights),
        ["smooth L1"] = ReferenceLosses.SmoothL1(_targets),
        ["smooth L1, masked, beta"] = ReferenceLosses.SmoothL1(_targets, _weights, beta: 0.3),
        ["L1"] = ReferenceLosses.SmoothL1(_targets, beta: 0),
    };

    public static TheoryData<string> Names => new(_losses.Keys);

    [Theory, MemberData(nameof(Names))]
    public void Gradients_are_the_slopes_of_the_loss(string name)
    {
        var loss = _losses[name];
        // Two images of 3×2×2.
        var values = new Values(2, new(3, 2, 2), [.. TestNetworks.Pattern(24, 40).Select(x => 2.0 * x)]);
        var (_, gradient) = loss(values);
        for (var i = 0; i < values.Data.Length; i++)
        {
            const double h = 1e-6;
            var value = values.Data[i];
            values.Data[i] = value + h;
            var above = loss(values).Loss;
            values.Data[i] = value - h;
            var below = loss(values).Loss;
            values.Data[i] = value;
            GradientTests.AssertSlope((above - below) / (2 * h), gradient[i], $"{name}[{i}]");
        }
    }

    [Fact]
    public void Softmax_cross_entropy_is_the_mean_by_weight_of_what_is_not_ignored()
    {
        // Two images of 2×1×2: channel 0, then channel 1. The logits' differences are 1, 3; 0, -2.
        var logits = new Values(2, new(2, 1, 2), [1, 3, 0, 0, 0, 0, 0, 2]);
        double Minus(double difference) => Math.Log(1 + Math.Exp(-difference));
        Assert.Equal((Minus(1) + Minus(-3) + Minus(0) + Minus(2)) / 4, ReferenceLosses.SoftmaxCrossEntropy([0, 1, 1, 1])(logits).Loss, 1e-12);
        Assert.Equal((0.5 * Minus(1) + 2 * Minus(2)) / 2.5, ReferenceLosses.SoftmaxCrossEntropy([0, -1, -1, 1], [0.5, 7, 7, 2], ignored: -1)(logits).Loss, 1e-12);

        var (loss, gradient) = ReferenceLosses.SoftmaxCrossEntropy([9, 9, 9, 9], ignored: 9)(logits);
        Assert.Equal(0, loss);
        Assert.All(gradient.Data, value => Assert.Equal(0, value));
    }

    [Fact]
    public void Sigmoid_cross_entropy_is_the_mean_over_all_values()
    {
        var logits = new Values(1, new(3, 1, 1), [0, 2, -1000]);
        Assert.Equal((Math.Log(2) + 4 * (Math.Log(1 + Math.Exp(2)) - 0.5) + 1000) / 3,
            ReferenceLosses.SigmoidCrossEntropy([0.3, 0.25, 1], [1, 4, 1])(logits).Loss, 1e-12);
    }

    [Fact]
    public void Smooth_L1_is_the_mean_by_mask()
    {
        var output = new Values(1, new(4, 1, 1), [1, 5, -3, 9]);
        var targets = new double[] { 0.5, 2, 0, 0 };
        Assert.Equal((0.125 + 2.5 + 2.5) / 3, ReferenceLosses.SmoothL1(targets, [1, 1, 1, 0])(output).Loss, 1e-12);
        Assert.Equal((0.0625 + 2 * 2.0) / 3, ReferenceLosses.SmoothL1(targets, [1, 2, 0, 0], beta: 2)(output).Loss, 1e-12);
        Assert.Equal(0, ReferenceLosses.SmoothL1(targets, [0, 0, 0, 0])(output).Loss);
    }

    [Fact]
    public void Losses_of_several_outputs_add_up_backward()
    {
        var network = TestNetworks.Build(3, 4, 4, n => n
            .Conv(4, 3, padding: 1).BatchNorm().Relu().Output("maps")
            .Branch("boxes", b => b.Conv(3, 2, stride: 2).Branch("inner", i => i.GlobalAveragePool()).Sigmoid())
            .Residual(r => r.Conv(4, 1).Output("within").Sigmoid())
            .GlobalAveragePool().Dense(3));
        Assert.Equal(["maps", "inner", "boxes", "within", "output"], network.Outputs.Select(output => output.Name));
        var interpreter = GradientTests.Interpreter(network);
        var images = TestNetworks.Pattern(2 * 48, 17);
        double[] Targets(int count) => [.. TestNetworks.Pattern(count, 3).Select(x => (double)x)];
        var supplied = Targets(2 * 64);
        var losses = new Dictionary<string, ReferenceLoss>
        {
            ["maps"] = ReferenceLosses.Supplied(supplied),
            ["inner"] = ReferenceLosses.SmoothL1(Targets(6), beta: 0.5),
            ["boxes"] = ReferenceLosses.SoftmaxCrossEntropy([0, 1, 2, 2, 1, 1, 0, 0]),
            ["output"] = ReferenceLosses.SigmoidCrossEntropy([1, 0, 0, 0, 1, 1]),
        };
        // The caller's loss, whose gradient is supplied: an inner product.
        double Loss()
        {
            var step = interpreter.Train(images, losses);
            Assert.Equal(step.Losses.Values.Sum(), step.Loss, 1e-12);
            return step.Loss + step.Forward.Outputs["maps"].Zip(supplied, (y, g) => y * g).Sum();
        }

        var gradients = interpreter.Train(images, losses).Gradients;
        Assert.Equal(network.Layers().SelectMany(l => l.Parameters).Where(p => p.IsTrained).Select(p => p.Name).Order(), gradients.Keys.Order());
        foreach (var (parameter, gradient) in gradients)
        {
            var values = interpreter.Parameters[parameter];
            for (var i = 0; i < values.Length; i += 1 + values.Length / 8)
            {
                const double h = 1e-6;
                var value = values[i];
                values[i] = value + h;
                var above = Loss();
                values[i] = value - h;
                var below = Loss();
                values[i] = value;
                GradientTests.AssertSlope((above - below) / (2 * h), gradient[i], $"{parameter}[{i}]");
            }
        }
    }

    [Fact]
    public void An_output_without_a_loss_has_no_gradient()
    {
        var network = TestNetworks.Build(2, 1, 1, n => n.Branch("a", b => b.Scale(3)).Branch("b", b => b.Scale(5)));
        var step = new ReferenceInterpreter(new(network)).Train([1, 2], new Dictionary<string, ReferenceLoss> { ["a"] = ReferenceLosses.Supplied([1, 10]) });
        Assert.Equal([3.0, 30.0], step.InputGradient);
        Assert.Equal(0, step.Loss);
    }

    [Fact]
    public void A_loss_that_does_not_fit_is_refused_before_any_statistic_moves()
    {
        var interpreter = new ReferenceInterpreter(new(TestNetworks.Build(2, 2, 2, n => n.BatchNorm())));
        void Refused(string output, ReferenceLoss loss, string text) => Assert.Contains(text,
            Assert.Throws<ArgumentException>(() => interpreter.Train(TestNetworks.Pattern(8), new Dictionary<string, ReferenceLoss> { [output] = loss })).Message, StringComparison.Ordinal);
        Refused("logits", ReferenceLosses.SoftmaxCrossEntropy([0, 0, 0, 0]), "it has output");
        Refused("output", ReferenceLosses.SoftmaxCrossEntropy([0]), "1 labels for 4");
        Refused("output", ReferenceLosses.SoftmaxCrossEntropy([0, 1, 2, 0]), "2 is none of 2 classes");
        Refused("output", ReferenceLosses.SoftmaxCrossEntropy([0, 1, 0, 0], [1]), "1 weights for 4");
        Refused("output", ReferenceLosses.SigmoidCrossEntropy([0]), "1 targets for 8");
        Refused("output", ReferenceLosses.SmoothL1(new double[8], [1]), "1 mask for 8");
        Refused("output", ReferenceLosses.Supplied([1]), "1 gradient for 8");
        Assert.Equal([0.0, 0.0], interpreter.Parameters["bn1.running_mean"]);
    }
}
