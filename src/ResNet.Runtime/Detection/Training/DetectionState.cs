using System.Text.Json.Serialization;

namespace ResNet.Runtime.Detection.Training;

/// <summary>The counters of a run: with the weights and the optimizer's state, all the state of a resumed run.</summary>
sealed record DetectionState
{
    /// <summary>Steps made.</summary>
    public long Step { get; init; }

    /// <summary>The present epoch, from 0 on.</summary>
    public int Epoch { get; init; }

    /// <summary>Steps of the present epoch.</summary>
    public int Batch { get; init; }

    /// <summary>Images of the present epoch that were trained on.</summary>
    public long Images { get; init; }

    /// <summary>The sum of their losses.</summary>
    public DetectionLosses LossSum { get; init; }

    /// <summary>Time that the present epoch has taken.</summary>
    public double Seconds { get; init; }

    /// <summary>The learning rate of the last step.</summary>
    public double LearningRate { get; init; }

    /// <summary>Every finished epoch.</summary>
    public IReadOnlyList<DetectionEpochMetrics> History { get; init; } = [];

    /// <summary>The first of the epochs with the greatest score; null before the first has ended.</summary>
    [JsonIgnore]
    public DetectionEpochMetrics? Best => History.MaxBy(epoch => epoch.Score);

    /// <summary>After one more step.</summary>
    public DetectionState After(DetectionLosses losses, int images, double rate, double seconds) => this with
    {
        Step = Step + 1,
        Batch = Batch + 1,
        Images = Images + images,
        LossSum = LossSum + losses * images,
        Seconds = Seconds + seconds,
        LearningRate = rate,
    };

    /// <summary>The measurements of the present epoch.</summary>
    public DetectionEpochMetrics Summarize(double? validation) => new(Step, Epoch + 1, LossSum * (1.0 / Images), validation, LearningRate, Seconds);

    /// <summary>At the start of the next epoch.</summary>
    public DetectionState After(DetectionEpochMetrics epoch) => new()
    {
        Step = Step,
        Epoch = Epoch + 1,
        LearningRate = LearningRate,
        History = [.. History, epoch],
    };
}

[JsonSerializable(typeof(DetectionState))]
[JsonSerializable(typeof(DetectionTrainerOptions))]
sealed partial class DetectionTrainingJson : JsonSerializerContext;
