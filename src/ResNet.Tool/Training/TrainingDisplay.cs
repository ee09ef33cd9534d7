using System.Diagnostics;
using System.Globalization;
using ResNet.Runtime.Cpu.Binding;
using ResNet.Runtime.Training;
using ResNet.Tool.Output;

namespace ResNet.Tool.Training;

/// <summary>Shows a run while it goes: where it is by steps, and a line per epoch that stays.</summary>
/// <param name="report">Shows a step.</param>
/// <param name="batches">Batches of an epoch.</param>
/// <param name="epochs">Epochs of the run.</param>
/// <param name="batch">Images of a batch.</param>
sealed class TrainingDisplay(Action<Step> report, int batches, int epochs, int batch) : ITrainingObserver
{
    // The figures of one step jump too much to be read.
    const double Smoothing = 0.05;

    double _loss, _accuracy, _stepSeconds;
    long _steps;

    public void OnStep(StepMetrics metrics)
    {
        // An average over all steps at first, over the last ones later.
        var share = Math.Max(Smoothing, 1.0 / ++_steps);
        _loss += share * (metrics.Loss - _loss);
        _accuracy += share * (metrics.Accuracy - _accuracy);
        _stepSeconds += share * (batch / metrics.ImagesPerSecond - _stepSeconds);
        var (done, total) = (metrics.Step, (long)batches * epochs);
        report(new(done, total, Format(
            $"epoch {metrics.Epoch}/{epochs}, loss {_loss:F3}, top-1 {_accuracy:P1}, {batch / _stepSeconds:F0} images/s")));
    }

    public void OnEpoch(EpochMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        var validation = metrics.Validation is { } score ? Format($", validation {score:P2}") : "";
        report(new(metrics.Step, (long)batches * epochs, "", Format(
            $"epoch {metrics.Epoch}/{epochs}: loss {metrics.Loss:F4}, training {metrics.Accuracy:P2}{validation}, rate {metrics.LearningRate:G3}, {metrics.Seconds:F0} s")));
    }

    static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
