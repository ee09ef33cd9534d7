using System.Text.Json;
using System.Text.Json.Serialization;
using ResNet.Dsl;
using ResNet.Runtime.Weights;

namespace ResNet.Runtime.Detection;

/// <summary>The detector that a file's weights are of, in the file's metadata: its two layer trees and its settings.</summary>
static class StoredDetector
{
    const string NameKey = StoredNetwork.DetectorKey, SettingsKey = "detector.settings", TrunkKey = "detector.trunk", HeadKey = "detector.head";

    public static void Write(DetectorDefinition detector, IReadOnlyList<string>? labels, IReadOnlyDictionary<string, double> metrics, Dictionary<string, string> metadata)
    {
        StoredNetwork.WriteResults(labels, metrics, metadata);
        metadata[NameKey] = detector.Name;
        metadata[SettingsKey] = JsonSerializer.Serialize(StoredSettings.Of(detector.Settings), StoredSettingsJson.Default.StoredSettings);
        metadata[TrunkKey] = ArchitectureJson.Write(new(detector.Trunk, Recompute: false));
        metadata[HeadKey] = ArchitectureJson.Write(new(detector.Head, Recompute: false));
    }

    /// <summary>Whether a file says which detector its weights are of.</summary>
    public static bool IsIn(WeightFile file) => file.Metadata.ContainsKey(SettingsKey);

    /// <summary>The detector that a file's weights are of.</summary>
    /// <exception cref="WeightsException">The file does not say it, or what it says is no detector.</exception>
    public static DetectorDefinition ReadDefinition(WeightFile file)
    {
        if (StoredNetwork.HasArchitecture(file))
            throw new WeightsException(file.Path, "the file is a classifier's; open it with Network.Open, or resnet classify", expected: "a detector", found: "a classifier");
        if (!file.Metadata.TryGetValue(SettingsKey, out var settings))
            throw new WeightsException(file.Path, "the file does not say which detector its weights are of; load them into a detector of that class with Detector.Load");
        try
        {
            var stored = JsonSerializer.Deserialize(settings, StoredSettingsJson.Default.StoredSettings) ?? throw new JsonException("null");
            var detector = new DetectorDefinition(file.Metadata.GetValueOrDefault(NameKey, "detector"),
                ArchitectureJson.Read(file.Metadata.GetValueOrDefault(TrunkKey, "")).Network, ArchitectureJson.Read(file.Metadata.GetValueOrDefault(HeadKey, "")).Network, stored.ToSettings());
            detector.Validate();
            return detector;
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or NetworkException or ArgumentException)
        {
            throw new WeightsException(file.Path, $"its metadata \"{SettingsKey}\" and what belongs to it cannot be read: {e.Message}", inner: e);
        }
    }
}

/// <summary><see cref="DetectorSettings"/> as JSON has them.</summary>
sealed record StoredSettings(int Classes, int Stride, double[] AnchorSizes, double[] AnchorRatios, RoiMethod RoiMethod, int ShorterSide, int LongerSide, bool GlobalContext,
    bool PerClassProposals = false)
{
    public static StoredSettings Of(DetectorSettings settings) => new(
        settings.Classes, settings.Stride, [.. settings.AnchorSizes], [.. settings.AnchorRatios], settings.RoiMethod, settings.ShorterSide, settings.LongerSide, settings.GlobalContext, settings.PerClassProposals);

    public DetectorSettings ToSettings() => new()
    {
        Classes = Classes,
        Stride = Stride,
        AnchorSizes = new(AnchorSizes),
        AnchorRatios = new(AnchorRatios),
        RoiMethod = RoiMethod,
        ShorterSide = ShorterSide,
        LongerSide = LongerSide,
        GlobalContext = GlobalContext,
        PerClassProposals = PerClassProposals,
    };
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(StoredSettings))]
sealed partial class StoredSettingsJson : JsonSerializerContext;
