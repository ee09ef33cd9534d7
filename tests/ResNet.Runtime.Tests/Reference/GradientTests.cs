using ResNet.Dsl;
using ResNet.Reference;
using ResNet.Runtime.Evaluation;
using ResNet.Runtime.Weights.Initialization;

namespace ResNet.Runtime.Tests.Reference;

/// <summary>Every gradient against central differences of the loss.</summary>
public class GradientTests
{
    const int Batch = 3;

    static readonly Dictionary<string, Action<NetworkBuilder>> _networks = new()
    {
        ["conv, stride, bias"] = n => n.Conv(4, 3, stride: 2, padding: 1, bias: true),
        ["conv, dilation, groups"] = n => n.Conv(6, 3, stride: 2, padding: 2, dilation: 2, groups: 2),
        ["conv, 1x1 stride 3"] = n => n.Conv(4, 1, stride: 3),
        ["conv, more padding than reach"] = n => n.Conv(2, 3, padding: 4),
        ["batch norm"] = n => n.BatchNorm().Conv(3, 3),
        ["relu"] = n => n.Conv(4, 3).Relu(),
        ["max pool"] = n => n.MaxPool(3, 2, 1).Conv(2, 2),
        ["average pool"] = n => n.AveragePool(3, 2, 1).Conv(2, 2),
        ["average pool, ceil mode"] = n => n.AveragePool(2, ceilMode: true).Conv(2, 2),
        ["average pool, overlapping, ceil mode"] = n => n.AveragePool(3, 2, 1, ceilMode: true).Conv(2, 2),
        ["dropout"] = n => n.Conv(4, 1).Dropout(0.4).Relu(),
        ["dense chain without bias"] = n => n.GlobalAveragePool().Dense(5, bias: false).Relu(),
        ["tap"] = n => n.Tap("a").Conv(2, 2),
        ["sequence, repeat"] = n => n.Sequence(s => s.Repeat(3, r => r.Conv(4, 3, padding: 1).BatchNorm().Relu())),
        ["identity shortcut"] = n => n.Residual(r => r.Conv(4, 3, padding: 1).BatchNorm()),
        ["zero-padded shortcut"] = n => n.Residual(r => r.Conv(7, 3, stride: 2, padding: 1).BatchNorm(), Shortcut.ZeroPad),
        ["projection"] = n => n.Residual(r => r.Conv(6, 3, stride: 2, padding: 1).BatchNorm(), Shortcut.Projection),
        ["projection always"] = n => n.Residual(r => r.Conv(4, 3, padding: 1).BatchNorm(), Shortcut.ProjectionAlways),
        ["averaged projection"] = n => n.Residual(r => r.Conv(6, 3, stride: 2, padding: 1).BatchNorm(), Shortcut.AveragedProjection),
        ["custom shortcut"] = n => n.Residual(r => r.Conv(4, 3, padding: 1).AveragePool(2), s => s.MaxPool(2).Conv(4, 1)),
        ["batch norm after the addition"] = n => n.Residual(r => r.Conv(4, 3, padding: 1), activation: Activation.BatchNormRelu),
        ["pre-activation"] = n => n.Repeat(2, u => u.Residual(r => r.BatchNorm().Relu().Conv(4, 3, padding: 1), activation: Activation.None)),
        ["frozen batch norm"] = n => n.Conv(4, 3).BatchNorm(frozen: true).Relu(),
        ["sigmoid"] = n => n.Conv(4, 3).Sigmoid(),
        ["learned scale"] = n => n.Conv(4, 3).Scale().Relu(),
        ["constant scale"] = n => n.Conv(4, 3).Scale(-2, shift: 0.5).Relu(),
        ["flatten"] = n => n.Conv(3, 3).Flatten().Dense(5, name: "hidden").Relu(),
        ["product"] = n => n.Residual(r => r.Conv(4, 3, padding: 1), s => s.Conv(4, 1, bias: true).Sigmoid(), merge: Merge.Product),
        ["product with the identity"] = n => n.Residual(r => r.Conv(4, 3, padding: 1).Sigmoid(), merge: Merge.Product, activation: Activation.None),
        ["dropout on the shortcut"] = n => n.Residual(r => r.Conv(4, 3, padding: 1), s => s.Dropout(0.4)),
        ["constant scaling"] = n => n.Residual(r => r.Conv(4, 3, padding: 1), Shortcut.ConstantScaling),
        ["frozen gating"] = n => n.Residual(r => r.Conv(4, 3, padding: 1), Shortcut.FrozenGating),
        ["exclusive gating"] = n => n.Residual(r => r.Conv(4, 3, padding: 1), Shortcut.ExclusiveGating, Activation.None),
        ["shortcut-only gating"] = n => n.Residual(r => r.Conv(4, 3, padding: 1), Shortcut.ShortcutOnlyGating),
        ["dropout shortcut"] = n => n.Residual(r => r.Conv(4, 3, padding: 1), Shortcut.Dropout),
        ["residual in residual"] = n => n.Residual(r => r.Residual(i => i.Conv(4, 3, padding: 1)).Conv(4, 1)),
    };

    public static TheoryData<string> Names => new(_networks.Keys);

    [Theory, MemberData(nameof(Names))]
    public void Gradients_are_the_slopes_of_the_loss(string name)
    {
        var network = TestNetworks.Build(4, 6, 5, n =>
        {
            _networks[name](n);
            if (!n.Shape.IsVector) n.GlobalAveragePool();
            n.Dense(3, name: "head");
        });
        var interpreter = Interpreter(network);
        var images = TestNetworks.Pattern(Batch * (int)network.Input.Elements, 17);
        int[] labels = [2, 0, 1];
        var step = interpreter.Train(images, labels, Mask);

        Assert.Equal(network.Layers().SelectMany(l => l.Parameters).Where(p => p.IsTrained).Select(p => p.Name).Order(), step.Gradients.Keys.Order());
        foreach (var (parameter, gradient) in step.Gradients)
        {
            var values = interpreter.Parameters[parameter];
            Assert.Equal(values.Length, gradient.Length);
            // Of large tensors a sample.
            for (var i = 0; i < values.Length; i += 1 + values.Length / 32)
            {
                const double h = 1e-6;
                var value = values[i];
                values[i] = value + h;
                var above = interpreter.Train(images, labels, Mask).Loss;
                values[i] = value - h;
                var below = interpreter.Train(images, labels, Mask).Loss;
                values[i] = value;
                AssertSlope((above - below) / (2 * h), gradient[i], $"{parameter}[{i}]");
            }
        }
        for (var i = 0; i < images.Length; i += 7)
        {
            // Exact in the single precision of images, and small enough to stay clear of the kinks of ReLU.
            const float h = 1f / (1 << 20);
            var value = images[i];
            images[i] = value + h;
            var above = interpreter.Train(images, labels, Mask).Loss;
            images[i] = value - h;
            var below = interpreter.Train(images, labels, Mask).Loss;
            images[i] = value;
            AssertSlope((above - below) / (2.0 * h), step.InputGradient[i], $"images[{i}]");
        }
    }

    [Fact]
    public void Dropout_scales_what_it_keeps_and_stops_the_rest()
    {
        var network = TestNetworks.Build(2, 1, 1, n => n.Dropout(0.75));
        var step = new ReferenceInterpreter(new(network)).Train([3, 5], [0], (_, i) => i == 0);
        Assert.Equal([12.0, 0.0], step.Forward.Output);
        Assert.Equal(0, step.InputGradient[1]);
        // softmax - 1, times 1/(1 - rate)
        Assert.Equal(4 * (1 / (1 + Math.Exp(-12)) - 1), step.InputGradient[0], 1e-12);
    }

    [Fact]
    public void Loss_stays_finite_for_huge_logits()
    {
        var network = TestNetworks.Build(2, 1, 1, n => n.Tap("logits"));
        var step = new ReferenceInterpreter(new(network)).Train([10000, 9000], [1]);
        Assert.Equal(1000, step.Loss, 1e-9);
        Assert.Equal([1.0, -1.0], step.InputGradient);
    }

    [Fact]
    public void Training_moves_running_statistics_by_the_unbiased_variance()
    {
        var parameters = new Parameters(TestNetworks.Build(1, 1, 1, n => n.BatchNorm(momentum: 0.25)));
        new HeInitializer().Initialize(parameters);
        var interpreter = new ReferenceInterpreter(parameters);
        // Mean 4, squared deviations 9 + 1 + 16 = 26.
        interpreter.Train([1, 3, 8], [0, 0, 0]);
        Assert.Equal([1.0], interpreter.Parameters["bn1.running_mean"]);
        Assert.Equal([0.75 + 0.25 * 26 / 2], interpreter.Parameters["bn1.running_var"]);
    }

    [Fact]
    public void What_cannot_be_trained_is_refused_before_any_statistic_moves()
    {
        var network = TestNetworks.Build(2, 2, 2, n => n.BatchNorm().GlobalAveragePool().BatchNorm().Dropout(0.5));
        var interpreter = new ReferenceInterpreter(new(network));
        var noMask = Assert.Throws<InvalidOperationException>(() => interpreter.Train(new float[16], [0, 1]));
        Assert.Contains("\"dropout\"", noMask.Message, StringComparison.Ordinal);
        var single = Assert.Throws<InvalidOperationException>(() => interpreter.Train(TestNetworks.Pattern(8), [0], Mask));
        Assert.Contains("\"bn2\"", single.Message, StringComparison.Ordinal);
        Assert.Equal([0.0, 0.0], interpreter.Parameters["bn1.running_mean"]);

        var maps = new ReferenceInterpreter(new(TestNetworks.Build(2, 2, 2, n => n.Relu())));
        Assert.Throws<ArgumentException>(() => maps.Train(new float[8], [0]));
    }

    [Theory]
    [InlineData(new[] { 0 }), InlineData(new[] { 0, 2 }), InlineData(new[] { -1, 0 })]
    public void Labels_that_do_not_fit_are_refused(int[] labels)
    {
        var interpreter = new ReferenceInterpreter(new(TestNetworks.Build(2, 1, 1, n => n.Relu())));
        Assert.Throws<ArgumentException>(() => interpreter.Train(new float[4], labels));
    }

    [Fact]
    public void Frozen_statistics_normalize_and_stay()
    {
        var parameters = new Parameters(TestNetworks.Build(1, 1, 1, n => n.BatchNorm(eps: 1, frozen: true).Tap("normalized")));
        new HeInitializer().Initialize(parameters);
        var interpreter = new ReferenceInterpreter(parameters);
        interpreter.Parameters["bn1.running_mean"][0] = 2;
        interpreter.Parameters["bn1.running_var"][0] = 8;
        // A single value is enough: no variance is taken of the batch.
        var step = interpreter.Train([8], [0]);
        Assert.Equal([2.0], step.Forward.Taps["normalized"]);
        Assert.Equal([2.0], interpreter.Parameters["bn1.running_mean"]);
        Assert.Equal([8.0], interpreter.Parameters["bn1.running_var"]);
    }

    internal static ReferenceInterpreter Interpreter(NetworkDefinition network)
    {
        var parameters = new Parameters(network);
        new HeInitializer(Seed: 5).Initialize(parameters);
        var interpreter = new ReferenceInterpreter(parameters);
        // Scale 1 and shift 0 would hide a factor that is missing.
        foreach (var (i, (name, values)) in interpreter.Parameters.Index())
            for (var j = 0; j < values.Length; j++)
                values[j] += name.Contains("running", StringComparison.Ordinal) ? 0 : 0.3 * TestNetworks.Pattern(1, 31 * i + j)[0];
        return interpreter;
    }

    static bool Mask(LayerInstance layer, int index) => (index + layer.Index) % 5 > 1;

    internal static void AssertSlope(double slope, double gradient, string what) =>
        Assert.True(Math.Abs(slope - gradient) <= 1e-7 + 1e-6 * Math.Abs(gradient), $"{what}: the loss rises by {slope}, the gradient is {gradient}");
}
