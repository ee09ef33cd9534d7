using ResNet.Dsl;
using ResNet.Experiments.Pages;

namespace ResNet.Experiments.Papers;

/// <summary>The five residual units of He et al. 2016, Figure 4.</summary>
static class Units
{
    // Before the experiment, which is made of them.
    static readonly double[] _errorsOf110 = [6.61, 8.17, 7.84, 6.71, 6.37];

    static readonly (Unit Unit, string Word, string Label)[] _columns =
    [
        (Unit.Original, "original", "original"),
        (Unit.BatchNormAfterAddition, "bn-after-addition", "BN after addition"),
        (Unit.ReluBeforeAddition, "relu-before-addition", "ReLU before addition"),
        (Unit.ReluOnlyPreActivation, "relu-only", "ReLU-only pre-activation"),
        (Unit.PreActivation, "preactivation", "full pre-activation"),
    ];

    public static Experiment Table { get; } = new()
    {
        Name = "units",
        Title = "Where normalization and ReLU stand in the residual unit",
        Source = "He et al. 2016, section 4, Figure 4 and Table 2",
        Claim = "Normalization after the addition and ReLU before it are worse than the original unit, and full pre-activation is best.",
        Subjects =
        [
            .. Of(20, _errorsOf110, isExtra: false),
            .. Of(110, _errorsOf110, isExtra: true),
            .. Of(164, [5.93, 6.50, 6.14, 5.91, 5.46], isExtra: true),
        ],
        Present = outcome =>
        [
            ErrorSection.Write(outcome,
                [
                    CifarResNets.DepthNote,
                    .. new[] { 20, 110, 164 }.SelectMany(depth => Degradation.Findings(outcome,
                        new(NameOf(depth, Unit.PreActivation), NameOf(depth, Unit.Original)),
                        new(NameOf(depth, Unit.Original), NameOf(depth, Unit.BatchNormAfterAddition)),
                        new(NameOf(depth, Unit.Original), NameOf(depth, Unit.ReluBeforeAddition)))),
                ], "110 or 164 layers, CIFAR-10, %"),
        ],
    };

    static IEnumerable<Subject> Of(int depth, double[] errors, bool isExtra) => _columns.Select((column, index) =>
        Subject.Of(NameOf(depth, column.Unit), CifarResNets.LabelOf(column.Label, depth), () => new CifarResNetAttribute { Depth = depth, Unit = column.Unit }) with
        {
            PaperError = errors[index],
            Color = index,
            IsDashed = depth == 110,
            IsDotted = depth == 164,
            IsExtra = isExtra,
            WarmUp = CifarResNets.WarmUp,
        });

    static string NameOf(int depth, Unit unit) => FormattableString.Invariant($"cifar-{depth}-{_columns.First(column => column.Unit == unit).Word}");
}
