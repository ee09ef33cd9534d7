using ResNet.Runtime;

namespace ResNet.Tool.Output;

/// <summary>The origin of an image's scores, as stated in the output for programs.</summary>
/// <param name="Protocol">Name of the protocol.</param>
/// <param name="Average">The averaged scores, <c>logits</c> or <c>probabilities</c>; null for one view by one network.</param>
sealed record Scoring(string Protocol, string? Average)
{
    /// <summary>Returns the scoring of networks by a protocol.</summary>
    public static Scoring Of(TestProtocol protocol, int networks) =>
        new(protocol.Name, protocol.Views.Count * networks == 1 ? null : protocol.Average == ScoreAverage.Logits ? "logits" : "probabilities");

    /// <summary>The end of a CSV file's heading: empty if nothing was averaged.</summary>
    public string Heading => Average is null ? "" : ",protocol,average";

    /// <summary>The end of each row of a CSV file.</summary>
    public string Cells => Average is null ? "" : $",{Csv.Field(Protocol)},{Average}";
}
