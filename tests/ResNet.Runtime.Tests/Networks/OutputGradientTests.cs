using ResNet.Dsl;
using ResNet.Reference;

namespace ResNet.Runtime.Tests.Networks;

/// <summary>Gradients of the loss by values inside of a network, which outputs name.</summary>
public class OutputGradientTests
{
    const int Batch = 3;

    /// <summary>A value that three others follow from: a shortcut, a branch with a loss, and another output.</summary>
    static Network Create() => Network.Create(new NetworkBuilder().Input(2, 6, 6)
        .Conv(4, 3, padding: 1).BatchNorm().Relu()
        .Output("inner").Output("same")
        .Residual(main => main.Conv(4, 3, padding: 1).BatchNorm())
        .Branch("side", side => side.GlobalAveragePool().Dense(2))
        .GlobalAveragePool().Dense(3).Build("several"));

    /// <summary>
    /// The inner value is relu(bn(x)), of which the shift's gradient is the sum of the gradient by it where it is positive: sums by channel,
    /// which are independent of how the gradient was had.
    /// </summary>
    [Theory]
    [InlineData("inner")]
    [InlineData("same")]
    public void They_agree_with_those_of_the_parameters(string output)
    {
        using var net = Create();
        new Weights.Initialization.HeInitializer(1).Initialize(net.Parameters);
        using var session = net.CreateTrainingSession(Options(output));
        var images = Array.ConvertAll(TestNetworks.Pattern(Batch * 72, 5), value => 2 * value);
        session.Run(images, Targets());
        var gradient = session.GradientOf(output);
        Assert.Equal([Batch, 4, 6, 6], gradient.Shape.ToArray());

        var shift = net.Parameters["bn1.bias"];
        var expected = session.ReadGradients().Slice(shift.Offset, shift.Length).ToArray();
        var values = Values(net, images);
        for (var channel = 0; channel < 4; channel++)
        {
            var sum = 0.0;
            for (var i = 0; i < gradient.Data.Length; i++)
                if (i / 36 % 4 == channel && values[i] > 0) sum += gradient.Data[i];
            Assert.Equal(expected[channel], sum, 1e-5);
        }
    }

    [Fact]
    public void Keeping_them_changes_no_other_gradient()
    {
        using var net = Create();
        new Weights.Initialization.HeInitializer(1).Initialize(net.Parameters);
        var images = TestNetworks.Pattern(Batch * 72, 5);
        using var with = net.CreateTrainingSession(Options("inner"));
        using var without = net.CreateTrainingSession(Options());
        Assert.Equal(without.Run(images, Targets()), with.Run(images, Targets()));
        Assert.Equal(without.ReadGradients().ToArray(), with.ReadGradients().ToArray());
    }

    [Fact]
    public void What_is_not_there_is_refused()
    {
        using var net = Create();
        Assert.Contains("no output \"outer\"", Assert.Throws<ArgumentException>(() => net.CreateTrainingSession(Options("outer"))).Message, StringComparison.Ordinal);
        using var session = net.CreateTrainingSession(Options("inner"));
        Assert.Throws<InvalidOperationException>(() => session.GradientOf("inner"));
        Assert.Contains("is not kept", Assert.Throws<ArgumentException>(() => session.GradientOf("same")).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => session.GradientOf("outer"));
        using var ofImages = Network.Create(new NetworkBuilder().Input(2, 6, 6).MaxPool(2).Output("images").GlobalAveragePool().Dense(3).Build("images"));
        var refused = Assert.Throws<ArgumentException>(() => ofImages.CreateTrainingSession(new TrainingSessionOptions { GradientsOf = ["images"] }));
        Assert.Contains("No parameter has any influence", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>An image that is an output has a gradient, too: the change of the loss with a pixel.</summary>
    [Fact]
    public void The_image_has_one_where_it_is_an_output()
    {
        using var net = Network.Create(new NetworkBuilder().Input(2, 6, 6).Output("image")
            .Residual(main => main.Conv(2, 3, padding: 1).BatchNorm(), activation: Activation.None)
            .Conv(4, 3).GlobalAveragePool().Dense(3).Build("of the image"));
        using var session = net.CreateTrainingSession(new TrainingSessionOptions { GradientsOf = ["image"] });
        var images = TestNetworks.Pattern(Batch * 72, 5);
        int[] labels = [0, 1, 2];
        session.Run(images, labels);
        var gradient = session.GradientOf("image").Data.ToArray();
        for (var i = 0; i < images.Length; i += 7)
        {
            var slope = (LossWith(i, 0.02f) - LossWith(i, -0.02f)) / 0.04;
            Assert.Equal(slope, gradient[i], 2e-4);
        }

        double LossWith(int pixel, float change)
        {
            var changed = images.ToArray();
            changed[pixel] += change;
            return session.Run(changed, labels).Loss;
        }
    }

    /// <summary>Targets that a function gives when the outputs are known are those that could have been given before.</summary>
    [Fact]
    public void Targets_may_follow_from_outputs()
    {
        using var net = Create();
        new Weights.Initialization.HeInitializer(1).Initialize(net.Parameters);
        var images = TestNetworks.Pattern(Batch * 72, 5);
        using var before = net.CreateTrainingSession(Options());
        using var after = net.CreateTrainingSession(Options() with { TargetsFollowOutputs = true });
        var expected = before.Run(images, Targets());
        var result = after.Run(images, outputs =>
        {
            Assert.Equal(["inner", "output", "same", "side"], outputs.Keys.Order(StringComparer.Ordinal));
            Assert.Equal(Values(net, images).Select(value => (float)value), outputs["inner"].Data.ToArray(), (a, b) => Math.Abs(a - b) < 1e-4);
            return Targets();
        });
        Assert.Equal(expected, result);
        Assert.Equal(before.ReadGradients().ToArray(), after.ReadGradients().ToArray());
        Assert.Throws<InvalidOperationException>(() => before.Run(images, _ => Targets()));
    }

    /// <summary>Behind frozen layers, gradients keep their bits; those of the frozen ones are not computed.</summary>
    [Theory]
    [InlineData("conv1")]
    [InlineData("bn1")]
    [InlineData("block1")]
    public void Frozen_layers_have_none(string through)
    {
        using var net = Create();
        new Weights.Initialization.HeInitializer(1).Initialize(net.Parameters);
        var images = TestNetworks.Pattern(Batch * 72, 5);
        using var whole = net.CreateTrainingSession(Options());
        using var part = net.CreateTrainingSession(Options() with { FreezeThrough = through });
        Assert.Equal(whole.Run(images, Targets()), part.Run(images, Targets()));
        var last = net.Definition.LastWithin(through).Index;
        foreach (var tensor in net.Parameters.Tensors.Where(tensor => tensor.Info.IsTrained))
        {
            var isFrozen = net.Definition.Layers().First(row => row.Parameters.Contains(tensor.Info)).Index <= last;
            var expected = isFrozen ? new float[tensor.Length] : whole.ReadGradients().Slice(tensor.Offset, tensor.Length).ToArray();
            Assert.Equal(expected, part.ReadGradients().Slice(tensor.Offset, tensor.Length).ToArray());
        }
        Assert.Throws<ArgumentException>(() => net.CreateTrainingSession(Options() with { FreezeThrough = "conv9" }));
    }

    static TrainingSessionOptions Options(params string[] kept) => new()
    {
        Losses = { ["output"] = new SoftmaxCrossEntropy(), ["side"] = new SmoothL1() },
        GradientsOf = kept,
    };

    static Dictionary<string, LossTarget> Targets() => new()
    {
        ["output"] = new() { Labels = new[] { 0, 1, 2 } },
        ["side"] = new() { Values = new float[Batch * 2] },
    };

    /// <summary>The inner values with the statistics of the batch.</summary>
    static double[] Values(Network net, float[] images) =>
        new ReferenceInterpreter(net.Parameters).Train(images, new Dictionary<string, ReferenceLoss>()).Forward.Outputs["inner"];
}
