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
