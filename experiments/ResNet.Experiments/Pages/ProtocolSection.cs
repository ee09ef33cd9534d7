using System.Globalization;
using ResNet.Experiments.Probes;
using ResNet.Reports;

namespace ResNet.Experiments.Pages;

/// <summary>Errors by testing protocol, of each network and of all together.</summary>
static class ProtocolSection
{
    public static ReportSection Write(Outcome outcome) => new("protocols", "Errors by testing protocol")
    {
        Paragraphs =
        [
            "Every view counts the same, and the mean is that of logits. Ten crops are taken where the network's preprocessing leaves a margin, or of pictures that are resized to nine eighths of the input. Scales are 224, 256, 384, 480 and 640 pixels, or, for small inputs, 7, 8, 9 and 10 eighths of the side: whole pictures, in the fully convolutional form.",
            "An ensemble is the mean over all networks and seeds of this page. A network that does not take pictures of other sizes has no row of many scales.",
        ],
        Tables =
        [
            new("protocols", "Errors by testing protocol",
                ["network", "views", "top-1 error (%)", "gain over one crop", "top-5 error (%)", "images", "seeds"],
                [.. outcome.Subjects.SelectMany(subject => Rows(subject.Label, [.. outcome.Of(subject).Select(trial => trial.Probes[^1].Table)])), .. Together(outcome)]),
        ],
    };

    static IEnumerable<string[]> Together(Outcome outcome) => outcome.Together is { } table ? Rows($"ensemble of {outcome.Trials.Count}", [table]) : [];

    /// <summary>A row for each protocol.</summary>
    /// <param name="label">The network.</param>
    /// <param name="tables">A table for each seed.</param>
    static IEnumerable<string[]> Rows(string label, IReadOnlyList<ProbeTable> tables)
    {
        var (top1, top5) = (tables.Select(table => Errors(table, ProtocolProbe.Top1)).ToList(), tables.Select(table => Errors(table, ProtocolProbe.Top5)).ToList());
        foreach (var (row, protocol) in tables[0][ProtocolProbe.Protocol].Index())
            yield return
            [
                label,
                ProtocolProbe.Protocols[(int)protocol],
                Spread.Of([.. top1.Select(errors => errors[row])]).ToString(),
                row == 0 ? "" : Spread.Of([.. top1.Select(errors => errors[0] - errors[row])]).ToString(),
                Spread.Of([.. top5.Select(errors => errors[row])]).ToString(),
                tables[0][ProtocolProbe.Images][row].ToString("F0", CultureInfo.InvariantCulture),
                tables.Count.ToString(CultureInfo.InvariantCulture),
            ];
    }

    /// <summary>Errors in percent, by row.</summary>
    static List<double> Errors(ProbeTable table, string right) => [.. table[right].Zip(table[ProtocolProbe.Images], (count, images) => 100 * (1 - count / images))];
}
