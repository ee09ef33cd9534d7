using System.Diagnostics;
using ResNet.Dsl;
using ResNet.Runtime.Devices;
using ResNet.Runtime.Optimizers;
using ResNet.Runtime.Training;
using ResNet.Runtime.Weights;

namespace ResNet.Runtime.Detection.Training;

/// <summary>
/// Trains a detector: steps along the gradients of both networks over epochs of images, checkpoints of the last and the best epoch, and observers
/// that receive its progress. All random choices follow from the seed, so equal settings give equal bits.
/// </summary>
public sealed class DetectionTrainer : IDisposable
{
    readonly Detector _detector;
    readonly DetectionBatches _batches;
    readonly DetectorGradients _gradients;
    readonly HostOptimizer _trunk, _head;
    readonly Stopwatch _sinceSaved = Stopwatch.StartNew();
    DetectionState _state = new();

    /// <summary>Creates a trainer of a detector's present weights.</summary>
    /// <param name="detector">The detector; it gets the names of the data set's classes.</param>
    /// <param name="dataset">The training images.</param>
    /// <param name="options">The options of training.</param>
    /// <param name="proposer">Proposes the regions that the head learns from; null for the detector itself, as it is trained.</param>
    /// <exception cref="ArgumentException">An option is out of range, or the detector has another number of classes, or nothing is left to train.</exception>
    public DetectionTrainer(Detector detector, DetectionDataset dataset, DetectionTrainerOptions options, Detector? proposer = null)
    {
        ArgumentNullException.ThrowIfNull(detector);
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        if (dataset.Classes.Count != detector.Definition.Settings.Classes)
            throw new ArgumentException($"The detector has {detector.Definition.Settings.Classes} classes, the images {dataset.Classes.Count}", nameof(dataset));
        ArgumentOutOfRangeException.ThrowIfZero(dataset.Count, nameof(dataset));
        (_detector, Options) = (detector, options);
        detector.Labels = dataset.Classes;
        detector.Options = detector.Options with { Size = options.Size };
        _batches = new(dataset, detector.Trunk.Preprocessing, options);
        var trunk = ParameterGroups.Find(detector.Trunk.Parameters, options.ForNetwork(options.FreezeThrough, FactorsOf(detector.Definition.Trunk, options.Stage)));
        var head = options.Stage == DetectionStage.Proposals ? []
            : ParameterGroups.Of(detector.Head.Parameters, options.ForNetwork(null, FactorsOf(detector.Definition.Head, DetectionStage.Joint)));
        if (trunk.Length + head.Length == 0) throw new ArgumentException("All parameters are frozen; nothing is left to train", nameof(options));
        _gradients = new(detector, options, proposer);
        _trunk = new(detector.Trunk.Parameters, () => _gradients.Trunk, options.Optimizer, trunk);
        _head = new(detector.Head.Parameters, () => _gradients.Head, options.Optimizer, head);
    }

    /// <summary>The options of training.</summary>
    public DetectionTrainerOptions Options { get; }

    /// <summary>The folder of checkpoints, <c>last.safetensors</c> and <c>best.safetensors</c>; null keeps none.</summary>
    public string? Folder { get; init; }

    /// <summary>The time within an epoch after which a run saves a checkpoint: the most that is lost when the process is killed.</summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Measures the mean average precision on the validation images, after every epoch.</summary>
    public Func<Detector, double>? Validate { get; init; }

    /// <summary>Observers of every step and epoch.</summary>
    public IReadOnlyList<IDetectionObserver> Observers { get; init; } = [];

    /// <summary>Steps of an epoch.</summary>
    public int StepsPerEpoch => _batches.Count;

    /// <summary>Steps made so far, those before resuming included.</summary>
    public long Step => _state.Step;

    /// <summary>Goes on from a checkpoint, as if the run had never stopped.</summary>
    /// <param name="path">The checkpoint.</param>
    /// <exception cref="WeightsException">The file is broken, no checkpoint, or another detector's.</exception>
    /// <exception cref="InvalidOperationException">It was written with other options, of which only the number of epochs may differ, or with other images.</exception>
    public void Resume(string path) => _state = DetectionCheckpoint.Load(path, _detector, Options, _batches.Identity, _trunk, _head);

    /// <summary>Trains to the end of the last epoch.</summary>
    /// <param name="cancellationToken">Stops after the present step; a checkpoint is saved, and <see cref="Run"/> or <see cref="Resume"/> continues from there.</param>
    /// <exception cref="TrainingDivergedException">The loss or a gradient became infinite or not a number.</exception>
    /// <exception cref="DatasetException">An image cannot be read.</exception>
    public DetectionTrainingResult Run(CancellationToken cancellationToken = default)
    {
        while (_state.Epoch < Options.Epochs)
        {
            if (!RunEpoch(cancellationToken))
            {
                SaveLast();
                return Result(cancelled: true);
            }
            FinishEpoch();
        }
        return Result(cancelled: false);
    }

    /// <summary>Releases what training needs of the device.</summary>
    public void Dispose()
    {
        _trunk.Dispose();
        _head.Dispose();
        _gradients.Dispose();
    }

    /// <summary>
    /// The layers that do not learn: scale and shift of normalization that keeps its statistics (He et al. 2015, Appendix A) and, where the head alone learns,
    /// the region proposal network.
    /// </summary>
    static List<RateFactor> FactorsOf(NetworkDefinition network, DetectionStage stage)
    {
        List<RateFactor> factors = [.. network.Layers().Where(row => row.Layer is BatchNorm { Frozen: true }).Select(row => new RateFactor(row.Name, 0))];
        if (stage == DetectionStage.Regions) factors.Add(new("rpn", 0));
        return factors;
    }

    string? LastPath => Folder is null ? null : Path.Combine(Folder, RunFolder.Last);

    DetectionTrainingResult Result(bool cancelled) => new(_state.Step, _state.History, _state.Best, cancelled, File.Exists(LastPath) ? LastPath : null);

    bool RunEpoch(CancellationToken cancellationToken)
    {
        var timer = Stopwatch.StartNew();
        while (_state.Batch < _batches.Count)
        {
            if (cancellationToken.IsCancellationRequested) return false;
            MakeStep(timer);
            if (_sinceSaved.Elapsed >= CheckpointInterval) SaveLast();
            timer.Restart();
        }
        return true;
    }

    void MakeStep(Stopwatch timer)
    {
        var scenes = _batches.Read(_state.Epoch, _state.Batch);
        var losses = _gradients.Run(scenes, _state.Step);
        var norm = Math.Sqrt(Math.Pow(_trunk.Norm(), 2) + Math.Pow(_head.Norm(), 2));
        if (!double.IsFinite(losses.Total) || !double.IsFinite(norm))
        {
            _gradients.UndoStatistics();
            throw new TrainingDivergedException(_state.Step + 1, layer: null, losses.Total);
        }
        var rate = Options.Schedule.RateAt(new(_state.Step, _batches.Count, Options.Epochs, [.. _state.History.Select(epoch => 1 - epoch.Score)]));
        if (!(rate >= 0 && double.IsFinite(rate)))
            throw new InvalidOperationException($"The schedule {Options.Schedule.Identity} gives step {_state.Step + 1} the learning rate {rate}; expected a finite number, at least 0");
        var scale = Options.MaxGradientNorm is { } greatest ? Math.Min(1, greatest / (norm + 1e-6)) : 1;
        _trunk.Step(_state.Step + 1, rate, scale);
        _head.Step(_state.Step + 1, rate, scale);

        var seconds = timer.Elapsed.TotalSeconds;
        _state = _state.After(losses, scenes.Length, rate, seconds);
        var metrics = new DetectionStepMetrics(_state.Step, _state.Epoch + 1, _state.Batch, losses, rate, norm, scenes.Length / seconds);
        foreach (var observer in Observers) observer.OnStep(metrics);
    }

    void FinishEpoch()
    {
        var metrics = _state.Summarize(Validate?.Invoke(_detector));
        var isBest = _state.Best is not { } best || metrics.Score > best.Score;
        _state = _state.After(metrics);
        _detector.Metrics = metrics.ByName();
        if (isBest && Folder is not null)
        {
            Directory.CreateDirectory(Folder);
            _detector.Save(Path.Combine(Folder, RunFolder.Best));
        }
        SaveLast();
        foreach (var observer in Observers) observer.OnEpoch(metrics);
    }

    void SaveLast()
    {
        _sinceSaved.Restart();
        if (LastPath is not { } path) return;
        Directory.CreateDirectory(Folder!);
        DetectionCheckpoint.Save(path, _detector, Options, _batches.Identity, _state, _trunk, _head);
    }
}
