using ResNet.Runtime.Training;

namespace ResNet.Runtime.Tests.Training;

/// <summary>Keeps what it is told, and acts on steps.</summary>
sealed class Recorder(Action<StepMetrics>? onStep = null) : ITrainingObserver
{
    public List<StepMetrics> Steps { get; } = [];

    public List<EpochMetrics> Epochs { get; } = [];

    public void OnStep(StepMetrics metrics)
    {
        Steps.Add(metrics);
        onStep?.Invoke(metrics);
    }

    public void OnEpoch(EpochMetrics metrics) => Epochs.Add(metrics);
}
