using ResNet.Runtime.Communication;
using ResNet.Runtime.Detection.Evaluation;
using ResNet.Runtime.Runs;
using ResNet.Runtime.Training;
using ResNet.Runtime.Weights;

namespace ResNet.Runtime.Detection.Training;

/// <summary>
/// Trains a detector on images and keeps the results in a folder: the weights of the last and the best epoch, each with the detector, class
/// names, preprocessing and metrics, so that <see cref="Detector.Open"/> needs nothing else; CSV and TensorBoard logs with the four losses. A run that was
/// stopped resumes where it stopped.
/// </summary>
public sealed class DetectionRun
{
    readonly Detector _detector;
    readonly DetectionDataset _train;
    readonly DetectionDataset? _validation;
    readonly DetectionTrainerOptions _options;
    readonly Communicator _communicator;
    readonly double _rate;

    /// <summary>Prepares a run.</summary>
    /// <param name="detector">The detector, with the weights to start from; pictures are looked at in the size of its <see cref="Detector.Options"/>.</param>
    /// <param name="train">The images to train on.</param>
    /// <param name="validation">Images of the same classes to measure the mean average precision on after every epoch; null for none.</param>
    /// <param name="settings">The options of training.</param>
    /// <param name="folder">The folder of the run; made if there is none. Of several ranks the first one writes, and each goes on from there.</param>
    /// <param name="communicator">The ranks that train together, each of which makes this run; null for a process that trains alone.</param>
    /// <exception cref="ArgumentException">A setting is out of range, or detector and images do not fit each other.</exception>
    public DetectionRun(Detector detector, DetectionDataset train, DetectionDataset? validation, DetectionRunSettings settings, string folder, Communicator? communicator = null)
    {
        ArgumentNullException.ThrowIfNull(detector);
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        (_detector, _train, _validation, Folder, _communicator) = (detector, train, validation, folder, communicator ?? Communicator.Single);
        if (train.Classes.Count != detector.Definition.Settings.Classes)
            throw new ArgumentException($"The detector has {detector.Definition.Settings.Classes} classes, the images {train.Classes.Count}", nameof(train));
        if (validation is not null && !validation.Classes.SequenceEqual(train.Classes))
            throw new ArgumentException("The images to validate on have other classes than those to train on", nameof(validation));
        (_options, _rate) = (settings.ToOptions(detector.Options.Size), settings.LearningRate);
    }

    /// <summary>The folder of the run.</summary>
    public string Folder { get; }

    /// <summary>Steps of an epoch.</summary>
    public int StepsPerEpoch => (_train.Count + _options.ImagesPerStep * _communicator.Size - 1) / (_options.ImagesPerStep * _communicator.Size);

    /// <summary>Whether the folder has a checkpoint from which a run can resume.</summary>
    public bool CanResume => File.Exists(Path.Combine(Folder, RunFolder.Last));

    /// <summary>Observers of every step and epoch.</summary>
    public IList<IDetectionObserver> Observers { get; } = [];

    /// <summary>Called when training begins, by the rank that writes: checkpoint and images fit, and the folder is there.</summary>
    public Action? OnStart { get; init; }

    /// <summary>Warnings before a run, a sentence each; empty if there are none.</summary>
    public IReadOnlyList<string> Warnings
    {
        get
        {
            List<string> warnings = [.. _train.Warnings.Concat(_validation?.Warnings ?? []).Distinct()];
            if (_communicator.Size > 1) warnings.Add(RateAdvice.Of(_rate, _options.ImagesPerStep, _communicator.Size, isDescent: true));
            if (_validation is null) warnings.Add("There are no images to validate on: the best weights are chosen by the training losses");
            return warnings;
        }
    }

    /// <summary>Estimates the cost of the run, after a few steps that change neither detector nor folder.</summary>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <exception cref="DatasetException">An image cannot be read.</exception>
    /// <exception cref="OperationCanceledException">It was canceled.</exception>
    public RunEstimate Estimate(CancellationToken cancellationToken = default) => new DetectionEstimate(_detector, _train, _options, _communicator.Size).Run(_validation?.Count ?? 0, cancellationToken);

    /// <summary>Trains to the end of the last epoch.</summary>
    /// <param name="resume">Whether to resume from the folder's checkpoint, with the detector's weights that it holds.</param>
    /// <param name="cancellationToken">Stops after the present step; a checkpoint is saved, from which the run can resume.</param>
    /// <exception cref="InvalidOperationException">The folder has a run already that is not to be resumed, or its checkpoint has other settings or images.</exception>
    /// <exception cref="WeightsException">There is no checkpoint to resume, or it is broken.</exception>
    /// <exception cref="DatasetException">An image cannot be read.</exception>
    /// <exception cref="TrainingDivergedException">The loss or a gradient became infinite or not a number.</exception>
    /// <exception cref="CommunicationException">Another rank has failed, or has other settings or weights than the first.</exception>
    public DetectionTrainingResult Run(bool resume = false, CancellationToken cancellationToken = default)
    {
        if (!resume && CanResume) throw new InvalidOperationException($"{Folder} has a run already: resume it, or choose another folder");
        var last = Path.Combine(Folder, RunFolder.Last);
        // The trainer prepares pictures as the weights want it.
        if (resume) _detector.Load(last);
        List<IDetectionObserver> observers = [.. Observers];
        using var trainer = new DetectionTrainer(_detector, _train, _options, communicator: _communicator)
        {
            Folder = Folder,
            Validate = _validation is null ? null : trained => Measure(trained, _validation),
            Observers = observers,
        };
        if (resume) trainer.Resume(last);
        // Nothing is left to do, and nothing to write.
        if (trainer.IsFinished || _communicator.Rank > 0) return trainer.Run(cancellationToken);
        Directory.CreateDirectory(Folder);
        OnStart?.Invoke();
        // Opened only now, as rows of steps after the checkpoint, made anew, must go.
        using var csv = new DetectionCsvLog(Folder, trainer.Step);
        using var tensorBoard = new DetectionTensorBoardLog(Folder);
        observers.AddRange([csv, tensorBoard]);
        return trainer.Run(cancellationToken);
    }

    /// <summary>Trains on a thread of the pool; see <see cref="Run"/>.</summary>
    /// <param name="resume">Whether to resume from the folder's checkpoint.</param>
    /// <param name="cancellationToken">Stops after the present step; the task then ends with a result that says so.</param>
    public Task<DetectionTrainingResult> RunAsync(bool resume = false, CancellationToken cancellationToken = default) =>
        Task.Run(() => Run(resume, cancellationToken), CancellationToken.None);

    /// <summary>VOC's mean average precision; 0 where no image has an object.</summary>
    static double Measure(Detector detector, DetectionDataset validation) =>
        new VocEvaluator(validation.Classes).Evaluate(EvaluatedScenes.Of(detector, validation)).MeanAveragePrecision ?? 0;
}
