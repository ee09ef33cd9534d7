namespace ResNet.Dsl.Tests.Building;

public class NameTests
{
    [Fact]
    public void Layers_are_counted_as_torchvision_counts_them() =>
        Assert.Equal(["conv1", "bn1", "conv2", "bn2", "fc", "fc2"], Declare.Names(net => net
            .Conv(4, 3).BatchNorm().Relu().Conv(4, 3).BatchNorm().Relu().GlobalAveragePool().Dense(5).Dense(6)));

    [Fact]
    public void Parameters_have_PyTorchs_names_shapes_and_order()
    {
        var parameters = Declare.Network(net => net.Conv(4, 5, bias: true).BatchNorm().Conv(8, 3, groups: 2).GlobalAveragePool().Dense(10))
            .Layers().SelectMany(layer => layer.Parameters).Select(p => $"{p.Name} {string.Join("×", p.Shape)} {p.IsTrained}");
        Assert.Equal([
            "conv1.weight 4×3×5×5 True", "conv1.bias 4 True",
            "bn1.weight 4 True", "bn1.bias 4 True", "bn1.running_mean 4 False", "bn1.running_var 4 False",
            "conv2.weight 8×2×3×3 True", "fc.weight 10×8 True", "fc.bias 10 True"], parameters);
    }

    [Fact]
    public void A_unit_and_what_follows_its_addition_share_a_scope() =>
        Assert.Equal(["block1.conv1", "block1.bn1", "block1.downsample.0", "block1.downsample.1", "block1.bn2", "block2.conv1"],
            Declare.Names(net => net
                .Residual(r => r.Conv(8, 3, padding: 1).BatchNorm(), Shortcut.Projection, Activation.BatchNormRelu)
                .Residual(r => r.Conv(8, 3, padding: 1))));

    [Fact]
    public void A_shortcut_of_ones_own_stands_in_the_scope_downsample() =>
        Assert.Equal(["block1.conv1", "block1.downsample.conv1"],
            Declare.Names(net => net.Residual(r => r.Conv(8, 3, padding: 1), s => s.Conv(8, 1))));

    [Fact]
    public void A_repeated_single_unit_takes_the_iterations_name() =>
        Assert.Equal(["layer1.0.conv1", "layer1.1.conv1", "layer2.3.conv1", "layer2.3.conv2", "layer2.4.conv1", "layer2.4.conv2"],
            Declare.Names(net => net
                .Repeat(2, n => n.Residual(r => r.Conv(3, 3, padding: 1)))
                .Repeat(2, n => n.Conv(3, 3, padding: 1).Conv(3, 3, padding: 1), first: 3)));

    [Fact]
    public void An_unnamed_scope_shares_the_names_around_it() =>
        Assert.Equal(["a.bn1", "a.conv1", "a.bn2", "a.downsample.0", "a.downsample.1", "a.conv2", "a.conv3"],
            Declare.Names(net => net.Sequence(a => a
                .BatchNorm()
                .Residual(r => r.Conv(8, 3, padding: 1).BatchNorm(), Shortcut.Projection, name: "")
                .Sequence(s => s.Conv(8, 3), name: "")
                .Conv(8, 3), name: "a")));

    [Fact]
    public void Default_names_avoid_those_given() =>
        Assert.Equal(["conv1", "conv2", "layer1.0.conv1", "layer1.1.conv1", "layer2.0.conv1", "layer2.1.conv1"],
            Declare.Names(net => net
                .Conv(3, 3, padding: 1, name: "conv1").Conv(3, 3, padding: 1)
                .Repeat(2, n => n.Conv(3, 3, padding: 1), name: "layer1").Repeat(2, n => n.Conv(3, 3, padding: 1))));

    [Fact]
    public void A_stage_may_go_on_under_its_name() =>
        Assert.Equal(["layer1.0.conv1", "layer1.1.conv1", "layer1.2.conv1"],
            Declare.Names(net => net
                .Residual(r => r.Conv(8, 3, padding: 1), Shortcut.ZeroPad, name: "layer1.0")
                .Repeat(2, n => n.Residual(r => r.Conv(8, 3, padding: 1)), "layer1", first: 1)));

    public static TheoryData<string, Action<NetworkBuilder>> Collisions => new()
    {
        { "a", net => net.Conv(4, 3, name: "a").BatchNorm(name: "a") },
        { "layer1.1.conv1", net => net.Repeat(2, n => n.Conv(3, 3, padding: 1), "layer1").Sequence(n => n.Conv(3, 3), "layer1.1") },
        { "a.0.conv1", net => net.Sequence(n => n.Conv(4, 3), "a.0").Sequence(a => a.Sequence(n => n.Conv(4, 3), "0"), "a") },
        { "downsample.0", net => net.Residual(r => r.Conv(8, 3, padding: 1, name: "downsample.0"), Shortcut.Projection) },
        { "conv1", net => net.Conv(3, 3).Sequence(n => n.Conv(3, 3, name: "conv1"), name: "") },
        { "a", net => net.Conv(4, 3, name: "a").Sequence(n => n.Conv(4, 3), "a") },
        { "a", net => net.Sequence(n => n.Conv(4, 3), "a").Conv(4, 3, name: "a") },
        { "top", net => net.Tap("top").Sequence(n => n.Tap("top")) },
    };

    [Theory]
    [MemberData(nameof(Collisions))]
    public void Two_layers_of_one_name_are_refused(string name, Action<NetworkBuilder> layers) =>
        Declare.LayersFail("RESNET015", "name", layers, $"\"{name}\" is taken");

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a b")]
    [InlineData(".a")]
    [InlineData("a..b")]
    [InlineData("a/b")]
    public void Words_that_are_no_names_are_refused(string name)
    {
        Declare.LayersFail("RESNET015", "name", net => net.Conv(4, 3, name: name), $"\"{name}\" is no name");
        Declare.LayersFail("RESNET015", "name", net => net.Tap(name));
        if (name.Length > 0) Declare.LayersFail("RESNET015", "name", net => net.Sequence(n => n.Relu(), name));
    }
}
