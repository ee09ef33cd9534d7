using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ResNet.Peers.Measuring;

namespace ResNet.Peers.Output;

/// <summary>The output of <c>--json</c>. Times are milliseconds for a whole batch.</summary>
/// <param name="Date">The day of the measurement.</param>
/// <param name="Machine">The machine of the measurement.</param>
/// <param name="Versions">Of each program.</param>
/// <param name="Missing">Why a program is not among them, by its name.</param>
/// <param name="Work">Inference or training.</param>
/// <param name="Rounds">Number of rounds.</param>
/// <param name="Seconds">Length of each program's part of a round.</param>
/// <param name="Rows">The comparisons.</param>
sealed record PeersReport(
    string Date, Machine Machine, IReadOnlyDictionary<string, string> Versions, IReadOnlyDictionary<string, string> Missing,
    Work Work, int Rounds, double Seconds, IReadOnlyList<PeersRow> Rows);

/// <summary>One comparison.</summary>
/// <param name="Network">The network.</param>
/// <param name="Batch">Images at a time.</param>
/// <param name="Threads">Threads of each program.</param>
/// <param name="Programs">Their times; this library's first.</param>
/// <param name="Difference">The greatest difference between their results, in parts of the greatest result.</param>
sealed record PeersRow(string Network, int Batch, int Threads, IReadOnlyList<Timing> Programs, double Difference);

[JsonSerializable(typeof(PeersReport))]
sealed partial class PeersJson : JsonSerializerContext
{
    static readonly PeersJson _readable = new(new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter<Work>(JsonNamingPolicy.CamelCase) },
        // The file is no part of a web page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    public static void Write(string path, PeersReport report) => File.WriteAllText(path, JsonSerializer.Serialize(report, _readable.PeersReport) + "\n");
}
