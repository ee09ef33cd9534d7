namespace ResNet.Dsl.Tests.Architectures;

/// <summary>The VGG networks against torchvision's figures and names.</summary>
public class VggTests
{
    [Theory]
    [InlineData(11, false, 132_863_336, "7.61")]
    [InlineData(13, false, 133_047_848, "11.31")]
    [InlineData(16, false, 138_357_544, "15.47")]
    [InlineData(19, false, 143_667_240, "19.63")]
    [InlineData(11, true, 132_868_840, "7.61")]
    [InlineData(13, true, 133_053_736, "11.31")]
    [InlineData(16, true, 138_365_992, "15.47")]
    [InlineData(19, true, 143_678_248, "19.63")]
    public void Parameters_and_billions_of_multiply_adds_are_torchvisions(int depth, bool batchNorm, long parameters, string multiplyAdds)
    {
        foreach (var fullyConvolutional in (bool[])[false, true])
        {
            var layers = new VggAttribute { Depth = depth, BatchNorm = batchNorm, FullyConvolutional = fullyConvolutional }.Define("net").Layers();
            Assert.Equal(parameters, layers.SelectMany(layer => layer.Parameters).Where(p => p.IsTrained).Sum(p => p.Elements));
            Assert.Equal(multiplyAdds, (layers.Sum(layer => layer.MultiplyAdds) / 1e9m).ToString("F2"));
            Assert.Equal(depth, layers.Count(layer => layer.MultiplyAdds > 0));
        }
    }

    [Theory]
    [InlineData(11, false, new[] { 0, 3, 6, 8, 11, 13, 16, 18 })]
    [InlineData(16, false, new[] { 0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28 })]
    [InlineData(16, true, new[] { 0, 3, 7, 10, 14, 17, 20, 24, 27, 30, 34, 37, 40 })]
    [InlineData(19, false, new[] { 0, 2, 5, 7, 10, 12, 14, 16, 19, 21, 23, 25, 28, 30, 32, 34 })]
    public void Parameters_have_torchvisions_names(int depth, bool batchNorm, int[] convolutions)
    {
        var expected = convolutions.SelectMany(i => batchNorm ? new[] { i, i + 1 } : [i]).Select(i => $"features.{i}").Concat(["classifier.0", "classifier.3", "classifier.6"]);
        var layers = new VggAttribute { Depth = depth, BatchNorm = batchNorm }.Define("net").Layers().Where(layer => layer.Parameters.Count > 0).ToList();
        Assert.Equal(expected, layers.Select(layer => layer.Name));
        Assert.Equal(["features.0.weight", "features.0.bias"], layers[0].Parameters.Select(p => p.Name));
        if (batchNorm) Assert.Contains("features.1.running_mean", layers[1].Parameters.Select(p => p.Name));
        Assert.Equal([4096, 25088], layers[^3].Parameters[0].Shape);
    }

    [Fact]
    public void The_convolutional_classifier_has_the_dense_ones_weights()
    {
        var dense = Parameters(new() { Depth = 16, BatchNorm = true });
        var convolutional = Parameters(new() { Depth = 16, BatchNorm = true, FullyConvolutional = true });
        Assert.Equal(dense.Select(p => (p.Name, p.Elements)), convolutional.Select(p => (p.Name, p.Elements)));
        Assert.Equal([4096, 512, 7, 7], convolutional.Single(p => p.Name == "classifier.0.weight").Shape);
        Assert.Equal(convolutional, Parameters(new() { Depth = 16, BatchNorm = true, ImageHeight = 480, ImageWidth = 640 }));

        static List<ParameterInfo> Parameters(VggAttribute vgg) => [.. vgg.Define("net").Layers().SelectMany(layer => layer.Parameters)];
    }

    [Theory]
    [InlineData(32, 32, false)]
    [InlineData(223, 640, false)]
    [InlineData(224, 255, false)]
    [InlineData(224, 256, true)]
    [InlineData(640, 480, true)]
    public void Images_that_the_dense_layers_are_too_small_for_get_the_convolutional_classifier(int height, int width, bool convolutional)
    {
        var vgg = new VggAttribute { Depth = 11, ImageHeight = height, ImageWidth = width, Classes = 7, InputChannels = 1 };
        Assert.Equal(convolutional, vgg.FullyConvolutional);
        var network = vgg.Define("net");
        Assert.Equal((new Shape(1, height, width), new Shape(7, 1, 1)), (network.Input, network.Output));
        Assert.Equal(convolutional, !network.Layers().Any(layer => layer.Layer is Flatten));
    }

    [Fact]
    public void The_convolutional_form_takes_other_sizes_and_the_dense_form_does_not()
    {
        var convolutional = new VggAttribute { Depth = 11, FullyConvolutional = true }.Define("net");
        Assert.Equal(new VggAttribute { Depth = 11, ImageHeight = 256, ImageWidth = 352 }.Define("net"), convolutional.WithInputSize(256, 352));
        Declare.Fails("RESNET011", null, () => new VggAttribute { Depth = 11 }.Define("net").WithInputSize(256, 352), "flattens 512×8×11 instead of 512×7×7");
    }

    [Fact]
    public void Dropout_stands_before_the_second_and_the_third_layer_of_the_classifier()
    {
        foreach (var fullyConvolutional in (bool[])[false, true])
        {
            var layers = new VggAttribute { Depth = 16, Dropout = 0.25, FullyConvolutional = fullyConvolutional }.Define("net").Layers().ToList();
            var dropouts = layers.FindAll(layer => layer.Layer is Dropout { Rate: 0.25 });
            Assert.Equal(["classifier.3", "classifier.6"], dropouts.Select(layer => layers[layer.Index + 1].Name));
        }
    }

    [Fact]
    public void The_builder_declares_the_same()
    {
        var net = new NetworkBuilder().Input(3, 64, 64);
        var number = 0;
        foreach (var (stage, channels) in new[] { 64, 128, 256, 512, 512 }.Index())
        {
            for (var i = 0; i < (stage < 2 ? 1 : 2); i++, number += 3)
                net.Conv(channels, 3, padding: 1, bias: true, name: $"features.{number}").BatchNorm(name: $"features.{number + 1}").Relu();
            net.MaxPool(2).Tap($"pool{stage + 1}");
            number++;
        }
        net.Flatten()
            .Dense(4096, name: "classifier.0").Relu().Tap("fc6").Dropout(0.5)
            .Dense(4096, name: "classifier.3").Relu().Tap("fc7").Dropout(0.5)
            .Dense(10, name: "classifier.6");
        Assert.Equal(net.Build("net"), new VggAttribute { Depth = 11, BatchNorm = true, ImageSize = 64, Classes = 10 }.Define("net"));
    }
}
