namespace ResNet.Dsl.Tests.Building;

public class ShortcutTests
{
    static Sequence Path(Shortcut shortcut, int channels, int stride) =>
        ((Residual)Declare.Network(net => net.Residual(r => r.Conv(channels, 3, stride, padding: 1), shortcut)).Body.Layers[0]).Shortcut;

    [Theory]
    [InlineData(Shortcut.Identity)]
    [InlineData(Shortcut.ZeroPad)]
    [InlineData(Shortcut.Projection)]
    public void Options_A_and_B_are_the_identity_where_shapes_agree(Shortcut shortcut) =>
        Assert.Empty(Path(shortcut, channels: 3, stride: 1).Layers);

    [Fact]
    public void Option_A_subsamples_and_pads() =>
        Assert.Equal(new ZeroPad("pad", 8, 2), Assert.Single(Path(Shortcut.ZeroPad, channels: 8, stride: 2).Layers));

    [Theory]
    [InlineData(Shortcut.Projection, 8, 2)]
    [InlineData(Shortcut.Projection, 2, 1)]
    [InlineData(Shortcut.ProjectionAlways, 3, 1)]
    [InlineData(Shortcut.ProjectionAlways, 3, 3)]
    public void Options_B_and_C_project(Shortcut shortcut, int channels, int stride) =>
        Assert.Equal([new Conv2d("0", channels, 1, stride), new BatchNorm("1")], Path(shortcut, channels, stride).Layers);

    [Theory]
    [InlineData(8, 2)]
    [InlineData(3, 2)]
    [InlineData(8, 3)]
    public void An_averaged_projection_pools_before_it_projects(int channels, int stride) => Assert.Equal(
        [new AveragePool("avgpool", 2, stride, CeilMode: true), new Conv2d("1", channels, 1), new BatchNorm("2")],
        Path(Shortcut.AveragedProjection, channels, stride).Layers);

    [Fact]
    public void An_averaged_projection_without_a_stride_is_a_projection_with_the_same_names()
    {
        Assert.Equal([new Conv2d("1", 8, 1), new BatchNorm("2")], Path(Shortcut.AveragedProjection, channels: 8, stride: 1).Layers);
        Assert.Empty(Path(Shortcut.AveragedProjection, channels: 3, stride: 1).Layers);
    }

    [Fact]
    public void An_averaged_projection_is_made_of_the_vocabulary() => Assert.Equal(
        Declare.Network(net => net.Residual(r => r.Conv(8, 3, 2, 1), s => s.AveragePool(2, ceilMode: true).Conv(8, 1, name: "1").BatchNorm(name: "2"))),
        Declare.Network(net => net.Residual(r => r.Conv(8, 3, 2, 1), Shortcut.AveragedProjection)));

    /// <summary>The layers of the shortcuts of He et al. 2016, Figure 2, as a declaration without their names.</summary>
    public static TheoryData<Shortcut, Action<NetworkBuilder>> Figure2 => new()
    {
        { Shortcut.ConstantScaling, n => n.Residual(F, x => x.Scale(0.5)) },
        { Shortcut.FrozenGating, n => n.Residual(r => { F(r); r.Scale(0.5); }, x => x.Scale(0.5)) },
        {
            Shortcut.ExclusiveGating,
            n => n.Residual(p => p.Residual(
                d => d.Residual(F, x => x.Scale(-1), Activation.None, ""),
                g => g.Conv(3, 1, bias: true, name: "gate", initialBias: -6).Sigmoid(), Activation.None, "", Merge.Product))
        },
        {
            Shortcut.ShortcutOnlyGating,
            n => n.Residual(F, x => x.Residual(
                g => g.Conv(3, 1, bias: true, name: "gate", initialBias: -6).Sigmoid().Scale(-1, 1), activation: Activation.None, name: "", merge: Merge.Product))
        },
        { Shortcut.Dropout, n => n.Residual(F, x => x.Dropout(0.5)) },
    };

    static void F(NetworkBuilder branch) => branch.Conv(3, 3, padding: 1).BatchNorm();

    [Theory, MemberData(nameof(Figure2))]
    public void Shortcuts_of_Figure_2_are_made_of_the_vocabulary(Shortcut shortcut, Action<NetworkBuilder> made) =>
        Assert.Equal(Declare.Network(made), Declare.Network(net => net.Residual(F, shortcut)));

    [Theory]
    [InlineData(Shortcut.ExclusiveGating)]
    [InlineData(Shortcut.ShortcutOnlyGating)]
    public void A_gates_parameters_stand_beside_the_residual_functions(Shortcut shortcut)
    {
        Assert.Equal(["block1.conv1", "block1.bn1", "block1.downsample.gate", "block1.bn2"],
            Declare.Names(net => net.Residual(F, shortcut, Activation.BatchNormRelu)));
        Assert.Equal(["layer1.0.conv1", "layer1.0.bn1", "layer1.0.downsample.gate"], Declare.Names(net => net.Repeat(1, n => n.Residual(F, shortcut))));
    }

    [Theory, MemberData(nameof(Figure2))]
    public void Shortcuts_of_Figure_2_keep_the_shape(Shortcut shortcut, Action<NetworkBuilder> _)
    {
        Declare.LayersFail("RESNET009", "shortcut", net => net.Residual(r => r.Conv(8, 3, stride: 2, padding: 1), shortcut),
            "3×32×32", "8×16×16", $"Shortcut.{shortcut} cannot follow", "use Shortcut.Projection (or Shortcut.ZeroPad)");
        Assert.Throws<ArgumentNullException>(() => Declare.Network(net => net.Residual(null!, shortcut)));
    }

    [Fact]
    public void Exclusive_gating_weighs_a_sum() =>
        Declare.LayersFail("RESNET020", "merge", net => net.Residual(F, Shortcut.ExclusiveGating, merge: Merge.Product), "leave out either");

    [Fact]
    public void A_shortcut_of_no_layers_is_the_identity() => Assert.Equal(
        Declare.Network(net => net.Residual(r => r.Relu())), Declare.Network(net => net.Residual(r => r.Relu(), s => { })));

    [Theory]
    [InlineData(3, 7, 2)]
    [InlineData(9, 25, 4)]
    public void The_stride_is_found_for_images_that_are_not_square(int height, int width, int stride)
    {
        var net = new NetworkBuilder().Input(4, height, width)
            .Residual(r => r.Conv(4, 1, stride), Shortcut.Projection);
        var projection = (Conv2d)((Residual)net.Build("net").Body.Layers[0]).Shortcut.Layers[0];
        Assert.Equal(stride, projection.Stride);
    }

    [Fact]
    public void A_projection_that_would_stride_over_a_single_row_is_refused()
    {
        static void Declared(Shortcut shortcut) => new NetworkBuilder().Input(4, 1, 8).Residual(r => r.GlobalAveragePool(), shortcut);
        Declare.Fails("RESNET009", "shortcut", () => Declared(Shortcut.Projection), "4×1×8", "a single row or column");
        Declare.Fails("RESNET009", "shortcut", () => Declared(Shortcut.ProjectionAlways));
        Declare.Fails("RESNET009", "shortcut", () => Declared(Shortcut.AveragedProjection), "a projection shortcut");
        Declared(Shortcut.ZeroPad);
    }

    [Fact]
    public void The_error_tells_both_shapes_and_what_would_mend_it()
    {
        Declare.LayersFail("RESNET009", "shortcut", net => net.Residual(r => r.Conv(8, 3, stride: 2, padding: 1)),
            "3×32×32", "8×16×16", "identity", "Shortcut.Projection", "Shortcut.ZeroPad");
        Declare.LayersFail("RESNET009", "shortcut", net => net.Residual(r => r.Conv(2, 1), Shortcut.ZeroPad),
            "zero-padded", "use Shortcut.Projection");
        Declare.LayersFail("RESNET009", "shortcut", net => net.Residual(r => r.Conv(3, 3), Shortcut.Projection),
            "3×30×30", "no stride joins");
        Declare.LayersFail("RESNET009", "shortcut", net => net.Residual(r => r.Conv(8, 1), s => s.Conv(9, 1)),
            "8×32×32", "9×32×32");
    }
}
