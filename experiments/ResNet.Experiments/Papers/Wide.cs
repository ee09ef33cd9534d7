using ResNet.Dsl;
using ResNet.Experiments.Pages;

namespace ResNet.Experiments.Papers;

/// <summary>Width in the place of depth (Zagoruyko and Komodakis 2016).</summary>
static class Wide
{
    public static Experiment Table { get; } = new()
    {
        Name = "wide",
        Title = "Residual networks get better with width, too",
        Source = "Zagoruyko and Komodakis 2016, section 3, Tables 4 and 5",
        Claim = "At the same depth, wider networks have lower errors; 16 layers of eight times the width (4.27 %) are better than 1001 thin ones (4.92 %).",
        Subjects =
        [
            Of(16, 1) with { Color = 5 },
            Of(16, 2) with { Color = 0 },
            Of(16, 4) with { Color = 2 },
            Of(16, 8) with { Color = 1, PaperError = 4.27, IsExtra = true },
            Of(28, 10) with { Color = 3, PaperError = 4.00, IsExtra = true },
        ],
        Present = outcome =>
        [
            ErrorSection.Write(outcome,
                [
                    .. Degradation.Findings(outcome,
                        new(NameOf(16, 2), NameOf(16, 1)), new(NameOf(16, 4), NameOf(16, 2)), new(NameOf(16, 8), NameOf(16, 4)), new(NameOf(28, 10), NameOf(16, 8))),
                    "The paper trains for 200 epochs with Nesterov momentum and a weight decay of 5e-4; the rate falls to a fifth after 60, 120 and 160 of them.",
                ], "CIFAR-10, 200 epochs, %"),
        ],
    };

    static Subject Of(int depth, int width) => Subject.Of(
        NameOf(depth, width), FormattableString.Invariant($"Wide ResNet-{depth}-{width}"), () => new CifarWideResNetAttribute { Depth = depth, Width = width });

    static string NameOf(int depth, int width) => FormattableString.Invariant($"cifar-wide{depth}-{width}");
}
