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
    public void Every_architecture_computes_what_its_tree_says_with_everything_fused()
    {
        var passes = CheckAll([.. Zoo.All.Except(Zoo.Figure2).Except(Zoo.DenseVgg).Select(entry => entry.Network)]);
        Assert.All(passes.SelectMany(pass => pass.Operations), operation => Assert.True(operation is not ("Apply" or "ZeroPad"), operation));
        // One for a unit's input, two to go from layer to layer; pre-activation adds the activated input.
        Assert.All(passes, pass => Assert.InRange(pass.SlotSizes.Count, 2, 4));
    }

    [Fact]
    public void Dense_classifiers_compute_what_their_trees_say() => CheckAll([.. Zoo.DenseVgg.Select(entry => entry.Network)]);

    [Fact]
    public void Scaled_and_gated_shortcuts_compute_what_their_trees_say() => CheckAll([.. Zoo.Figure2.Select(entry => entry.Network)]);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Random_networks_compute_what_their_trees_say(int part) =>
        CheckAll([.. Enumerable.Range(part * 150, 150).Select(RandomNetworks.CreateOfEverything)]);

    static List<SymbolicPass> CheckAll(IReadOnlyList<NetworkDefinition> networks) => [.. GeneratedNetwork.OfAll(networks).Select(Check)];

    static SymbolicPass Check(GeneratedNetwork generated)
    {
        var network = generated.Model.Definition;
        var expressions = new Expressions();
        var literal = new LiteralWalk(network, expressions);
        var pass = new SymbolicPass(network, expressions);
        generated.Infer(pass);

        Assert.Equal(literal.Outputs, pass.Outputs);
        Assert.Equal(literal.Taps, pass.Taps);
        Assert.Equal(pass.SlotSizes.Values.Sum(), generated.Constant<long>("ArenaElements"));
        Assert.Equal(Enumerable.Range(0, pass.SlotSizes.Count), pass.SlotSizes.Keys.Order());
        using var instance = generated.Create();
        Assert.Equal(network, instance.Definition);
        return pass;
    }
}
