using ResNet.Runtime.Training;

namespace ResNet.Experiments.Running;

/// <summary>Tells how far the runs are, by the time that each was estimated to take.</summary>
/// <param name="title">Network and seed.</param>
/// <param name="before">Seconds of the runs before it.</param>
/// <param name="seconds">Seconds of the run.</param>
/// <param name="total">Seconds of all runs.</param>
/// <param name="steps">Steps of the run.</param>
/// <param name="tell">Receives the messages.</param>
sealed class RunProgress(string title, double before, double seconds, double total, long steps, Action<ReproductionProgress>? tell) : ITrainingObserver
{
    public void OnStep(StepMetrics metrics) => tell?.Invoke(new(
        before + seconds * metrics.Step / steps, total, FormattableString.Invariant($"{title}, step {metrics.Step} of {steps}, loss {metrics.Loss:F3}")));

    public void OnEpoch(EpochMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        var validation = metrics.Validation is { } right ? FormattableString.Invariant($", test error {1 - right:P2}") : "";
        tell?.Invoke(new(before + seconds * metrics.Step / steps, total, "",
            FormattableString.Invariant($"{title}, epoch {metrics.Epoch}: loss {metrics.Loss:F4}, training error {1 - metrics.Accuracy:P2}{validation}")));
    }
}
