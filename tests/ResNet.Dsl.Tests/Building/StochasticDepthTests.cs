namespace ResNet.Dsl.Tests.Building;

/// <summary>The rates of stochastic depth, which follow from a layer's place in the unrolled network.</summary>
public class StochasticDepthTests
{
    [Theory]
    [InlineData(110, 0.5, 54)]
    [InlineData(1202, 0.5, 600)]
    [InlineData(164, 0.2, 54)]
    public void Rates_rise_linearly_from_unit_to_unit(int depth, double rate, int units)
    {
        var layers = new CifarResNetAttribute { Depth = depth, StochasticDepth = rate }.Define("net").Layers();
        var rates = layers.Where(layer => layer.Layer is StochasticDepth).Select(layer => ((StochasticDepth)layer.Layer).RateAt(layer.Index, layers)).ToList();
        Assert.Equal(Enumerable.Range(1, units).Select(l => l * rate / units), rates, (x, y) => Math.Abs(x - y) < 1e-12);
    }

    [Theory]
    [InlineData(Unit.Original)]
    [InlineData(Unit.PreActivation)]
    [InlineData(Unit.BatchNormAfterAddition)]
    [InlineData(Unit.ReluBeforeAddition)]
    [InlineData(Unit.ReluOnlyPreActivation)]
    public void It_ends_the_residual_branch_and_keeps_loops(Unit unit)
    {
        var network = new ResNetAttribute { Depth = 50, Unit = unit, StochasticDepth = 0.5 }.Define("net");
        var plain = new ResNetAttribute { Depth = 50, Unit = unit }.Define("net");
        Assert.Equal(plain.Layers().Select(layer => layer.Name), network.Layers().Where(layer => layer.Layer is not StochasticDepth).Select(layer => layer.Name));
        var units = Units(network.Body).ToList();
        // One first unit for each stage, and one loop of the others.
        Assert.Equal(8, units.Count);
        Assert.All(units, residual => Assert.Equal(0.5, Assert.IsType<StochasticDepth>(residual.Main.Layers[^1]).Rate));
    }

    [Fact]
    public void Frozen_networks_have_the_same_rates()
    {
        var network = new CifarResNetAttribute { Depth = 20, StochasticDepth = 0.5 }.Define("net");
        Assert.Equal(Rates(network), Rates(network.WithFrozenNormalization(through: "layer2.1")));

        static IEnumerable<double> Rates(NetworkDefinition network)
        {
            var layers = network.Layers();
            return layers.Where(layer => layer.Layer is StochasticDepth).Select(layer => ((StochasticDepth)layer.Layer).RateAt(layer.Index, layers));
        }
    }

    [Fact]
    public void Without_a_rate_there_is_none() =>
        Assert.Equal(new CifarResNetAttribute { Depth = 20 }.Define("net"), new CifarResNetAttribute { Depth = 20, StochasticDepth = 0 }.Define("net"));

    static IEnumerable<Residual> Units(Layer layer) => layer switch
    {
        Residual residual => [residual],
        Sequence sequence => sequence.Layers.SelectMany(Units),
        Repeat repeat => Units(repeat.Body),
        _ => [],
    };
}
