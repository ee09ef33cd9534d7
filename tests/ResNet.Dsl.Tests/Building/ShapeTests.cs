namespace ResNet.Dsl.Tests.Building;

public class ShapeTests
{
    /// <summary>Every small window against the definition: the positions at which the window lies within the padded input.</summary>
    [Fact]
    public void A_window_yields_one_value_per_position_within_its_padded_input()
    {
        for (var size = 2; size <= 9; size++)
            for (var kernel = 1; kernel <= 5; kernel++)
                for (var stride = 1; stride <= 3; stride++)
                    for (var padding = 0; padding <= 2; padding++)
                        for (var dilation = 1; dilation <= 2; dilation++)
                        {
                            var positions = Enumerable.Range(-padding, size + 2 * padding)
                                .Count(at => (at + padding) % stride == 0 && at + dilation * (kernel - 1) < size + padding);
                            var net = new NetworkBuilder().Input(2, size, size + 1);
                            if (positions == 0)
                                Declare.Fails("RESNET007", "kernel", () => net.Conv(4, kernel, stride, padding, dilation), "does not fit");
                            else
                                Assert.Equal(positions, net.Conv(4, kernel, stride, padding, dilation).Shape.Height);
                            if (dilation == 1 && positions > 0 && padding <= kernel / 2)
                                Assert.Equal(positions, new NetworkBuilder().Input(2, size, size + 1).MaxPool(kernel, stride, padding).Shape.Height);
                        }
    }

    [Fact]
    public void Multiply_adds_count_one_per_weight_and_position()
    {
        var layers = Declare.Network(net => net.Conv(6, 3, stride: 2, padding: 1, groups: 3, bias: true).BatchNorm().GlobalAveragePool().Dense(7)).Layers();
        Assert.Equal([16 * 16 * 6 * 1 * 9, 0, 0, 6 * 7], layers.Select(layer => layer.MultiplyAdds));
    }

    [Fact]
    public void The_shape_of_each_layer_is_told()
    {
        var net = new NetworkBuilder().Input(3, 33, 17);
        Assert.Equal(new Shape(8, 17, 9), net.Conv(8, 3, stride: 2, padding: 1).Shape);
        Assert.Equal(new Shape(8, 8, 4), net.AveragePool(2).Shape);
        Assert.Equal(new Shape(8, 8, 4), net.BatchNorm().Relu().Dropout(0.5).StochasticDepth(0.5).Tap("here").Shape);
        Assert.Equal(new Shape(8, 1, 1), net.GlobalAveragePool().Shape);
        Assert.Equal(new Shape(5, 1, 1), net.Dense(5).Shape);
        Assert.Equal(("3×33×17", "5"), (net.Build("net").Input.ToString(), net.Build("net").Output.ToString()));
    }

    /// <summary>PyTorch 1.13: the shape of <c>avg_pool2d(zeros(1, 1, size, size), kernel, stride, padding, ceil_mode=True)</c>.</summary>
    [Theory]
    [InlineData(9, 2, 2, 0, 5)]
    [InlineData(8, 2, 2, 0, 4)]
    [InlineData(2, 2, 2, 0, 1)]
    [InlineData(9, 4, 3, 1, 4)]
    [InlineData(7, 4, 3, 1, 3)]
    [InlineData(7, 2, 2, 1, 4)]
    [InlineData(9, 3, 5, 1, 2)]
    [InlineData(10, 2, 5, 1, 3)]
    [InlineData(6, 3, 1, 0, 4)]
    public void Ceil_mode_adds_a_window_where_something_is_left_over(int size, int kernel, int stride, int padding, int windows) => Assert.Equal(
        new Shape(1, windows, windows), new NetworkBuilder().Input(1, size, size).AveragePool(kernel, stride, padding, ceilMode: true).Shape);

    public static TheoryData<string, string?, string, Action<NetworkBuilder>> Misfits => new()
    {
        { "RESNET006", "channels", "channels is 0", net => net.Conv(0, 3) },
        { "RESNET006", "kernel", "kernel is 0", net => net.Conv(4, 0) },
        { "RESNET006", "stride", "stride is -1", net => net.Conv(4, 3, stride: -1) },
        { "RESNET006", "padding", "padding is -1", net => net.Conv(4, 3, padding: -1) },
        { "RESNET006", "dilation", "dilation is 0", net => net.Conv(4, 3, dilation: 0) },
        { "RESNET006", "groups", "groups is 0", net => net.Conv(4, 3, groups: 0) },
        { "RESNET006", "channels", "more than 2147483647", net => net.Conv(65_536, 1).Conv(65_536, 1) },
        { "RESNET006", "padding", "padding is 2, which is not between 0 and 1", net => net.MaxPool(3, padding: 2) },
        { "RESNET006", "units", "units is 0", net => net.GlobalAveragePool().Dense(0) },
        { "RESNET006", "eps", "eps is 0", net => net.BatchNorm(eps: 0) },
        { "RESNET006", "momentum", "momentum is 1.5", net => net.BatchNorm(momentum: 1.5) },
        { "RESNET006", "eps", "eps is NaN", net => net.BatchNorm(eps: double.NaN) },
        { "RESNET006", "rate", "rate is 1", net => net.Dropout(1) },
        { "RESNET006", "rate", "rate is 1", net => net.StochasticDepth(1) },
        { "RESNET006", "rate", "rate is NaN", net => net.StochasticDepth(double.NaN) },
        { "RESNET006", "activation", "activation is 9", net => net.Residual(r => r.Relu(), activation: (Activation)9) },
        { "RESNET006", "shortcut", "Identity, ZeroPad, Projection, ProjectionAlways", net => net.Residual(r => r.Relu(), (Shortcut)99) },
        { "RESNET007", "kernel", "35×35 kernel does not fit", net => net.Conv(4, 35, padding: 1) },
        { "RESNET007", "kernel", "33×33 kernel does not fit", net => net.Conv(4, 3, dilation: 16) },
        { "RESNET008", "stride", "below 1×1", net => net.GlobalAveragePool().Conv(4, 1, stride: 2) },
        { "RESNET010", "groups", "2 groups do not divide 3 input and 4 output channels", net => net.Conv(4, 3, groups: 2) },
        { "RESNET010", "groups", "3 groups do not divide 3 input and 4 output channels", net => net.Conv(4, 3, groups: 3) },
        { "RESNET011", null, "GlobalAveragePool()", net => net.Dense(10) },
        { "RESNET013", null, "3×32×32", net => net.Input(3, 32, 32) },
        { "RESNET013", null, "A branch", net => net.Sequence(n => n.Input(3, 32, 32)) },
    };

    [Theory]
    [MemberData(nameof(Misfits))]
    public void A_layer_that_cannot_follow_is_refused(string id, string? argument, string text, Action<NetworkBuilder> layers) =>
        Declare.LayersFail(id, argument, layers, text);

    [Theory]
    [InlineData(0, 32, 32, "channels")]
    [InlineData(3, 0, 32, "height")]
    [InlineData(3, 32, 1 << 20, "width")]
    [InlineData(65_536, 4096, 4096, "channels")]
    public void Absurd_inputs_are_refused(int channels, int height, int width, string argument) =>
        Declare.Fails("RESNET006", argument, () => new NetworkBuilder().Input(channels, height, width));

    [Fact]
    public void A_network_needs_an_input_and_a_layer()
    {
        Declare.Fails("RESNET012", null, () => new NetworkBuilder().Relu(), "Input(");
        Declare.Fails("RESNET012", null, () => new NetworkBuilder().Repeat(2, n => n.Relu()));
        Declare.Fails("RESNET012", null, () => new NetworkBuilder().Build("net"));
        Declare.Fails("RESNET014", null, () => new NetworkBuilder().Input(3, 32, 32).Build("net"), "no layers");
    }
}
