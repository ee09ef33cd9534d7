namespace ResNet.Dsl.Tests.Building;

public class ContainerTests
{
    [Fact]
    public void Iterations_that_keep_their_shape_are_one_loop()
    {
        var net = Declare.Network(net => net.Repeat(1000, n => n.Residual(r => r.Conv(3, 3, padding: 1))));
        var repeat = Assert.IsType<Repeat>(Assert.Single(net.Body.Layers));
        Assert.Equal(("layer1", 1000, 0), (repeat.Name, repeat.Count, repeat.First));
        Assert.Equal(2000, net.Layers().Count);
    }

    [Fact]
    public void The_first_iteration_stands_alone_if_it_changes_the_shape()
    {
        var net = Declare.Network(net => net.Repeat(4, n => n.Residual(r => r.Conv(8, 3, padding: 1), Shortcut.Projection)));
        Assert.Collection(net.Body.Layers,
            unit => Assert.Equal("layer1.0", Assert.IsType<Residual>(unit).Name),
            rest => Assert.Equal((3, 1), (Assert.IsType<Repeat>(rest).Count, ((Repeat)rest).First)));
    }

    [Fact]
    public void Iterations_that_each_change_the_shape_are_unrolled()
    {
        var net = Declare.Network(net => net.Repeat(3, n => n.Conv(n.Shape.Channels * 2, 2, stride: 2)));
        Assert.Equal(["layer1.0", "layer1.1", "layer1.2"], net.Body.Layers.Select(layer => layer.Name));
        Assert.Equal(new Shape(24, 4, 4), net.Output);
    }

    [Fact]
    public void Repeats_nest()
    {
        var net = Declare.Network(net => net.Repeat(2, n => n.Repeat(3, m => m.Conv(3, 3, padding: 1))));
        Assert.Equal(6, net.Layers().Count);
        Assert.Equal("layer1.1.layer1.2.conv1", net.Layers()[5].Name);
        Assert.Single(net.Body.Layers);
    }

    [Fact]
    public void Layers_stand_in_the_order_main_shortcut_activation() =>
        Assert.Equal(["conv1", "relu", "downsample.pad", "bn1", "relu"], Declare.Network(net => net
            .Residual(r => r.Conv(8, 3, padding: 1).Relu(), Shortcut.ZeroPad, Activation.BatchNormRelu, name: "")).Layers().Select(layer => layer.Name));

    [Fact]
    public void A_tap_may_stand_in_a_body_that_runs_once()
    {
        Assert.Equal(3, Declare.Network(net => net.Repeat(1, n => n.Relu().Tap("top")).Relu()).Layers().Count);
        Declare.LayersFail("RESNET015", "body", net => net.Repeat(2, n => n.Relu().Tap("top")), "2 times");
        Declare.LayersFail("RESNET015", "body", net => net.Repeat(2, n => n.Residual(r => r.Tap("top"))));
        Declare.LayersFail("RESNET015", "name", net => net.Repeat(2, n => n.Conv(n.Shape.Channels + 1, 1).Tap("top")));
    }

    [Theory]
    [InlineData(0, 0, "count")]
    [InlineData(-3, 0, "count")]
    [InlineData(20_000, 0, "count")]
    [InlineData(2, -1, "first")]
    public void Absurd_counts_are_refused(int count, int first, string argument) =>
        Declare.LayersFail("RESNET006", argument, net => net.Repeat(count, n => n.Relu(), first: first), $"{argument} is ");

    [Fact]
    public void A_network_of_too_many_layers_is_refused_before_it_is_unrolled()
    {
        Declare.LayersFail("RESNET006", "count", net => net.Repeat(16_000, n => n.Repeat(16_000, m => m.BatchNorm())), "256000000 layers");
        Declare.LayersFail("RESNET006", null, net => net.Repeat(1 << 14, n => n.Relu().Relu().Relu().Relu()).Relu(), "65537 layers, more than 65536");
    }

    [Fact]
    public void Only_the_innermost_builder_takes_layers()
    {
        NetworkBuilder? kept = null;
        Declare.LayersFail("RESNET023", null, net => net.Sequence(_ => net.Relu()), "waits");
        Declare.LayersFail("RESNET023", null, net => net.Residual(r => r.Relu(), _ => net.Relu()), "waits");
        Declare.LayersFail("RESNET023", null, net => net.Repeat(2, n => n.Sequence(_ => net.Relu())), "waits");
        Declare.LayersFail("RESNET023", null, net => net.Sequence(n => kept = n.Relu()).Sequence(_ => kept!.Relu()), "complete");
        Declare.LayersFail("RESNET023", null, net => net.Sequence(n => n.Relu().Build("net")), "branch");
    }

    [Fact]
    public void A_branch_needs_a_declaration() =>
        Assert.Throws<ArgumentNullException>(() => Declare.Builder(net => net.Sequence(null!)));

    [Fact]
    public void The_same_declaration_yields_equal_trees_and_another_does_not()
    {
        static NetworkDefinition Declared(int units, double eps) => Declare.Network(net => net
            .Repeat(3, n => n.Residual(r => r.Conv(8, 3, padding: 1).BatchNorm(eps), Shortcut.Projection))
            .GlobalAveragePool().Dense(units));
        Assert.Equal(Declared(10, 1e-5), Declared(10, 1e-5));
        Assert.Equal(Declared(10, 1e-5).GetHashCode(), Declared(10, 1e-5).GetHashCode());
        Assert.NotEqual(Declared(10, 1e-5), Declared(11, 1e-5));
        Assert.NotEqual(Declared(10, 1e-5), Declared(10, 1e-4));
    }
}
