using System.Text.Json.Serialization;
using ResNet.Dsl;
using ResNet.Runtime;
using ResNet.Runtime.Detection.Training;
using ResNet.Tool.Output;
using ResNet.Zoo;

namespace ResNet.Tool.Training;

/// <summary>All that decides the run of a detector, as the command line says it.</summary>
sealed record DetectorRunSettings : DetectionRunSettings
{
    public required string Model { get; init; }

    public required string Data { get; init; }

    /// <summary>Images to validate on; the other part of the data if null.</summary>
    public string? Validation { get; init; }

    /// <summary>The treatment of invalid boxes.</summary>
    public InvalidBoxes InvalidBoxes { get; init; }

    /// <summary>A classifier's file, whose weights the backbone starts from; null for none.</summary>
    public string? Backbone { get; init; }

    /// <summary>A detector's file, from whose weights the run starts; null for random weights.</summary>
    public string? Weights { get; init; }

    /// <summary>Pixels of the shorter side and the most of the longer one; the model's own if null.</summary>
    public IReadOnlyList<int>? ImageSize { get; init; }

    /// <summary>Sides of the square anchors; the model's own if null.</summary>
    public IReadOnlyList<double>? AnchorSizes { get; init; }

    /// <summary>Creates the detector with the weights that the run starts from.</summary>
    /// <param name="model">The model.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="device">The device.</param>
    /// <param name="isResumed">Whether the weights come with the run.</param>
    /// <exception cref="ToolException">Two files give weights.</exception>
    /// <exception cref="NetworkException">The settings make no detector.</exception>
    /// <exception cref="WeightsException">Weights cannot be loaded.</exception>
    public Detector Create(DetectorModel model, int classes, Device device, bool isResumed)
    {
        if (Backbone is not null && Weights is not null) throw new ToolException("--backbone and --weights exclude each other: weights of a detector have those of its backbone");
        var detector = model.Create(declaration => Declare(declaration, classes), device);
        try
        {
            if (!isResumed && Backbone is not null) detector.LoadBackbone(Backbone);
            if (!isResumed && Weights is not null) detector.Load(Weights);
            return detector;
        }
        catch
        {
            detector.Dispose();
            throw;
        }
    }

    void Declare(DetectionAttribute declaration, int classes)
    {
        declaration.Classes = classes;
        if (ImageSize is [var shorter, var longer]) (declaration.ShorterSide, declaration.LongerSide) = (shorter, longer);
        if (AnchorSizes is not null) declaration.AnchorSizes = [.. AnchorSizes];
        // A detector that starts from nothing has no statistics to keep.
        if (declaration is FasterRcnnAttribute { Vgg: 0 } residual) residual.FrozenNormalization = (Backbone ?? Weights) is not null;
    }
}

[JsonSerializable(typeof(DetectorRunSettings))]
[JsonSourceGenerationOptions(
    WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, UseStringEnumConverter = true)]
sealed partial class DetectorRunSettingsJson : JsonSerializerContext;
