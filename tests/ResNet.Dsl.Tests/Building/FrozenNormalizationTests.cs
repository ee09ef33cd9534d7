namespace ResNet.Dsl.Tests.Building;

public class FrozenNormalizationTests
{
    static readonly NetworkDefinition _net = Declare.Network(net => net
        .Conv(4, 3).BatchNorm().Relu()
        .Repeat(5, n => n.Residual(r => r.Conv(4, 3, padding: 1).BatchNorm().Conv(4, 3, padding: 1).BatchNorm(), s => s.BatchNorm(), Activation.BatchNormRelu), "stage")
        .Branch("side", b => b.Conv(2, 1).BatchNorm())
        .BatchNorm(momentum: 0.5).GlobalAveragePool().Dense(3));

    static IEnumerable<string> Frozen(NetworkDefinition network) => network.Layers().Where(layer => layer.Layer is BatchNorm { Frozen: true }).Select(layer => layer.Name);

    static readonly string[] _norms = [.. _net.Layers().Where(layer => layer.Layer is BatchNorm).Select(layer => layer.Name)];

    [Fact]
    public void All_of_it()
    {
        var frozen = _net.WithFrozenNormalization();
        Assert.Equal(_norms, Frozen(frozen));
        Assert.Equal(5, ((Repeat)frozen.Body.Layers[3]).Count);
        Assert.Equal(0.5, frozen.Layers().Select(layer => layer.Layer).OfType<BatchNorm>().Last().Momentum);
        Assert.Equal(Declare.Network(net => net.BatchNorm(frozen: true)), Declare.Network(net => net.BatchNorm()).WithFrozenNormalization());
    }

    [Theory]
    [InlineData("conv1", 0)]
    [InlineData("bn1", 1)]
    [InlineData("stage.0", 5)]
    [InlineData("stage.1.conv1", 5)]
    [InlineData("stage.1.bn1", 6)]
    [InlineData("stage.3.bn2", 15)]
    [InlineData("stage.3.downsample.bn1", 16)]
    [InlineData("stage.3", 17)]
    [InlineData("stage", 21)]
    [InlineData("side", 22)]
    [InlineData("fc", 23)]
    public void Up_to_and_including_a_layer_or_scope(string through, int count)
    {
        var frozen = _net.WithFrozenNormalization(through);
        Assert.Equal(_norms.Take(count), Frozen(frozen));
        // Nothing else changes: the same layers under the same names with the same parameters.
        Assert.Equal(_net.Layers(), frozen.Layers().Select(row => row.Layer is BatchNorm norm ? row with { Layer = norm with { Frozen = false } } : row));
    }

    [Theory]
    [InlineData("stage.7")]
    [InlineData("sta")]
    [InlineData("relu")]
    [InlineData("")]
    public void Names_that_the_network_does_not_have_are_refused(string through) =>
        Assert.Contains($"\"{through}\"", Assert.Throws<ArgumentException>(() => _net.WithFrozenNormalization(through)).Message, StringComparison.Ordinal);
}
