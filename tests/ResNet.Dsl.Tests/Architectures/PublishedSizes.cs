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
