using ResNet.Planning;

namespace ResNet.Generators.Tests.Diagnostics;

public class BudgetTests
{
    const string Small = "net.Input(3, 8, 8).Conv(16, 3, padding: 1).BatchNorm().Relu().MaxPool(2).GlobalAveragePool().Dense(10);";

    /// <summary>Published figures: 11,689,512 parameters, 1.8 billion multiply-adds (He et al. 2015, Table 1).</summary>
    [Theory]
    [InlineData("Parameters = 11_689_511", "'Net' has 11,689,512 parameters, more than its budget of 11,689,511")]
    [InlineData("Parameters = 5e6", "its dearest layers are layer4.0.conv2 (2,359,296, 20 %), layer4.1.conv1 (2,359,296, 20 %), layer4.1.conv2 (2,359,296, 20 %)")]
    [InlineData("MultiplyAdds = 1.8e9", "has 1,814,073,344 multiply-adds per image, more than its budget of 1,800,000,000")]
    [InlineData("MultiplyAdds = 1.5", "budget of 1.5; its dearest layers are conv1 (118,013,952, 7 %), layer1.0.conv1 (115,605,504, 6 %), layer1.0.conv2 (115,605,504, 6 %)")]
    [InlineData("Arena = 1e6", "its largest activations are those of conv1 (802,816, ")]
    [InlineData("TrainingArena = 6e6", "has 6,347,776 values per image in the arena of training, more than its budget of 6,000,000")]
    public void What_exceeds_a_budget_is_marked_and_still_compiled(string limit, string text)
    {
        var run = MarkedSource.Marks($"{Source.Usings}[ResNet(Depth = 18), Budget([|{limit}|])] partial class Net;", "RESNET027", text);
        Assert.Single(run.Models);
        Assert.Equal(3, run.Sources.Count());
    }

    [Fact]
    public void Each_limit_is_reported_under_its_own_argument_and_those_that_are_kept_are_not()
    {
        var run = MarkedSource.Marks(
            Source.Usings + "[ResNet(Depth = 18)] partial class Net; [Budget([|Parameters = 1|], MultiplyAdds = 1e12, [|Arena = 2|], [|TrainingArena = 3|])] partial class Net;",
            "RESNET027", "'Net' has");
        Assert.Single(run.Models);
    }

    [Theory]
    [InlineData("ResNet(Depth = 50)", "Parameters = 25_557_032, MultiplyAdds = 4_089_184_256")]
    [InlineData("CifarResNet(Depth = 20)", "TrainingArena = 429_120")]
    [InlineData("CifarResNet(Depth = 20, Recompute = true)", "TrainingArena = 203_840")]
    public void A_network_that_costs_what_it_may_is_no_error(string network, string limits) =>
        Generation.ModelOf($"{Source.Usings}[{network}, Budget({limits})] partial class Net;");

    [Fact]
    public void A_network_of_ones_own_is_held_to_the_arenas_of_its_programs()
    {
        var definition = Generation.ModelOf(Source.Network(Small)).Definition;
        Hold("Arena", Planner.PlanInference(definition).ArenaElements, "conv1 (1,024, 80 %), maxpool (256, 20 %), the input (192, 15 %)");
        Hold("TrainingArena", Planner.PlanTraining(definition, recomputes: false).ArenaElements, "conv1 (1,024, ");

        static void Hold(string measure, long figure, string text)
        {
            Generation.ModelOf(Limited($"{measure} = {figure}"));
            MarkedSource.Marks(Limited($"[|{measure} = {figure - 1}|]"), "RESNET027", text);
        }

        static string Limited(string limit) => Source.Network(Small).Replace("[Network]", $"[Network] [Budget({limit})]", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Parameters is 0,", "[|Parameters = 0|]")]
    [InlineData("MultiplyAdds is -1000,", "[|MultiplyAdds = -1e3|]")]
    [InlineData("Arena is NaN,", "[|Arena = double.NaN|]")]
    [InlineData("TrainingArena is Infinity,", "Parameters = 12e6, [|TrainingArena = double.PositiveInfinity|]")]
    public void A_limit_is_a_finite_number_of_at_least_one(string text, string limits) =>
        MarkedSource.Marks($"{Source.Usings}[Budget({limits})] [ResNet(Depth = 18)] partial class Net;", "RESNET006", text);

    [Theory]
    [InlineData("[[|Budget(Parameters = 12e6)|]] partial class Net;")]
    [InlineData("[Obsolete, [|Budget|]] class Net;")]
    [InlineData("[[|Budget(Parameters = -1)|]] class Net; [ResNet(Depth = 18)] partial class Other;")]
    public void A_budget_without_a_network_is_marked(string source) =>
        MarkedSource.Marks(Source.Usings + source, "RESNET028", "'Net' has a budget");

    [Fact]
    public void A_limit_that_is_no_number_is_left_to_the_compiler_of_the_language() =>
        Generation.ModelOf($"{Source.Usings}[ResNet(Depth = 18), Budget(Parameters = \"many\", MultiplyAdds = new[] {{ 1.0 }}, Limit = 3, Arena =)] partial class Net;");
}
