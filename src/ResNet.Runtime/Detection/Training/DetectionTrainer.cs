using System.Diagnostics;
using System.Runtime.ExceptionServices;
using ResNet.Dsl;
using ResNet.Runtime.Communication;
using ResNet.Runtime.Devices;
using ResNet.Runtime.Files;
using ResNet.Runtime.Optimizers;
using ResNet.Runtime.Training;
using ResNet.Runtime.Weights;

namespace ResNet.Runtime.Detection.Training;

/// <summary>
/// Trains a detector: steps along the gradients of both networks over epochs of images, checkpoints of the last and the best epoch, and observers
/// that receive its progress. All random choices follow from the seed, so equal settings give equal bits. Several ranks, each with its own images of every step, make the steps of one.
/// </summary>
public sealed class DetectionTrainer : IDisposable
{
    readonly Detector _detector;
    readonly DetectionBatches _batches;
    readonly DetectorGradients _gradients;
    readonly HostOptimizer _trunk, _head;
    readonly Ranks _ranks;
    readonly Stopwatch _sinceSaved = Stopwatch.StartNew();
    DetectionState _state = new();

    /// <summary>Creates a trainer of a detector's present weights.</summary>
    /// <param name="detector">The detector; it gets the names of the data set's classes.</param>
    /// <param name="dataset">The training images.</param>
    /// <param name="options">The options of training.</param>
    /// <param name="proposer">Proposes the regions that the head learns from; null for the detector itself, as it is trained.</param>
    /// <param name="communicator">
    /// The ranks that train together, each with a trainer of its own that has <see cref="DetectionTrainerOptions.ImagesPerStep"/> images of a step; null for a process that trains
    /// alone. The first one writes what the folder keeps, and each goes on from there.
    /// </param>
    /// <exception cref="ArgumentException">An option is out of range, or the detector has another number of classes, or nothing is left to train.</exception>
    public DetectionTrainer(Detector detector, DetectionDataset dataset, DetectionTrainerOptions options, Detector? proposer = null, Communicator? communicator = null)
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
        _ranks = new(communicator ?? Communicator.Single);
        _batches = new(dataset, detector.Trunk.Preprocessing, options, _ranks.Shard);
        var trunk = ParameterGroups.Find(detector.Trunk.Parameters, options.ForNetwork(options.FreezeThrough, FactorsOf(detector.Definition.Trunk, options.Stage)));
        var head = options.Stage == DetectionStage.Proposals ? []
            : ParameterGroups.Of(detector.Head.Parameters, options.ForNetwork(null, FactorsOf(detector.Definition.Head, DetectionStage.Joint)));
        if (trunk.Length + head.Length == 0) throw new ArgumentException("All parameters are frozen; nothing is left to train", nameof(options));
        _gradients = new(detector, options, proposer, _ranks.SeedOf(options.Seed));
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

    /// <summary>Number of steps after which ranks that train together compare their weights and running statistics; 0 compares them before the first step alone.</summary>
    public int CompareEvery { get; init; } = 100;

    /// <summary>Observers of every step and epoch.</summary>
    public IReadOnlyList<IDetectionObserver> Observers { get; init; } = [];

    /// <summary>Steps of an epoch.</summary>
    public int StepsPerEpoch => _batches.Count;

    /// <summary>Steps made so far, those before resuming included.</summary>
    public long Step => _state.Step;

    /// <summary>Whether all epochs are made, so that <see cref="Run"/> only tells how it went.</summary>
    internal bool IsFinished => _state.Epoch >= Options.Epochs;

    /// <summary>Goes on from a checkpoint, as if the run had never stopped.</summary>
    /// <param name="path">The checkpoint.</param>
    /// <exception cref="WeightsException">The file is broken, no checkpoint, or another detector's.</exception>
    /// <exception cref="InvalidOperationException">It was written with other options, of which only the number of epochs may differ, with other images, or by another number of ranks.</exception>
    public void Resume(string path)
    {
        _ranks.CheckCount(path, DetectionCheckpoint.ReadRanks(path));
        _state = DetectionCheckpoint.Load(path, _detector, Options, _batches.Identity, _trunk, _head);
    }

    /// <summary>Trains to the end of the last epoch.</summary>
    /// <param name="cancellationToken">Stops after the present step; a checkpoint is saved, and <see cref="Run"/> or <see cref="Resume"/> continues from there.</param>
    /// <exception cref="TrainingDivergedException">The loss or a gradient became infinite or not a number.</exception>
    /// <exception cref="DatasetException">An image cannot be read.</exception>
    /// <exception cref="CommunicationException">Another rank has failed, or has other settings or weights than the first.</exception>
    public DetectionTrainingResult Run(CancellationToken cancellationToken = default) => _ranks.Run(() => RunEpochs(cancellationToken));

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

    DetectionTrainingResult RunEpochs(CancellationToken cancellationToken)
    {
        _ranks.CompareSettings(DetectionCheckpoint.Text(Options), _batches.Identity, _detector.Trunk.Parameters, _detector.Head.Parameters);
        CompareWeights();
        if (Written is { } folder && Directory.Exists(folder)) WholeFile.RemoveUnfinished(folder);
        while (!IsFinished)
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

    /// <summary>The folder that this rank writes to; null if it writes none.</summary>
    string? Written => _ranks.Writes ? Folder : null;

    string? LastPath => Folder is null ? null : Path.Combine(Folder, RunFolder.Last);

    DetectionTrainingResult Result(bool cancelled)
    {
        _ranks.Meet();
        return new(_state.Step, _state.History, _state.Best, cancelled, File.Exists(LastPath) ? LastPath : null);
    }

    void CompareWeights() => _ranks.CompareWeights(_state.Step, _detector.Trunk.Parameters, _detector.Head.Parameters);

    bool RunEpoch(CancellationToken cancellationToken)
    {
        var timer = Stopwatch.StartNew();
        while (_state.Batch < _batches.Count)
        {
            var (scenes, agreed) = Agree(cancellationToken);
            if (agreed.Failure is not null)
            {
                // Nothing is lost of what all ranks have made together.
                SaveLast();
                _ranks.Meet();
                ExceptionDispatchInfo.Throw(agreed.Failure);
            }
            if (agreed.Stops) return false;
            MakeStep(scenes, agreed.Images, timer);
            if (CompareEvery > 0 && _state.Step % CompareEvery == 0) CompareWeights();
            if (_sinceSaved.Elapsed >= CheckpointInterval) SaveLast();
            timer.Restart();
        }
        return true;
    }

    /// <summary>Reads this rank's images of the next step and agrees with the other ranks on it: all of them stop if one does, and none goes on if one cannot.</summary>
    (TrainingScene[] Scenes, Agreement Agreed) Agree(CancellationToken cancellationToken)
    {
        var stops = cancellationToken.IsCancellationRequested;
        TrainingScene[] scenes = [];
        Exception? failure = null;
        try
        {
            if (!stops) scenes = _batches.Read(_state.Epoch, _state.Batch);
        }
        catch (Exception exception) when (_ranks.Count > 1)
        {
            failure = exception;
        }
        return (scenes, _ranks.Agree(scenes.Length, stops, failure));
    }

    /// <summary>Computes losses and gradients of all ranks' images, and gives all of them the running statistics of the first.</summary>
    DetectionLosses ComputeGradients(TrainingScene[] scenes, int images)
    {
        var own = _gradients.Run(scenes, _state.Step, _batches.First, images);
        if (_ranks.Count == 1) return own;
        _ranks.SumGradients(_gradients.Trunk);
        _ranks.SumGradients(_gradients.Head);
        _ranks.ShareStatistics(_detector.Trunk.Parameters);
        _ranks.ShareStatistics(_detector.Head.Parameters);
        Span<double> sums = [own.Objectness, own.ProposalBoxes, own.Classes, own.Boxes];
        _ranks.SumMeasured(sums);
        return new(sums[0], sums[1], sums[2], sums[3]);
    }

    void MakeStep(TrainingScene[] scenes, int images, Stopwatch timer)
    {
        var losses = ComputeGradients(scenes, images);
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
        _state = _state.After(losses, images, rate, seconds);
        var metrics = new DetectionStepMetrics(_state.Step, _state.Epoch + 1, _state.Batch, losses, rate, norm, images / seconds);
        foreach (var observer in Observers) observer.OnStep(metrics);
    }

    void FinishEpoch()
    {
        var metrics = _state.Summarize(_ranks.Share(Validate?.Invoke(_detector)));
        var isBest = _state.Best is not { } best || metrics.Score > best.Score;
        _state = _state.After(metrics);
        _detector.Metrics = metrics.ByName();
        if (isBest && Written is { } folder)
        {
            Directory.CreateDirectory(folder);
            _detector.Save(Path.Combine(folder, RunFolder.Best));
        }
        foreach (var observer in Observers) observer.OnEpoch(metrics);
        SaveLast();
    }

    void SaveLast()
    {
        _sinceSaved.Restart();
        if (Written is not { } folder) return;
        Directory.CreateDirectory(folder);
        foreach (var observer in Observers) observer.BeforeCheckpoint();
        DetectionCheckpoint.Save(LastPath!, _detector, Options, _batches.Identity, _ranks.Count, _state, _trunk, _head);
    }
}
