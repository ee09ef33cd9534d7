namespace ResNet.Dsl.Tests.Architectures;

/// <summary>Parameter counts and multiply-adds against the figures that the papers and torchvision publish.</summary>
public class PublishedSizes
{
    [Theory]
    [InlineData(18, 11_689_512)]
    [InlineData(34, 21_797_672)]
    [InlineData(50, 25_557_032)]
    [InlineData(101, 44_549_160)]
    [InlineData(152, 60_192_808)]
    public void Parameters_of_the_ImageNet_networks_are_torchvisions(int depth, long parameters) =>
        Assert.Equal(parameters, Parameters(new ResNetAttribute { Depth = depth }));

    [Theory]
    [InlineData(50, 32, 4, 25_028_904)]
    [InlineData(101, 32, 8, 88_791_336)]
    [InlineData(101, 64, 4, 83_455_272)]
    [InlineData(50, 1, 128, 68_883_240)]
    [InlineData(101, 1, 128, 126_886_696)]
    public void Parameters_of_ResNeXt_and_Wide_ResNet_are_torchvisions(int depth, int groups, int width, long parameters) =>
        Assert.Equal(parameters, Parameters(new ResNetAttribute { Depth = depth, Groups = groups, WidthPerGroup = width }));

    /// <summary>The millions that timm lists for its <c>resnet18d</c> and so on, and of 50 layers the whole count.</summary>
    [Theory]
    [InlineData(18, "11.71")]
    [InlineData(34, "21.82")]
    [InlineData(50, "25.58")]
    [InlineData(101, "44.57")]
    [InlineData(152, "60.21")]
    public void Parameters_of_ResNet_D_are_timms(int depth, string published)
    {
        var parameters = Parameters(new ResNetAttribute { Depth = depth, Stem = Stem.Deep, Shortcut = Shortcut.AveragedProjection });
        Assert.Equal(published, (parameters / 1e6m).ToString("F2"));
        if (depth == 50) Assert.Equal(25_576_264, parameters);
    }

    [Theory]
    [InlineData(18, Downsample.In3x3, "1.81")]
    [InlineData(34, Downsample.In3x3, "3.66")]
    [InlineData(50, Downsample.In3x3, "4.09")]
    [InlineData(101, Downsample.In3x3, "7.80")]
    [InlineData(152, Downsample.In3x3, "11.51")]
    [InlineData(50, Downsample.In1x1, "3.86")]
    [InlineData(101, Downsample.In1x1, "7.57")]
    [InlineData(152, Downsample.In1x1, "11.28")]
    public void Billions_of_multiply_adds_are_the_published_ones(int depth, Downsample downsample, string published) =>
        Assert.Equal(published, MultiplyAdds(new() { Depth = depth, Downsample = downsample }).ToString("F2"));

    [Theory]
    [InlineData(50, 3.8)]
    [InlineData(101, 7.6)]
    [InlineData(152, 11.3)]
    public void Multiply_adds_with_the_stride_in_the_first_convolution_are_the_papers(int depth, decimal published)
    {
        // Table 1 of the paper rounds 7.57 to 7.6, but cuts 3.86 down to 3.8.
        var multiplyAdds = MultiplyAdds(new() { Depth = depth, Downsample = Downsample.In1x1 });
        Assert.InRange(multiplyAdds, published - 0.05m, published + 0.1m);
    }

    [Theory]
    [InlineData(20, "0.27")]
    [InlineData(32, "0.46")]
    [InlineData(44, "0.66")]
    [InlineData(56, "0.85")]
    [InlineData(110, "1.7")]
    [InlineData(1202, "19.4")]
    [InlineData(164, "1.7", Unit.PreActivation)]
    public void Millions_of_parameters_of_the_CIFAR_networks_are_the_papers(int depth, string published, Unit unit = Unit.Original)
    {
        var parameters = Parameters(new CifarResNetAttribute { Depth = depth, Unit = unit });
        var decimals = published.Length - published.IndexOf('.') - 1;
        Assert.Equal(published, (parameters / 1e6m).ToString("F" + decimals));
    }

    /// <summary>Zagoruyko and Komodakis 2016, Tables 4 and 5.</summary>
    [Theory]
    [InlineData(40, 1, "0.6")]
    [InlineData(40, 2, "2.2")]
    [InlineData(40, 4, "8.9")]
    [InlineData(40, 8, "35.7")]
    [InlineData(28, 10, "36.5")]
    [InlineData(28, 12, "52.5")]
    [InlineData(22, 8, "17.2")]
    [InlineData(22, 10, "26.8")]
    [InlineData(16, 8, "11.0")]
    [InlineData(16, 10, "17.1")]
    public void Millions_of_parameters_of_Wide_ResNets_are_the_papers(int depth, int width, string published) =>
        Assert.Equal(published, (Parameters(new CifarWideResNetAttribute { Depth = depth, Width = width }) / 1e6m).ToString("F1"));

    [Fact]
    public void Gates_are_all_that_shortcuts_add_to_ResNet_110()
    {
        // Of 54 units, 52 keep the shape: a gate of c channels has c² weights and c biases.
        long Gates(int channels, int units) => (long)units * channels * (channels + 1);
        var gates = Gates(16, 18) + Gates(32, 17) + Gates(64, 17);
        var plain = Parameters(new CifarResNetAttribute { Depth = 110, Plain = true });
        foreach (var shortcut in new[] { Shortcut.ExclusiveGating, Shortcut.ShortcutOnlyGating })
            Assert.Equal(plain + gates, Parameters(new CifarResNetAttribute { Depth = 110, Shortcut = shortcut }));
        foreach (var shortcut in new[] { Shortcut.ConstantScaling, Shortcut.FrozenGating, Shortcut.Dropout })
            Assert.Equal(plain, Parameters(new CifarResNetAttribute { Depth = 110, Shortcut = shortcut }));
    }

    [Fact]
    public void Options_A_B_and_C_add_projections_to_the_plain_network_of_34_layers()
    {
        // A projection from n to m channels has n·m weights and, normalized, m factors and m shifts.
        static long Projection(int from, int to) => (long)to * (from + 2);
        var joints = Projection(64, 128) + Projection(128, 256) + Projection(256, 512);
        var others = 3 * Projection(64, 64) + 3 * Projection(128, 128) + 5 * Projection(256, 256) + 2 * Projection(512, 512);
        var plain = Parameters(new ResNetAttribute { Depth = 34, Plain = true });
        Assert.Equal(
            [plain, plain + joints, plain + joints + others],
            new[] { Shortcut.ZeroPad, Shortcut.Projection, Shortcut.ProjectionAlways }.Select(option => Parameters(new ResNetAttribute { Depth = 34, Shortcut = option })));
    }

    [Fact]
    public void Parameters_of_ResNet_1001_are_the_papers_10_2_million_without_batch_normalization()
    {
        var parameters = new CifarResNetAttribute { Depth = 1001, Unit = Unit.PreActivation }.Define("net").Layers()
            .Where(layer => layer.Layer is not BatchNorm).SelectMany(layer => layer.Parameters).Sum(p => p.Elements);
        Assert.Equal("10.2", (parameters / 1e6m).ToString("F1"));
    }

    static decimal MultiplyAdds(ResNetAttribute architecture) =>
        architecture.Define("net").Layers().Sum(layer => layer.MultiplyAdds) / 1e9m;

    static long Parameters(ArchitectureAttribute architecture) =>
        architecture.Define("net").Layers().SelectMany(layer => layer.Parameters).Where(p => p.IsTrained).Sum(p => p.Elements);
}
