using ResNet.Dsl;
using ResNet.Generators.Tests.Emitting;
using ResNet.Generators.Tests.Planning;

namespace ResNet.Planning.Tests;

/// <summary>Programs are plain data, and the same for the same network.</summary>
public class PlannerTests
{
    [Fact]
    public void Programs_of_equal_networks_are_equal()
    {
        foreach (var seed in Enumerable.Range(0, 30))
        {
            var (network, twin) = (RandomNetworks.CreateOfEverything(seed), RandomNetworks.CreateOfEverything(seed));
            Assert.Equal(Planner.PlanInference(network), Planner.PlanInference(twin));
            Assert.Equal(Planner.PlanTraining(network, recomputes: true), Planner.PlanTraining(twin, recomputes: true));
        }
    }

    [Fact]
    public void A_program_is_as_long_as_its_network_has_kinds_of_units()
    {
        var (deep, shallow) = (Zoo.Cifar(1202), Zoo.Cifar(20));
        Assert.Equal(Planner.PlanInference(shallow).Steps.Count, Planner.PlanInference(deep).Steps.Count);
        Assert.Equal(Planner.PlanTraining(shallow, false).Steps.Count, Planner.PlanTraining(deep, false).Steps.Count);
    }
}
