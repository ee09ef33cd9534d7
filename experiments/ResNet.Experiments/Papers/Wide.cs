using ResNet.Dsl;
using ResNet.Experiments.Pages;
using ResNet.Runtime.Runs;

namespace ResNet.Experiments.Papers;

/// <summary>Width in the place of depth (Zagoruyko and Komodakis 2016).</summary>
static class Wide
{
    /// <summary>The rate of dropout on CIFAR.</summary>
    const double Dropout = 0.3;

    public static Experiment Table { get; } = new()
    {
        Name = "wide",
        Title = "Residual networks get better with width, too",
        Source = "Zagoruyko and Komodakis 2016, section 3, Tables 5 and 6",
        Claim = "At the same depth, wider networks have lower errors; 16 layers of eight times the width (4.27 %) are better than 1001 thin ones (4.92 %). Dropout between the two convolutions of a unit lowers that of 28 layers of ten times the width from 4.00 to 3.89 %.",
        PaperRecipe = Recipe.PaperWide,
        Subjects =
        [
            Of(16, 1) with { Color = 5 },
            Of(16, 2) with { Color = 0 },
            Of(16, 4) with { Color = 2, PaperError = 5.02 },
            Of(16, 8) with { Color = 1, PaperError = 4.27, IsExtra = true },
            Of(28, 10) with { Color = 3, PaperError = 4.00, IsExtra = true },
            Of(28, 10, Dropout) with { Color = 3, PaperError = 3.89, IsDashed = true, IsExtra = true },
        ],
        Present = outcome =>
        [
            ErrorSection.Write(outcome,
                [
                    .. Degradation.Findings(outcome,
                        new(NameOf(16, 2), NameOf(16, 1)), new(NameOf(16, 4), NameOf(16, 2)), new(NameOf(16, 8), NameOf(16, 4)), new(NameOf(28, 10), NameOf(16, 8)),
                        new(NameOf(28, 10, Dropout), NameOf(28, 10))),
                    "The paper's numbers are medians of five runs.",
                ], "CIFAR-10, 200 epochs, %"),
        ],
    };

    static Subject Of(int depth, int width, double dropout = 0) => Subject.Of(
        NameOf(depth, width, dropout), FormattableString.Invariant($"Wide ResNet-{depth}-{width}{(dropout > 0 ? ", dropout" : "")}"),
        () => new CifarWideResNetAttribute { Depth = depth, Width = width, Dropout = dropout });

    static string NameOf(int depth, int width, double dropout = 0) => FormattableString.Invariant($"cifar-wide{depth}-{width}{(dropout > 0 ? "-dropout" : "")}");
}
