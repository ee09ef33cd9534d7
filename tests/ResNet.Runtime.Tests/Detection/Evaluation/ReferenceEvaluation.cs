using System.Text.Json;
using ResNet.Runtime.Detection.Evaluation;

namespace ResNet.Runtime.Tests.Detection.Evaluation;

/// <summary>Stored detections and truths with what three other evaluators make of them.</summary>
sealed class ReferenceEvaluation
{
    readonly JsonElement _file;
    readonly List<string> _classes;

    public ReferenceEvaluation(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(SharedData.Root, "..", "shared", "detection", "ref", "eval", name)));
        _file = document.RootElement.Clone();
        _classes = [.. _file.GetProperty("truth").EnumerateArray().Select(item => item.GetProperty("class").GetString()!).Distinct().Order(StringComparer.Ordinal)];
    }

    public IReadOnlyList<string> Classes => _classes;

    public JsonElement Expected => _file.GetProperty("expected");

    /// <summary>The images.</summary>
    /// <param name="areInclusive">Whether the second corner is the last pixel that a box covers.</param>
    /// <param name="areDifficultCrowds">Whether difficult objects are crowds.</param>
    public IReadOnlyList<EvaluatedScene> Scenes(bool areInclusive, bool areDifficultCrowds = false)
    {
        var more = areInclusive ? 1 : 0;
        Box BoxOf(JsonElement item) => item.GetProperty("box").EnumerateArray().Select(value => value.GetDouble()).ToArray() is var box ? new(box[0], box[1], box[2] + more, box[3] + more) : default;
        int LabelOf(JsonElement item) => _classes.IndexOf(item.GetProperty("class").GetString()!);
        bool Says(JsonElement item, string name) => item.TryGetProperty(name, out var value) && value.GetBoolean();

        var found = _file.GetProperty("detections").EnumerateArray().ToLookup(item => item.GetProperty("image").GetInt32(),
            item => new DetectedObject(LabelOf(item), item.GetProperty("class").GetString()!, item.GetProperty("score").GetDouble(), BoxOf(item)));
        var truth = _file.GetProperty("truth").EnumerateArray().ToLookup(item => item.GetProperty("image").GetInt32(),
            item => new ObjectAnnotation(LabelOf(item), BoxOf(item)) { Difficult = Says(item, "difficult"), Crowd = Says(item, areDifficultCrowds ? "difficult" : "crowd") });
        return [.. _file.GetProperty("images").EnumerateArray().Select(image => image.GetProperty("id").GetInt32()).Select(id => new EvaluatedScene([.. found[id]], [.. truth[id]]))];
    }
}
