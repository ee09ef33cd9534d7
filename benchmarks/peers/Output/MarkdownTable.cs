using System.Globalization;
using ResNet.Peers.Contenders;
using ResNet.Peers.Measuring;

namespace ResNet.Peers.Output;

/// <summary>Writes the comparisons as a table in Markdown, row by row as they are measured.</summary>
/// <param name="output">Where to.</param>
/// <param name="peers">Names of the programs beside this library.</param>
sealed class MarkdownTable(TextWriter output, IReadOnlyList<string> peers)
{
    /// <summary>Writes what was measured on and how, and the table's head.</summary>
    public void WriteHead(PeersReport report)
    {
        var (machine, isTraining) = (report.Machine, report.Work == Work.Training);
        output.WriteLine(Format($"{machine.Processor}, {machine.Processors} logical processors with {machine.Vectors}, {machine.System}; {report.Date}"));
        output.WriteLine($"{string.Join(", ", report.Versions.Select(version => $"{version.Key} {version.Value}"))}; {Programs.Own} with {machine.OwnVectors}");
        foreach (var (program, reason) in report.Missing) output.WriteLine($"without {program}: {reason}");
        output.WriteLine(Format($"{report.Rounds} interleaved rounds of {report.Seconds} s each, minima, ms per {(isTraining ? "step" : "image")}; ratio = {Programs.Own} / peer; difference of the {(isTraining ? "first losses" : "logits")} relative to the greatest"));
        output.WriteLine();
        WriteRow(["network", "batch", "threads", Programs.Own, .. peers.SelectMany(peer => new[] { peer, "ratio" }), "difference"]);
        WriteRow(Enumerable.Repeat("---", 5 + 2 * peers.Count));
    }

    public void Write(PeersRow row, Work work)
    {
        var units = work == Work.Training ? 1 : row.Batch;
        var own = Fastest(row, Programs.Own).Minimum;
        var cells = new List<string> { row.Network, Format($"{row.Batch}"), Format($"{row.Threads}"), Milliseconds(own / units) };
        foreach (var peer in peers)
        {
            var fastest = Fastest(row, peer);
            cells.Add(Milliseconds(fastest.Minimum / units) + (fastest.Variant.Length > 0 ? $" ({fastest.Variant})" : ""));
            cells.Add(Format($"{own / fastest.Minimum:F2}"));
        }
        WriteRow([.. cells, Format($"{row.Difference:0.0e+0}")]);
    }

    static Timing Fastest(PeersRow row, string program) =>
        row.Programs.Where(timing => timing.Program == program).MinBy(timing => timing.Minimum)!;

    static string Milliseconds(double value) => value >= 100 ? Format($"{value:F0}") : value >= 10 ? Format($"{value:F1}") : Format($"{value:F2}");

    void WriteRow(IEnumerable<string> cells) => output.WriteLine($"| {string.Join(" | ", cells)} |");

    static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
