using System.Text.Json;
using System.Text.Json.Serialization;
using ResNet.Runtime.Runs;
using ResNet.Tool.Output;

namespace ResNet.Tool.Training;

/// <summary>
/// All that decides a run, as the command line says it; kept beside the run's checkpoints, so that it can be resumed without
/// saying it again.
/// </summary>
sealed record TrainingSettings : RunSettings
{
    public const string FileName = "run.json";

    public required string Model { get; init; }

    public required string Data { get; init; }

    /// <summary>Images to validate on; those of the data, or a share of them, if null.</summary>
    public string? Validation { get; init; }

    /// <summary>Share of the data to validate on, where they have no images for that.</summary>
    public double ValidationSplit { get; init; } = 0.2;

    /// <summary>A file, or <see cref="InitialNetwork.Pretrained"/>; null for random weights.</summary>
    public string? Weights { get; init; }

    /// <summary>Classes of the network; those of the data if null.</summary>
    public int? Classes { get; init; }

    /// <summary>Rows and columns of the network's input; the model's own if null.</summary>
    public IReadOnlyList<int>? ImageSize { get; init; }

    /// <summary>Channels of the network's input, 3 or 1 for grey; the model's own if null.</summary>
    public int? InputChannels { get; init; }

    /// <summary>Whether each residual branch starts as zero.</summary>
    public bool ZeroGamma { get; init; }

    /// <summary>Rows and columns of the input, where they are given.</summary>
    [JsonIgnore]
    public (int Height, int Width)? InputSize => ImageSize is [var height, var width] ? (height, width) : null;

    public static TrainingSettings Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) throw new ToolException($"{folder}: there is no run to resume ({FileName} is missing)");
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(path), TrainingSettingsJson.Default.TrainingSettings) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new ToolException($"{path}: the run's settings cannot be read: {e.Message}");
        }
    }

    public void Write(string folder) =>
        File.WriteAllText(Path.Combine(folder, FileName), JsonSerializer.Serialize(this, TrainingSettingsJson.Default.TrainingSettings) + "\n");
}

[JsonSerializable(typeof(TrainingSettings))]
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
sealed partial class TrainingSettingsJson : JsonSerializerContext;
