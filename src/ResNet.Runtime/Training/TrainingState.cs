using System.Text.Json.Serialization;
using ResNet.Runtime.Cpu.Binding;

namespace ResNet.Runtime.Training;

/// <summary>The counters of a run: with the weights and the momentum, all the state of a resumed run.</summary>
sealed record TrainingState
{
    /// <summary>Steps made.</summary>
    public long Step { get; init; }

    /// <summary>The present epoch, from 0 on.</summary>
    public int Epoch { get; init; }

    /// <summary>Batches of the present epoch that were trained on.</summary>
    public int Batch { get; init; }

    /// <summary>Images of the present epoch that were trained on.</summary>
    public long Images { get; init; }

    /// <summary>The images that were classified correctly.</summary>
    public long Correct { get; init; }

    /// <summary>The sum of their losses.</summary>
    public double LossSum { get; init; }

    /// <summary>Time that the present epoch has taken.</summary>
    public double Seconds { get; init; }

    /// <summary>The learning rate of the last step.</summary>
    public double LearningRate { get; init; }

    /// <summary>Every finished epoch.</summary>
    public IReadOnlyList<EpochMetrics> History { get; init; } = [];

    /// <summary>The first of the epochs with the greatest score; null before the first has ended.</summary>
    [JsonIgnore]
    public EpochMetrics? Best => History.MaxBy(epoch => epoch.Score);

    /// <summary>After one more step.</summary>
    public TrainingState After(double loss, int correct, int images, int batches, double rate, double seconds) => this with
    {
        Step = Step + 1,
        Batch = Batch + batches,
        Images = Images + images,
        Correct = Correct + correct,
        LossSum = LossSum + loss * images,
        Seconds = Seconds + seconds,
        LearningRate = rate,
    };

    /// <summary>The measurements of the present epoch.</summary>
    public EpochMetrics Summarize(double? validation) =>
        new(Step, Epoch + 1, LossSum / Images, (double)Correct / Images, validation, LearningRate, Seconds);

    /// <summary>At the start of the next epoch.</summary>
    public TrainingState After(EpochMetrics epoch) => new()
    {
        Step = Step,
        Epoch = Epoch + 1,
        LearningRate = LearningRate,
        History = [.. History, epoch],
    };
}

[JsonSerializable(typeof(TrainingState))]
[JsonSerializable(typeof(TrainerOptions))]
sealed partial class TrainingJson : JsonSerializerContext;
