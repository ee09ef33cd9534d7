namespace ResNet.Dsl.Tests.Building;

/// <summary>Networks without their heads, and cut before their heads.</summary>
public class NetworkPartTests
{
    [Theory]
    [InlineData(18, 512)]
    [InlineData(50, 2048)]
    public void A_resnet_without_its_head_ends_with_the_pooling(int depth, int features)
    {
        var whole = new ResNetAttribute { Depth = depth }.Define("ResNet");
        var part = whole.WithoutHead();
        Assert.Equal(new Shape(features, 1, 1), part.Output);
        Assert.Equal(whole.Layers().Where(layer => layer.Layer is not Dense), part.Layers());
        part.Validate();
    }

    [Fact]
    public void A_vgg_without_its_head_ends_with_its_last_hidden_layer()
    {
        var whole = new VggAttribute { Depth = 11 }.Define("Vgg");
        Assert.Equal(whole.Layers().SkipLast(1), whole.WithoutHead().Layers());
    }

    [Fact]
    public void Maps_that_a_convolution_reads_are_averaged()
    {
        var network = new NetworkBuilder().Input(3, 8, 8).Conv(6, 3).Relu().Conv(4, 1).GlobalAveragePool().Build("Convolutional");
        Assert.Equal(["Conv2d", "Relu", "GlobalAveragePool"], network.WithoutHead().Layers().Select(layer => layer.Layer.GetType().Name));
        Assert.Equal(new Shape(6, 1, 1), network.WithoutHead().Output);
    }

    /// <summary>The features are the end of the chain, even if a branch stands before the head.</summary>
    [Fact]
    public void A_branch_just_before_the_head_is_left_out()
    {
        var network = new NetworkBuilder().Input(3, 8, 8).Conv(6, 3).GlobalAveragePool().Branch("side", b => b.Dense(2)).Tap("features").Dense(4).Build("Two");
        Assert.Equal(new Shape(6, 1, 1), network.WithoutHead().Output);
        Assert.Equal("output", Assert.Single(network.WithoutHead().Outputs).Name);
    }

    [Fact]
    public void A_network_is_cut_within_a_scope()
    {
        var network = new NetworkBuilder().Input(3, 8, 8).Conv(6, 3).Sequence(c => c.Flatten().Dense(9).Relu().Dropout(0.5).Dense(4), "classifier").Build("Scoped");
        Assert.Equal(network.Layers().SkipLast(1).Select(layer => (layer.Index, layer.Name)), network.WithoutHead().Layers().Select(layer => (layer.Index, layer.Name)));

        var (maps, classifier) = network.SplitAtLastMaps();
        Assert.Equal((new Shape(6, 6, 6), new Shape(4, 1, 1)), (maps.Output, classifier.Output));
        Assert.Equal(maps.Output, classifier.Input);
        // Dropout acts in training alone.
        Assert.Equal(network.Layers().Skip(1).Where(layer => layer.Layer is not Dropout).Select(layer => layer.Name), classifier.Layers().Select(layer => layer.Name));
    }

    [Theory]
    [InlineData(Unit.Original)]
    [InlineData(Unit.PreActivation)]
    public void The_last_maps_of_a_resnet_are_those_that_are_pooled(Unit unit)
    {
        var (maps, classifier) = new CifarResNetAttribute { Depth = 20, Unit = unit }.Define("ResNet").SplitAtLastMaps();
        Assert.Equal(new Shape(64, 8, 8), maps.Output);
        Assert.IsType<GlobalAveragePool>(classifier.Layers()[0].Layer);
    }

    [Fact]
    public void A_convolution_that_tells_classes_is_no_part_of_the_maps()
    {
        var (maps, classifier) = new NetworkBuilder().Input(3, 8, 8).Conv(6, 3).Relu().Conv(4, 1).GlobalAveragePool().Build("Convolutional").SplitAtLastMaps();
        Assert.Equal(new Shape(6, 6, 6), maps.Output);
        Assert.Equal(new Shape(4, 1, 1), classifier.Output);
    }

    [Fact]
    public void What_cannot_be_cut_says_why()
    {
        var inUnit = new NetworkBuilder().Input(4, 1, 1).Residual(r => r.Relu().Dense(4)).Build("InUnit");
        Assert.Contains("the head, block1.fc, stands within a unit or a branch", Assert.Throws<InvalidOperationException>(() => inUnit.WithoutHead()).Message, StringComparison.Ordinal);
        var none = new NetworkBuilder().Input(3, 8, 8).Relu().Build("None");
        Assert.Contains("neither a dense layer nor a convolution", Assert.Throws<InvalidOperationException>(() => none.WithoutHead()).Message, StringComparison.Ordinal);
        var vector = new NetworkBuilder().Input(4, 1, 1).Dense(3).Build("Vector");
        Assert.Contains("computes no feature maps", Assert.Throws<InvalidOperationException>(() => vector.SplitAtLastMaps()).Message, StringComparison.Ordinal);
    }
}
