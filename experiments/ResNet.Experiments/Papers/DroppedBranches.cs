using ResNet.Dsl;
using ResNet.Experiments.Pages;
using ResNet.Runtime.Runs;

namespace ResNet.Experiments.Papers;

/// <summary>Residual branches that are dropped at random while training (Huang et al. 2016).</summary>
static class DroppedBranches
{
    /// <summary>The probability with which the last branch is dropped.</summary>
    const double Rate = 0.5;

    public static Experiment Table { get; } = new()
    {
        Name = "stochastic-depth",
        Title = "Networks that are trained with some of their branches dropped are more accurate",
        Source = "Huang et al. 2016, section 4, Table 1 and Figure 3",
        Claim = "Of 110 layers, stochastic depth has a test error of 5.25 %, constant depth one of 6.41 %, though its training loss is the higher one: it regularizes. A network has to be deep enough for it to help much (section 5, Figure 8).",
        PaperRecipe = Recipe.PaperStochasticDepth,
        Subjects =
        [
            Of(20, 0) with { Color = 0, IsDashed = true },
            Of(20, Rate) with { Color = 0 },
            Of(56, 0) with { Color = 1, IsDashed = true },
            Of(56, Rate) with { Color = 1 },
            Of(110, 0) with { PaperError = 6.41, Color = 2, IsDashed = true, IsExtra = true },
            Of(110, Rate) with { PaperError = 5.25, Color = 2, IsExtra = true },
        ],
        Present = outcome =>
        [
            ErrorSection.Write(outcome,
                [
                    .. Degradation.Findings(outcome, [.. new[] { 20, 56, 110 }.Select(depth => new Comparison(NameOf(depth, Rate), NameOf(depth, 0)))]),
                    "The paper trains for 500 epochs; what regularizes is of no use where a schedule is too short to overfit.",
                ], "CIFAR-10, 500 epochs, %"),
        ],
    };

    static Subject Of(int depth, double rate) => Subject.Of(
        NameOf(depth, rate), FormattableString.Invariant($"{depth} layers, {WordOf(rate)} depth"), () => new CifarResNetAttribute { Depth = depth, StochasticDepth = rate });

    static string NameOf(int depth, double rate) => FormattableString.Invariant($"cifar-{WordOf(rate)}{depth}");

    static string WordOf(double rate) => rate > 0 ? "stochastic" : "constant";
}
