namespace ResNet.Dsl.Tests.Architectures;

/// <summary>The wide networks against Zagoruyko and Komodakis 2016, Table 1 and Figure 1.</summary>
public class WideTests
{
    [Fact]
    public void Wide_ResNet_28_10_has_three_stages_of_four_wide_units()
    {
        var rows = NetworkSummary.Of(new CifarWideResNetAttribute { Depth = 28, Width = 10 }.Define("net")).CompactRows;
        Assert.Equal(
        [
            "conv1: 3×3, 16 → 16×32×32",
            "layer1.0: [3×3, 160 → 3×3, 160] + 1×1, 160 → 160×32×32",
            "layer1.1 … layer1.3: ([3×3, 160 → 3×3, 160] + identity) ×3 → 160×32×32",
            "layer2.0: [3×3, 320, stride 2 → 3×3, 320] + 1×1, 320, stride 2 → 320×16×16",
            "layer2.1 … layer2.3: ([3×3, 320 → 3×3, 320] + identity) ×3 → 320×16×16",
            "layer3.0: [3×3, 640, stride 2 → 3×3, 640] + 1×1, 640, stride 2 → 640×8×8",
            "layer3.1 … layer3.3: ([3×3, 640 → 3×3, 640] + identity) ×3 → 640×8×8",
            "bn1: batch norm → 640×8×8",
            "avgpool: global average pool → 640",
            "fc: 10-d fc → 10",
        ], rows.Select(row => $"{row.Name}: {row.Kind} → {row.Output}"));
    }

    [Theory]
    [InlineData(16, 8)]
    [InlineData(28, 10)]
    [InlineData(40, 4)]
    public void The_depth_counts_the_convolutions(int depth, int width) =>
        Assert.Equal(depth, new CifarWideResNetAttribute { Depth = depth, Width = width }.Define("net").Layers().Count(layer => layer.Layer is Conv2d));

    [Fact]
    public void Units_are_pre_activation_units()
    {
        var names = new CifarWideResNetAttribute { Depth = 16, Width = 8 }.Define("net").Layers().Select(layer => layer.Name).ToList();
        Assert.Equal(
        [
            "conv1", "stem",
            "layer1.0.bn1", "layer1.0.relu", "layer1.0.conv1", "layer1.0.bn2", "layer1.0.relu", "layer1.0.conv2", "layer1.0.downsample.0",
            "layer1.1.bn1", "layer1.1.relu", "layer1.1.conv1", "layer1.1.bn2", "layer1.1.relu", "layer1.1.conv2", "layer1",
        ], names.Take(16));
        Assert.Equal(["layer3", "bn1", "relu", "avgpool", "pool", "fc"], names.TakeLast(6));
    }

    [Fact]
    public void Dropout_stands_between_the_two_convolutions()
    {
        var (without, with) = (Layers(0), Layers(0.3));
        Assert.Equal(without.Select(layer => layer.Name), with.Where(layer => layer.Layer is not Dropout).Select(layer => layer.Name));
        Assert.Equal(12, with.Count(layer => layer.Layer is Dropout { Rate: 0.3 }));
        Assert.All(with.Where(layer => layer.Layer is Dropout), dropout => Assert.Equal(
            ["conv1", "bn2", "relu", "dropout", "conv2"],
            with.Skip(dropout.Index - 3).Take(5).Select(layer => layer.Name[(layer.Name.LastIndexOf('.') + 1)..])));

        static IReadOnlyList<LayerInstance> Layers(double dropout) => new CifarWideResNetAttribute { Depth = 28, Width = 10, Dropout = dropout }.Define("net").Layers();
    }

    [Fact]
    public void The_thin_network_needs_no_projection_in_its_first_stage()
    {
        var convolutions = new CifarWideResNetAttribute { Depth = 40, Width = 1, Classes = 100, ImageHeight = 24, ImageWidth = 40 }.Define("net").Layers().Where(layer => layer.Layer is Conv2d);
        Assert.Equal(["layer2.0.downsample.0", "layer3.0.downsample.0"], convolutions.Select(layer => layer.Name).Where(name => name.Contains("downsample", StringComparison.Ordinal)));
    }
}
