using ResNet.Dsl;
using ResNet.Experiments.Pages;

namespace ResNet.Experiments.Papers;

/// <summary>The shortcuts of He et al. 2016, Figure 2.</summary>
static class ShortcutKinds
{
    const string Identity = "identity";

    // Before the experiment, which is made of it. An error of null is a failure in the paper.
    static readonly (string Word, string Label, Shortcut Shortcut, double? GateBias, double? Error, int Color, bool IsDashed)[] _rows =
    [
        (Identity, "identity", Shortcut.ZeroPad, null, 6.61, 0, false),
        ("constant-scaling", "constant scaling", Shortcut.ConstantScaling, null, null, 1, false),
        ("frozen-gating", "frozen gating", Shortcut.FrozenGating, null, 12.35, 2, false),
        ("exclusive-gating", "exclusive gating (−6)", Shortcut.ExclusiveGating, -6, 8.70, 3, false),
        ("exclusive-gating-0", "exclusive gating (0)", Shortcut.ExclusiveGating, 0, null, 3, true),
        ("shortcut-gating", "shortcut-only gating (−6)", Shortcut.ShortcutOnlyGating, -6, 6.91, 4, false),
        ("shortcut-gating-0", "shortcut-only gating (0)", Shortcut.ShortcutOnlyGating, 0, 12.86, 4, true),
        ("projection", "1×1 convolution", Shortcut.ProjectionAlways, null, 12.22, 5, false),
        ("dropout", "dropout", Shortcut.Dropout, null, null, 1, true),
    ];

    public static Experiment Table { get; } = new()
    {
        Name = "shortcuts",
        Title = "Shortcuts that scale, gate, convolve or drop are worse than the identity",
        Source = "He et al. 2016, section 3, Figure 2 and Table 1",
        Claim = "The identity shortcut has the lowest error of all, in training, too: whatever multiplies the shortcut's signal impedes its propagation and makes optimization hard.",
        Subjects = [.. Of(20, isExtra: false), .. Of(110, isExtra: true)],
        Present = outcome =>
        [
            ErrorSection.Write(outcome,
                [
                    CifarResNets.DepthNote + " The initial bias of gates stands in brackets.",
                    .. new[] { 20, 110 }.SelectMany(depth => Degradation.Findings(outcome,
                        [.. _rows.Skip(1).Select(row => new Comparison(NameOf(depth, Identity), NameOf(depth, row.Word)))])),
                ], "110 layers, CIFAR-10, %"),
        ],
    };

    static IEnumerable<Subject> Of(int depth, bool isExtra) => _rows.Select(row =>
        Subject.Of(NameOf(depth, row.Word), CifarResNets.LabelOf(row.Label, depth), () => Declare(depth, row.Shortcut, row.GateBias)) with
        {
            PaperError = row.Error,
            FailsInPaper = row.Error is null,
            // The dots of the deep networks leave six colors for nine kinds: dashed ones take the colors beside, which no others have dashed.
            Color = isExtra && row.IsDashed ? row.Color ^ 1 : row.Color,
            IsDashed = row.IsDashed,
            IsDotted = isExtra && !row.IsDashed,
            IsExtra = isExtra,
            WarmUp = CifarResNets.WarmUp,
        });

    static CifarResNetAttribute Declare(int depth, Shortcut shortcut, double? gateBias)
    {
        var architecture = new CifarResNetAttribute { Depth = depth, Shortcut = shortcut };
        if (gateBias is { } bias) architecture.GateBias = bias;
        return architecture;
    }

    static string NameOf(int depth, string word) => FormattableString.Invariant($"cifar-{depth}-{word}");
}
