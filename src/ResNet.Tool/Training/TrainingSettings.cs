using System.Text.Json;
using System.Text.Json.Serialization;
using ResNet.Runtime.Evaluation;
using ResNet.Runtime.Optimizers;
using ResNet.Runtime.Training;
using ResNet.Tool.Output;

namespace ResNet.Tool.Training;

/// <summary>
/// All that decides a run, as the command line says it; kept beside the run's checkpoints, so that it can be resumed without
/// saying it again.
/// </summary>
sealed record TrainingSettings
{
    public const string FileName = "run.json";

    public required string Model { get; init; }

    public required string Data { get; init; }

    public string? Validation { get; init; }

    public string? Weights { get; init; }

    public int Epochs { get; init; }

    public int Batch { get; init; }

    public double LearningRate { get; init; }

    public required string Schedule { get; init; }

    /// <summary>Steps of linear warm-up from a tenth of the learning rate.</summary>
    public int WarmUp { get; init; }

    public required string Augment { get; init; }

    /// <summary>Whether the mean of each pixel is subtracted from the images, and nothing divides them.</summary>
    public bool PixelMean { get; init; }

    public double Momentum { get; init; } = 0.9;

    public bool Nesterov { get; init; }

    public double WeightDecay { get; init; } = 1e-4;

    public double LabelSmoothing { get; init; }

    /// <summary>Greatest norm of the gradient; 0 for no limit.</summary>
    public double Clip { get; init; }

    /// <summary>Decay of the weights' moving average; 0 for none.</summary>
    public double Average { get; init; }

    public string? Freeze { get; init; }

    /// <summary>Whether each residual branch starts as zero.</summary>
    public bool ZeroGamma { get; init; }

    public ulong Seed { get; init; }

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

    public TrainerOptions ToOptions() => new()
    {
        Epochs = Epochs,
        Seed = Seed,
        Schedule = Schedules.Parse(Schedule, LearningRate, Epochs) is var schedule && WarmUp > 0 ? schedule.WithWarmUp(WarmUp) : schedule,
        Optimizer = new Sgd(Momentum, Nesterov),
        WeightDecay = WeightDecay,
        MaxGradientNorm = Clip > 0 ? Clip : null,
        AverageDecay = Average > 0 ? Average : null,
        LabelSmoothing = (float)LabelSmoothing,
        FreezeThrough = Freeze,
    };
}

[JsonSerializable(typeof(TrainingSettings))]
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
sealed partial class TrainingSettingsJson : JsonSerializerContext;
