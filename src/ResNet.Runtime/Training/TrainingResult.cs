namespace ResNet.Runtime.Training;

/// <summary>The end of a run.</summary>
/// <param name="Steps">Steps made, those before resuming included.</param>
/// <param name="Epochs">Every finished epoch.</param>
/// <param name="Best">The epoch with the greatest score; null before the first has ended.</param>
/// <param name="Cancelled">Whether it was stopped before its end.</param>
/// <param name="Checkpoint">The newest checkpoint; null if none is kept.</param>
/// <param name="StoppedEarly">Whether it ended before its last epoch, as the score did not get better for <see cref="TrainerOptions.Patience"/>.</param>
public sealed record TrainingResult(long Steps, IReadOnlyList<EpochMetrics> Epochs, EpochMetrics? Best, bool Cancelled, string? Checkpoint, bool StoppedEarly = false);
