using System.Globalization;
using ResNet.Runtime.Detection.Training;
using ResNet.Tool.Output;

namespace ResNet.Tool.Training;

/// <summary>Shows the run of a detector while it goes: where it is and its four losses by steps, and a line per epoch that stays.</summary>
/// <param name="report">Shows a step.</param>
/// <param name="batches">Batches of an epoch.</param>
/// <param name="epochs">Epochs of the run.</param>
/// <param name="batch">Images of a batch.</param>
sealed class DetectorDisplay(Action<Step> report, int batches, int epochs, int batch) : IDetectionObserver
{
    // The figures of one step jump too much to be read.
    const double Smoothing = 0.05;

    DetectionLosses _losses;
    double _stepSeconds;
    long _steps;

    public void OnStep(DetectionStepMetrics metrics)
    {
        // An average over all steps at first, over the last ones later.
        var share = Math.Max(Smoothing, 1.0 / ++_steps);
        _losses = _losses * (1 - share) + metrics.Losses * share;
        _stepSeconds += share * (batch / metrics.ImagesPerSecond - _stepSeconds);
        report(new(metrics.Step, (long)batches * epochs, Format($"epoch {metrics.Epoch}/{epochs}, {Text(_losses)}, {batch / _stepSeconds:F1} images/s")));
    }

    public void OnEpoch(DetectionEpochMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        var validation = metrics.Validation is { } precision ? Format($", validation mAP {precision:P2}") : "";
        report(new(metrics.Step, (long)batches * epochs, "", Format(
            $"epoch {metrics.Epoch}/{epochs}: {Text(metrics.Losses)}{validation}, rate {metrics.LearningRate:G3}, {metrics.Seconds:F0} s")));
    }

    /// <summary>The losses of the region proposal network, of objectness and boxes, and of the head, of classes and boxes.</summary>
    static string Text(DetectionLosses losses) => Format($"rpn {losses.Objectness:F3} + {losses.ProposalBoxes:F3}, head {losses.Classes:F3} + {losses.Boxes:F3}");

    static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
