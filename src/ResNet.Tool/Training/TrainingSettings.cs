using System.Text.Json.Serialization;
using ResNet.Runtime.Runs;
using ResNet.Tool.Data;
using ResNet.Zoo;

namespace ResNet.Tool.Training;

/// <summary>
/// All that decides the run of a classifier, as the command line says it.
/// </summary>
sealed record TrainingSettings : RunSettings
{
    public required string Model { get; init; }

    public required string Data { get; init; }

    /// <summary>Images to validate on; those of the data, or a share of them, if null.</summary>
    public string? Validation { get; init; }

    /// <summary>Share of the data to validate on, where they have no images for that.</summary>
    public double ValidationSplit { get; init; } = 0.2;

    /// <summary>A file, or <see cref="InitialNetwork.Pretrained"/>; null for random weights.</summary>
    public string? Weights { get; init; }

    /// <summary>The beginning of the names of the weights, for a file that has several sets; null for one that has them once.</summary>
    public string? Key { get; init; }

    /// <summary>Classes of the network; those of the data if null.</summary>
    public int? Classes { get; init; }

    /// <summary>Rows and columns of the network's input; the model's own if null.</summary>
    public IReadOnlyList<int>? ImageSize { get; init; }

    /// <summary>Channels of the network's input, 3 or 1 for gray; the model's own if null.</summary>
    public int? InputChannels { get; init; }

    /// <summary>Whether each residual branch starts as zero.</summary>
    public bool ZeroGamma { get; init; }

    /// <summary>The settings of a model's run of which nothing is said.</summary>
    public static TrainingSettings Of(Model model) => new() { Model = model.Name, Data = Datasets.Shapes };

    /// <summary>Rows and columns of the input, where they are given.</summary>
    [JsonIgnore]
    public (int Height, int Width)? InputSize => ImageSize is [var height, var width] ? (height, width) : null;
}

[JsonSerializable(typeof(TrainingSettings))]
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
sealed partial class TrainingSettingsJson : JsonSerializerContext;
