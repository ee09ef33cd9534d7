using ResNet.Dsl;
using ResNet.Generators.Tests.Emitting;
using ResNet.Planning;
using ResNet.Runtime;

namespace ResNet.Generators.Tests.Planning;

/// <summary>A network that is planned at run time makes the very calls that its generated class makes, in the same arena.</summary>
public class PlannedNetworkTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Architectures_make_the_calls_of_their_generated_classes(bool recomputes) => CheckAll(
        [.. Zoo.All.Select(entry => entry.Network), .. OnesOwn], recomputes);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Random_networks_make_the_calls_of_their_generated_classes(bool recomputes) => CheckAll(
        [.. Enumerable.Range(3000, 150).Select(RandomNetworks.CreateOfEverything)], recomputes);

    /// <summary>Structures that no paper's network has: nested loops, a loop whose last iteration names another layer.</summary>
    static IEnumerable<NetworkDefinition> OnesOwn =>
    [
        Zoo.Build(net => net.Input(3, 16, 16).Conv(8, 3, padding: 1).BatchNorm().Relu()
            .Repeat(3, n => n.Repeat(2, m => m.Residual(r => r.Conv(8, 1).BatchNorm(), name: "unit")).Conv(8, 3, padding: 1), name: "outer")
            .GlobalAveragePool().Dropout(0.5).Dense(4)),
        Zoo.Build(net => net.Input(3, 16, 16).Conv(8, 1)
            .Repeat(2, o => o.Repeat(3, n => n.Residual(r => r.BatchNorm().Relu().Conv(8, 1), activation: Activation.None)).BatchNorm().Relu().Conv(8, 1))
            .BatchNorm().Relu().GlobalAveragePool().Dense(4)),
    ];

    static void CheckAll(IReadOnlyList<NetworkDefinition> networks, bool recomputes)
    {
        foreach (var generated in GeneratedNetwork.OfAll(networks, recomputes))
        {
            var definition = generated.Model.Definition;
            using var compiled = generated.Create();
            using var planned = Network.Create(definition, recompute: recomputes);
            Assert.Equal(CallList.OfInference(compiled), CallList.OfInference(planned));
            Assert.Equal(generated.Constant<long>("ArenaElements"), Planner.PlanInference(definition).ArenaElements);
            Assert.Equal(CallList.OfTraining(compiled), CallList.OfTraining(planned));
            Assert.Equal(generated.Constant<long>("TrainingArenaElements"), Planner.PlanTraining(definition, recomputes).ArenaElements);
        }
    }
}
