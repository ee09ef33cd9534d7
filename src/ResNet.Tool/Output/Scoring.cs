using ResNet.Runtime;

namespace ResNet.Tool.Output;

/// <summary>How the scores of an image came about, as it stands in what programs read.</summary>
/// <param name="Protocol">Name of the protocol.</param>
/// <param name="Average">What was averaged, <c>logits</c> or <c>probabilities</c>; null where there was one view by one network.</param>
sealed record Scoring(string Protocol, string? Average)
{
    /// <summary>How networks score by a protocol.</summary>
    public static Scoring Of(TestProtocol protocol, int networks) =>
        new(protocol.Name, protocol.Views.Count * networks == 1 ? null : protocol.Average == ScoreAverage.Logits ? "logits" : "probabilities");

    /// <summary>What a CSV file's heading ends in: nothing where nothing was averaged.</summary>
    public string Heading => Average is null ? "" : ",protocol,average";

    /// <summary>What each row of a CSV file ends in.</summary>
    public string Cells => Average is null ? "" : $",{Csv.Field(Protocol)},{Average}";
}
