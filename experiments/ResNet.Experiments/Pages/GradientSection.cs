using System.Globalization;
using ResNet.Experiments.Probes;
using ResNet.Reports;

namespace ResNet.Experiments.Pages;

/// <summary>Gradients by depth, before training and after, and their parts (He et al. 2016, section 2).</summary>
static class GradientSection
{
    public static IReadOnlyList<ReportSection> Write(Outcome outcome) =>
    [
        new("gradients", "Gradients by depth")
        {
            Paragraphs =
            [
                "Norm of ∂L/∂x_l, the gradient of the loss by the value before unit l + 1, as root mean square over a batch's images, with that batch's statistics.",
                .. outcome.Subjects.Select(subject => Reach(outcome.Of(subject)[0])),
            ],
            Charts =
            [
                Norms(outcome, "initial-gradients", "At initialization", trial => trial.Probes[0]),
                .. outcome.Schedule is null ? Array.Empty<LineChart>() : [Norms(outcome, "trained-gradients", "After training", trial => trial.Probes[^1])],
                .. outcome.Schedule is null ? Array.Empty<LineChart>() : [First(outcome)],
            ],
        },
        new("parts", "What the identity carries")
        {
            Paragraphs =
            [
                "Within a stage, x_L = x_l + ΣF, so ∂L/∂x_l is ∂L/∂x_L, which the identity brings back as it is, and a rest that came through the residual functions. For pre-activation units this is exact. With a ReLU after the addition, or without shortcuts, the rest is what the gradient differs by from the one at the stage's end.",
            ],
            Charts = [.. outcome.Subjects.Select(subject => Parts(outcome.Of(subject)[0]))],
            Tables = [Table(outcome)],
            FoldsTables = true,
        },
    ];

    /// <summary>Returns the share of the gradient at the end that arrives at the beginning.</summary>
    static string Reach(Trial trial) =>
        $"{trial.Subject.Label}: {string.Join(", ", trial.Probes.Where((_, index) => index == 0 || index == trial.Probes.Count - 1).Select(probed => FormattableString.Invariant($"{When(trial, probed)} the first gradient is {Times(probed.Table[GradientProbe.Norm])} times the last")))}.";

    static string Times(IReadOnlyList<double> norms) => (norms[0] / norms[^1]).ToString(norms[0] < 1000 * norms[^1] ? "G3" : "F0", CultureInfo.InvariantCulture);

    static string When(Trial trial, Probed probed) =>
        trial.Epochs.Count == 0 ? "with its weights" : probed.Epoch == 0 ? "at initialization" : FormattableString.Invariant($"after epoch {probed.Epoch}");

    static LineChart Norms(Outcome outcome, string name, string caption, Func<Trial, Probed> choose) => new(
        name, $"{caption}: norm of ∂L/∂x_l by unit", "units before x_l", "norm of the gradient",
        [.. outcome.Subjects.Select(subject => Curves.Of(subject, subject.Label, Curves.Means([.. outcome.Of(subject).Select(trial => choose(trial).Table[GradientProbe.Norm])], first: 0)))])
    {
        IsLogarithmic = true,
    };

    static LineChart First(Outcome outcome) => new(
        "first-gradient", "While training: norm of ∂L/∂x_0, the gradient that reaches the first unit", "epoch", "norm of the gradient",
        [.. outcome.Subjects.Select(subject => Curves.Of(subject, subject.Label,
            [.. outcome.Of(subject)[0].Probes.Select(probed => new CurvePoint(probed.Epoch, probed.Table[GradientProbe.Norm][0]))]))])
    {
        IsLogarithmic = true,
    };

    static LineChart Parts(Trial trial)
    {
        var table = trial.Probes[^1].Table;
        var (units, subject) = (table[GradientProbe.Unit], trial.Subject);
        return new(
            $"parts-{subject.Name}", $"{subject.Label}, {When(trial, trial.Probes[^1])}: ∂L/∂x_l and its parts", "units before x_l", "norm of the gradient",
            [Part("∂L/∂x_l", GradientProbe.Norm, 0), Part("by the identity", GradientProbe.Identity, 2), Part("rest", GradientProbe.Rest, 1) with { IsDashed = true }])
        {
            IsLogarithmic = true,
        };

        Curve Part(string name, string column, int color) => new(name, [.. units.Zip(table[column], (unit, norm) => new CurvePoint(unit, norm))]) { Color = color };
    }

    static ReportTable Table(Outcome outcome) => new(
        "gradients", "All norms as a table", ["network", "seed", "epoch", "unit", "norm", "identity", "rest"],
        [.. outcome.Trials.SelectMany(trial => trial.Probes.SelectMany(probed => probed.Table.Rows.Select(row => (string[])
        [
            trial.Subject.Label, trial.Seed.ToString(CultureInfo.InvariantCulture), probed.Epoch.ToString(CultureInfo.InvariantCulture),
            row[0].ToString("F0", CultureInfo.InvariantCulture), .. row.Skip(1).Select(value => value.ToString("G4", CultureInfo.InvariantCulture)),
        ])))]);
}
