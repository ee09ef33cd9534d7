using System.Text.Json;
using System.Text.Json.Serialization;
using ResNet.Dsl;

namespace ResNet.Runtime.Weights;

/// <summary>The description of a network in its file, beside its weights and its preprocessing: architecture, names of the classes, metrics.</summary>
static class StoredNetwork
{
    /// <summary>The metadata in which a file names the detector that its weights are of.</summary>
    public const string DetectorKey = "detector";

    const string ArchitectureKey = "architecture", LabelsKey = "labels", MetricsKey = "metrics";

    public static void Write(Architecture architecture, IReadOnlyList<string>? labels, IReadOnlyDictionary<string, double> metrics, Dictionary<string, string> metadata)
    {
        metadata["network"] = architecture.Network.Name;
        metadata[ArchitectureKey] = ArchitectureJson.Write(architecture);
        WriteResults(labels, metrics, metadata);
    }

    /// <summary>Writes what is no part of an architecture.</summary>
    public static void WriteResults(IReadOnlyList<string>? labels, IReadOnlyDictionary<string, double> metrics, Dictionary<string, string> metadata)
    {
        if (labels is not null) metadata[LabelsKey] = string.Join('\n', labels);
        if (metrics.Count > 0) metadata[MetricsKey] = JsonSerializer.Serialize(metrics, MetricsJson.Default.IReadOnlyDictionaryStringDouble);
    }

    /// <summary>The network that a file's weights are of.</summary>
    /// <exception cref="WeightsException">The file does not say it, or what it says is no network.</exception>
    public static Architecture ReadArchitecture(WeightFile file)
    {
        if (file.Metadata.ContainsKey(DetectorKey))
            throw new WeightsException(file.Path, "the file is a detector's; open it with Detector.Open, or resnet detect", expected: "a classifier", found: "a detector");
        if (!file.Metadata.TryGetValue(ArchitectureKey, out var text))
            throw new WeightsException(file.Path,
                "the file does not say which network its weights are of; name the model, or load them into a network of that class with Network.Load");
        try
        {
            return ArchitectureJson.Read(text);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or NetworkException or ArgumentException)
        {
            throw Unreadable(file, ArchitectureKey, e);
        }
    }

    /// <summary>Whether a file says which network its weights are of.</summary>
    public static bool HasArchitecture(WeightFile file) => file.Metadata.ContainsKey(ArchitectureKey);

    /// <summary>The names of the classes; null where the file has none, or not one for each of the network's.</summary>
    public static IReadOnlyList<string>? ReadLabels(WeightFile file, int classes) =>
        file.Metadata.TryGetValue(LabelsKey, out var labels) && labels.Split('\n') is var names && names.Length == classes ? names : null;

    /// <summary>The metrics of the weights; empty if the file has none.</summary>
    /// <exception cref="WeightsException">It is not valid.</exception>
    public static IReadOnlyDictionary<string, double> ReadMetrics(WeightFile file)
    {
        if (!file.Metadata.TryGetValue(MetricsKey, out var text)) return new Dictionary<string, double>();
        try
        {
            var metrics = JsonSerializer.Deserialize(text, MetricsJson.Default.IReadOnlyDictionaryStringDouble) ?? throw new JsonException("null");
            return metrics.Values.All(double.IsFinite) ? metrics : throw new JsonException("a value is infinite");
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw Unreadable(file, MetricsKey, e);
        }
    }

    static WeightsException Unreadable(WeightFile file, string key, Exception cause) =>
        new(file.Path, $"its metadata \"{key}\" cannot be read: {cause.Message}", inner: cause);
}

[JsonSerializable(typeof(IReadOnlyDictionary<string, double>))]
sealed partial class MetricsJson : JsonSerializerContext;
