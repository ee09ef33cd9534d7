namespace ResNet.Dsl.Tests.Architectures;

/// <summary>The units against He et al. 2016, Figure 4, read from top to bottom.</summary>
public class UnitTests
{
    [Theory]
    [InlineData(Unit.Original, "conv1 bn1 relu conv2 bn2 + relu")]
    [InlineData(Unit.BatchNormAfterAddition, "conv1 bn1 relu conv2 + bn2 relu")]
    [InlineData(Unit.ReluBeforeAddition, "conv1 bn1 relu conv2 bn2 relu +")]
    [InlineData(Unit.ReluOnlyPreActivation, "relu conv1 bn1 relu conv2 bn2 +")]
    [InlineData(Unit.PreActivation, "bn1 relu conv1 bn2 relu conv2 +")]
    public void Basic_units_are_those_of_Figure_4(Unit unit, string figure)
    {
        var net = new CifarResNetAttribute { Depth = 20, Unit = unit }.Define("net");
        Assert.All(net.Body.Layers.OfType<Repeat>(), repeat => Assert.Equal(figure, Read(repeat.Body)));
        Assert.Equal(3, net.Body.Layers.OfType<Repeat>().Count());
    }

    [Theory]
    [InlineData(Unit.Original, "conv1 bn1 relu conv2 bn2 relu conv3 bn3 + relu")]
    [InlineData(Unit.PreActivation, "bn1 relu conv1 bn2 relu conv2 bn3 relu conv3 +")]
    public void Bottlenecks_add_a_convolution(Unit unit, string figure) =>
        Assert.All(new CifarResNetAttribute { Depth = 164, Unit = unit }.Define("net").Body.Layers.OfType<Repeat>(),
            repeat => Assert.Equal(figure, Read(repeat.Body)));

    [Theory]
    [InlineData(Unit.Original, "conv1 bn1 relu conv2 bn2 relu conv3 bn3 (downsample.0 downsample.1) + relu")]
    [InlineData(Unit.BatchNormAfterAddition, "conv1 bn1 relu conv2 bn2 relu conv3 (downsample.0) + bn3 relu")]
    [InlineData(Unit.ReluBeforeAddition, "conv1 bn1 relu conv2 bn2 relu conv3 bn3 relu (downsample.0 downsample.1) +")]
    [InlineData(Unit.ReluOnlyPreActivation, "relu conv1 bn1 relu conv2 bn2 relu conv3 bn3 (downsample.0 downsample.1) +")]
    [InlineData(Unit.PreActivation, "bn1 relu conv1 bn2 relu conv2 bn3 relu conv3 (downsample.0) +")]
    public void Units_that_change_the_shape_project(Unit unit, string layers)
    {
        var net = new ResNetAttribute { Depth = 50, Unit = unit }.Define("net");
        Assert.Equal(layers, Read(net.Body.Layers.Single(layer => layer.Name == "layer2.0")));
    }

    [Theory]
    [InlineData(Unit.Original, "conv1 bn1 relu conv2 bn2 relu conv3 bn3 (downsample.avgpool downsample.1 downsample.2) + relu", "conv1 bn1 relu conv2 bn2 relu conv3 bn3 (downsample.1 downsample.2) + relu")]
    [InlineData(Unit.PreActivation, "bn1 relu conv1 bn2 relu conv2 bn3 relu conv3 (downsample.avgpool downsample.1) +", "conv1 bn2 relu conv2 bn3 relu conv3 (downsample.1) +")]
    public void Averaged_projections_pool_where_there_is_a_stride(Unit unit, string strided, string first)
    {
        var layers = new ResNetAttribute { Depth = 50, Unit = unit, Stem = Stem.Deep, Shortcut = Shortcut.AveragedProjection }.Define("net").Body.Layers;
        Assert.Equal("conv1.0 conv1.1 relu conv1.3 conv1.4 relu conv1.6 bn1 relu maxpool stem", string.Join(" ", layers.Take(11).Select(Read)));
        Assert.Equal((first, strided), (Read(layers.Single(layer => layer.Name == "layer1.0")), Read(layers.Single(layer => layer.Name == "layer2.0"))));
    }

    [Fact]
    public void The_first_and_last_unit_of_a_pre_activation_network_are_special()
    {
        // He et al. 2016, section 4.1: the stem's activation serves both branches; the last sum has one of its own.
        var layers = new ResNetAttribute { Depth = 50, Unit = Unit.PreActivation }.Define("net").Body.Layers;
        Assert.Equal("conv1 bn1 relu maxpool stem", string.Join(" ", layers.Take(5).Select(Read)));
        Assert.Equal("conv1 bn2 relu conv2 bn3 relu conv3 (downsample.0) +", Read(layers[5]));
        Assert.Equal("layer4 bn2 relu avgpool pool fc", string.Join(" ", layers.Skip(layers.Count - 6).Select(Read)));
        Assert.IsType<Sequence>(layers.Single(layer => layer.Name == "layer2.0"));
    }

    [Fact]
    public void Option_C_projects_in_every_unit()
    {
        var net = new CifarResNetAttribute { Depth = 20, Shortcut = Shortcut.ProjectionAlways, Unit = Unit.PreActivation }.Define("net");
        Assert.Equal(9, net.Layers().Count(layer => layer.Name.EndsWith(".downsample.0", StringComparison.Ordinal)));
        Assert.All(net.Body.Layers.OfType<Repeat>(), repeat => Assert.Equal("bn1 relu conv1 bn2 relu conv2 (downsample.0) +", Read(repeat.Body)));
    }

    [Theory]
    [InlineData(Downsample.In3x3, "1 2 1")]
    [InlineData(Downsample.In1x1, "2 1 1")]
    public void The_stride_stands_where_it_is_asked_for(Downsample downsample, string strides)
    {
        foreach (ArchitectureAttribute architecture in (ArchitectureAttribute[])[new ResNetAttribute { Depth = 50, Downsample = downsample }, new CifarResNetAttribute { Depth = 164, Downsample = downsample }])
            Assert.Equal(strides, string.Join(" ", Convolutions(architecture, "layer2.0.conv").Select(conv => conv.Stride)));
    }

    [Theory]
    [InlineData(18)]
    [InlineData(50)]
    public void Plain_networks_have_the_same_layers_without_shortcuts(int depth)
    {
        var plain = new ResNetAttribute { Depth = depth, Plain = true }.Define("net").Layers();
        var residual = new ResNetAttribute { Depth = depth }.Define("net").Layers()
            .Where(layer => !layer.Name.Contains("downsample", StringComparison.Ordinal));
        Assert.Equal(residual.Select(layer => (layer.Name, layer.Layer, layer.Output)), plain.Select(layer => (layer.Name, layer.Layer, layer.Output)));
        Assert.DoesNotContain(new ResNetAttribute { Depth = depth, Plain = true }.Define("net").Body.Layers, layer => layer is Residual);
    }

    [Theory]
    [InlineData(20, Block.Auto, 2, 3)]
    [InlineData(110, Block.Auto, 2, 18)]
    [InlineData(1202, Block.Auto, 2, 200)]
    [InlineData(164, Block.Auto, 3, 18)]
    [InlineData(1001, Block.Auto, 3, 111)]
    [InlineData(110, Block.Bottleneck, 3, 12)]
    [InlineData(164, Block.Basic, 2, 27)]
    public void CIFAR_blocks_are_the_papers_unless_asked_for(int depth, Block block, int convolutions, int units)
    {
        var architecture = new CifarResNetAttribute { Depth = depth, Block = block };
        Assert.Equal(convolutions, Convolutions(architecture, "layer3.0.conv").Count());
        Assert.Equal(convolutions * units, Convolutions(architecture, "layer3.").Count(conv => conv.Name != "0"));
    }

    [Fact]
    public void Depth_does_not_enlarge_the_tree()
    {
        static int Nodes(Layer layer) => 1 + layer switch
        {
            Sequence sequence => sequence.Layers.Sum(Nodes),
            Repeat repeat => Nodes(repeat.Body),
            Residual residual => Nodes(residual.Main) + Nodes(residual.Shortcut) + Nodes(residual.Activation),
            _ => 0,
        };
        Assert.Equal(Nodes(new CifarResNetAttribute { Depth = 20 }.Define("net").Body), Nodes(new CifarResNetAttribute { Depth = 1202 }.Define("net").Body));
    }

    [Fact]
    public void Options_declare_equal_trees_twice_and_sizes_as_given()
    {
        foreach (var unit in Enum.GetValues<Unit>())
        {
            var architecture = new ResNetAttribute { Depth = 101, Unit = unit, Classes = 7, ImageSize = 17, InputChannels = 1, Groups = 4, WidthPerGroup = 32 };
            Assert.Equal(architecture.Define("net"), architecture.Define("net"));
            Assert.Equal((new Shape(1, 17, 17), new Shape(7, 1, 1)), (architecture.Define("net").Input, architecture.Define("net").Output));
        }
    }

    [Fact]
    public void Taps_tell_the_features_of_each_stage()
    {
        static IEnumerable<string> Taps(ArchitectureAttribute architecture) =>
            architecture.Define("net").Layers().Where(layer => layer.Layer is Tap).Select(tap => $"{tap.Name} {tap.Output}");
        Assert.Equal(["stem 64×56×56", "layer1 256×56×56", "layer2 512×28×28", "layer3 1024×14×14", "layer4 2048×7×7", "pool 2048"],
            Taps(new ResNetAttribute { Depth = 50 }));
        Assert.Equal(["stem 16×32×32", "layer1 16×32×32", "layer2 32×16×16", "layer3 64×8×8", "pool 64"],
            Taps(new CifarResNetAttribute { Depth = 20 }));
    }

    static IEnumerable<Conv2d> Convolutions(ArchitectureAttribute architecture, string prefix) => architecture.Define("net").Layers()
        .Where(layer => layer.Name.StartsWith(prefix, StringComparison.Ordinal)).Select(layer => layer.Layer).OfType<Conv2d>();

    /// <summary>The layers' names in order; a shortcut in parentheses, the addition as a plus.</summary>
    static string Read(Layer layer) => layer switch
    {
        Sequence sequence => string.Join(" ", sequence.Layers.Select(Read)),
        Residual residual => string.Join(" ", new[]
        {
            Read(residual.Main),
            residual.Shortcut.Layers.Count == 0 ? "" : $"({string.Join(" ", residual.Shortcut.Layers.Select(path => residual.Shortcut.Name + "." + path.Name))})",
            "+",
            Read(residual.Activation),
        }.Where(part => part.Length > 0)),
        _ => layer.Name,
    };
}
