using ResNet.Dsl;
using ResNet.Generators.Tests.Emitting;

namespace ResNet.Generators.Tests.Planning;

/// <summary>
/// Generated code means what the layer tree says: executed on expressions, it yields the tree's own, at the output and at
/// every tap. This holds whatever is fused, reordered, rotated or put into one slot.
/// </summary>
public class ExactnessTests
{
    [Fact]
    public void Every_architecture_computes_what_its_tree_says() => CheckAll([.. Zoo.All.Select(entry => entry.Network)]);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Random_networks_compute_what_their_trees_say(int part) =>
        CheckAll([.. Enumerable.Range(part * 200, 200).Select(RandomNetworks.Create)]);

    static void CheckAll(IReadOnlyList<NetworkDefinition> networks)
    {
        foreach (var generated in GeneratedNetwork.OfAll(networks)) Check(generated);
    }

    static void Check(GeneratedNetwork generated)
    {
        var network = generated.Model.Definition;
        var expressions = new Expressions();
        var literal = new LiteralWalk(network, expressions);
        var pass = new SymbolicPass(network, expressions);
        generated.Infer(pass);

        Assert.Equal(literal.Output, pass.Result);
        Assert.Equal(literal.Taps, pass.Taps);
        Assert.Equal(pass.SlotSizes.Values.Sum(), generated.Constant<long>("ArenaElements"));
        Assert.Equal(Enumerable.Range(0, pass.SlotSizes.Count), pass.SlotSizes.Keys.Order());
        using var instance = generated.Create();
        Assert.Equal(network, instance.Definition);
    }
}
