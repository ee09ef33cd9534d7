using ResNet.Reports;
using ResNet.Runtime;
using ResNet.Runtime.Communication;
using ResNet.Runtime.Detection;
using ResNet.Runtime.Detection.Drawing;
using ResNet.Runtime.Detection.Evaluation;
using ResNet.Runtime.Detection.Training;
using ResNet.Runtime.Training;
using ResNet.Tool.Data;
using ResNet.Tool.Output;
using ResNet.Zoo;

namespace ResNet.Tool.Training;

/// <summary>The run of a detector of which everything is open: the detector with its first weights, and the images.</summary>
sealed class PreparedDetectorRun : IDisposable
{
    public const string ReportFile = "report.html";

    /// <summary>Pictures in which the end of a run draws what is found.</summary>
    const int Pictures = 8;

    /// <summary>Least score of an object that is drawn.</summary>
    const double Threshold = 0.5;

    /// <summary>Pixels of the shorter side below which labels would hide a picture.</summary>
    const int LeastSide = 384;

    readonly DetectorRunSettings _settings;
    readonly Detector _detector;
    readonly DetectionDataset _train;
    readonly DetectionDataset? _validation;
    readonly Communicator _ranks;

    /// <summary>Opens the images, and makes a detector of their classes.</summary>
    /// <param name="model">The model.</param>
    /// <param name="settings">All that decides the run.</param>
    /// <param name="folder">The folder of the run.</param>
    /// <param name="isResumed">Whether the weights come with the run.</param>
    /// <param name="device">The device.</param>
    /// <param name="ranks">The ranks that train together.</param>
    public PreparedDetectorRun(DetectorModel model, DetectorRunSettings settings, string folder, bool isResumed, Device device, Communicator ranks)
    {
        (_settings, _ranks) = (settings, ranks);
        (_train, _validation) = DetectionDatasets.OpenSplits(settings.Data, settings.Validation, settings.InvalidBoxes);
        _detector = settings.Create(model, _train.Classes.Count, device, isResumed);
        try
        {
            Run = new(_detector, _train, _validation, settings, folder, ranks) { OnStart = () => RunFile.Write(folder, settings, DetectorRunSettingsJson.Default.DetectorRunSettings) };
        }
        catch
        {
            _detector.Dispose();
            throw;
        }
    }

    public DetectionRun Run { get; }

    /// <summary>Trains and, once the run is complete, shows what its best weights find.</summary>
    /// <returns>The result, and the pictures.</returns>
    public Task<(DetectionTrainingResult Result, IReadOnlyList<string> Drawings)> RunAsync(bool isResumed, Streams streams, CancellationToken cancellationToken) =>
        Progress.RunAsync(streams, $"Training {_settings.Model}", async report =>
        {
            Run.Observers.Add(new DetectorDisplay(report, Run.StepsPerEpoch, _settings.Epochs, _settings.Batch));
            var result = await Run.RunAsync(isResumed, cancellationToken);
            var drawings = result.Cancelled || _validation is null ? [] : await Task.Run(() => Show(_validation, cancellationToken), cancellationToken);
            return (result, drawings);
        });

    /// <summary>Prints the findings, the cost of the run, and the number of objects of each class.</summary>
    public async Task<DryRunReport> EstimateAsync(Streams streams, CancellationToken cancellationToken)
    {
        var estimate = await Progress.RunAsync(streams, "Timing steps", _ => Task.Run(() => Run.Estimate(cancellationToken), cancellationToken));
        var (train, validation) = (Count(_train), _validation is null ? null : Count(_validation));
        return new(
            _settings.Model, _settings.Data, _train.Description, _validation?.Description, _train.Count, _validation?.Count ?? 0,
            [.. _train.Classes.Select((name, label) => new ClassReport(name, train[label], validation?[label] ?? 0))],
            _detector.Trunk.Definition.Input.ToString(), _detector.Trunk.Device.Name, _settings.Batch, estimate.StepsPerEpoch, estimate.Epochs, estimate.MemoryBytes,
            estimate.Step.TotalSeconds, estimate.Duration.TotalSeconds, Run.Warnings);
    }

    public void Dispose() => _detector.Dispose();

    static int[] Count(DetectionDataset data)
    {
        var counts = new int[data.Classes.Count];
        for (var index = 0; index < data.Count; index++)
            foreach (var item in data.Objects(index)) counts[item.Label]++;
        return counts;
    }

    /// <summary>
    /// Writes a report of the best weights on the validation images, and some of these with what is found in them. Of several ranks all look, so that none waits for long, and the
    /// first one writes.
    /// </summary>
    IReadOnlyList<string> Show(DetectionDataset validation, CancellationToken cancellationToken)
    {
        _detector.Load(Path.Combine(Run.Folder, TrainingCheckpoint.Best));
        var scenes = EvaluatedScenes.Of(_detector, validation, cancellationToken: cancellationToken);
        if (_ranks.Rank > 0) return [];
        var result = new VocEvaluator(validation.Classes).Evaluate(scenes);
        new DetectionReport { Model = _settings.Model, Data = validation, Scenes = scenes, Result = result }.Write(Path.Combine(Run.Folder, ReportFile));
        return
        [
            .. scenes.Take(Pictures).Select((scene, index) =>
            {
                var path = Path.Combine(Run.Folder, $"found-{index + 1}.png");
                Draw(validation.Load(index), scene.Found.Where(found => found.Score >= Threshold)).SavePng(path);
                return path;
            }),
        ];
    }

    static Image Draw(Image picture, IEnumerable<DetectedObject> found)
    {
        var scale = Math.Max(1, (double)LeastSide / Math.Min(picture.Width, picture.Height));
        var enlarged = scale > 1 ? picture.ResizeShorterSide(LeastSide) : picture;
        return DetectionDrawing.Draw(enlarged, [.. found.Select(item => item with { Box = item.Box.Scale(scale, scale) })]);
    }
}
