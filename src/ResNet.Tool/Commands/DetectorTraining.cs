using System.Globalization;
using ResNet.Runtime;
using ResNet.Runtime.Communication;
using ResNet.Runtime.Detection.Training;
using ResNet.Runtime.Training;
using ResNet.Tool.Output;
using ResNet.Tool.Training;
using ResNet.Zoo;

namespace ResNet.Tool.Commands;

/// <summary>Trains a detector for <c>resnet train</c>.</summary>
/// <param name="model">The detector.</param>
/// <param name="folder">The folder of the run.</param>
/// <param name="isResumed">Whether a run is resumed.</param>
/// <param name="device">The device.</param>
/// <param name="ranks">The ranks that train together.</param>
/// <param name="streams">Receive result and progress.</param>
sealed class DetectorTraining(DetectorModel model, string folder, bool isResumed, Device device, Communicator ranks, Streams streams)
{
    /// <summary>Trains, and writes how it ended.</summary>
    /// <param name="read">Reads the settings; it gets those of the resumed run, if there is one.</param>
    /// <param name="isDry">Whether to print only the findings and the cost of the run.</param>
    /// <param name="asJson">Whether the result is JSON.</param>
    /// <param name="cancellationToken">Stops after the present step.</param>
    /// <returns>Whether it was stopped.</returns>
    public async Task<bool> RunAsync(Func<DetectorRunSettings?, DetectorRunSettings> read, bool isDry, bool asJson, CancellationToken cancellationToken)
    {
        var settings = read(isResumed ? RunFile.Read(folder, model.Name, DetectorRunSettingsJson.Default.DetectorRunSettings) : null);
        using var prepared = new PreparedDetectorRun(model, settings, folder, isResumed, device, ranks);
        foreach (var warning in prepared.Run.Warnings) streams.Error.WriteLine($"warning: {warning}");
        if (isDry)
        {
            var estimate = await prepared.EstimateAsync(streams, cancellationToken);
            if (asJson) ReportContext.Write(streams.Out, estimate);
            else DryRunText.Write(streams.Out, estimate);
            return false;
        }
        var (result, drawings) = await prepared.RunAsync(isResumed, streams, cancellationToken);
        if (asJson) ReportContext.Write(streams.Out, Report(result, drawings));
        else WriteText(result, drawings);
        return result.Cancelled;
    }

    DetectorTrainReport Report(DetectionTrainingResult result, IReadOnlyList<string> drawings) => new(
        model.Name, folder, device.Name, result.Steps, result.Epochs.Count, result.Best?.Epoch, result.Best?.Validation, result.Epochs is [.., var last] ? last.Validation : null,
        result.Epochs is [.., var end] ? end.Losses : null, result.Cancelled, result.Epochs.Sum(epoch => epoch.Seconds), drawings);

    void WriteText(DetectionTrainingResult result, IReadOnlyList<string> drawings)
    {
        var output = streams.Out;
        output.WriteLine(Format($"{result.Steps} steps in {result.Epochs.Count} epochs"));
        if (result.Epochs is [.., var last]) output.WriteLine($"last  {Precision(last)}  {Path.Combine(folder, TrainingCheckpoint.Last)}");
        if (result.Best is { } best) output.WriteLine(Format($"best  {Precision(best)}  {Path.Combine(folder, TrainingCheckpoint.Best)}, epoch {best.Epoch}"));
        if (drawings is [var first, .., var end]) output.WriteLine($"found in pictures: {first} to {Path.GetFileName(end)}; report: {Path.Combine(folder, PreparedDetectorRun.ReportFile)}");
    }

    static string Precision(DetectionEpochMetrics epoch) =>
        epoch.Validation is { } precision ? Format($"mAP {precision:P2} on validation") : Format($"loss {epoch.Losses.Total:F4} while training");

    static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
