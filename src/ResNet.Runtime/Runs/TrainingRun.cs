using ResNet.Runtime.Communication;
using ResNet.Runtime.Data;
using ResNet.Runtime.Evaluation;
using ResNet.Runtime.Training;
using ResNet.Runtime.Weights;

namespace ResNet.Runtime.Runs;

/// <summary>
/// Trains a network on images and keeps the results in a folder: the weights of the last and the best epoch, each with
/// architecture, class names, preprocessing and metrics, so that <see cref="Network.Open"/> needs nothing else; CSV and
/// TensorBoard logs. A stopped run resumes where it stopped.
/// </summary>
public sealed class TrainingRun
{
    const int ValidationBatch = 100;

    readonly Network _network;
    readonly ImageDataset _train;
    readonly ImageDataset? _validation;
    readonly RunSettings _settings;
    readonly TrainerOptions _options;
    readonly Communicator _communicator;

    /// <summary>Prepares a run, and gives the network the names of the classes.</summary>
    /// <param name="network">The network, with the weights to start from.</param>
    /// <param name="train">The images to train on.</param>
    /// <param name="validation">Images of the same classes to validate on after every epoch; null for none.</param>
    /// <param name="settings">The options of training.</param>
    /// <param name="folder">The folder of the run; made if there is none. Of several ranks the first one writes, and each goes on from there.</param>
    /// <param name="communicator">The ranks that train together, each of which makes this run; null for a process that trains alone.</param>
    /// <exception cref="ArgumentException">A setting is out of range, or network and images do not fit each other.</exception>
    public TrainingRun(Network network, ImageDataset train, ImageDataset? validation, RunSettings settings, string folder, Communicator? communicator = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        (_network, _train, _validation, _settings, Folder, _communicator) = (network, train, validation, settings, folder, communicator ?? Communicator.Single);
        var classes = network.Definition.Output.Channels;
        if (train.Classes.Count != classes)
            throw new ArgumentException($"The network has {classes} classes, the images {train.Classes.Count}", nameof(train));
        if (validation is not null && !validation.Classes.SequenceEqual(train.Classes))
            throw new ArgumentException("The images to validate on have other classes than those to train on", nameof(validation));
        if (network.Definition.Input.Channels != network.Preprocessing.Channels)
            throw new ArgumentException($"Pictures have {network.Preprocessing.Channels} channels, the network's input {network.Definition.Input.Channels}", nameof(network));
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.Batch, 1, nameof(settings));
        _options = settings.ToOptions(network.Definition, train.Count, _communicator.Size) with { ClassWeights = ClassWeights.Parse(settings.ClassWeights, train) };
        _options.Check();
        if (!(settings.TestScale > 0 && double.IsFinite(settings.TestScale))) throw new ArgumentException($"{nameof(settings.TestScale)} is {settings.TestScale}; expected above 0", nameof(settings));
        _ = Augmentations.Create(settings.Augment, network.Preprocessing);
        network.Labels = train.Classes;
    }

    /// <summary>The folder of the run.</summary>
    public string Folder { get; }

    /// <summary>Steps of an epoch.</summary>
    public int StepsPerEpoch => _settings.StepsPerEpoch(_train.Count, _communicator.Size);

    /// <summary>Whether the folder has a checkpoint from which a run can resume.</summary>
    public bool CanResume => File.Exists(Path.Combine(Folder, RunFolder.Last));

    /// <summary>Receives each image that cannot be read, which is then left out; if null, such an image ends the run.</summary>
    public Action<DatasetException>? OnBroken { get; init; }

    /// <summary>Observers of every step and epoch.</summary>
    public IList<ITrainingObserver> Observers { get; } = [];

    /// <summary>Called when training begins, by the rank that writes: checkpoint and images fit, and the folder is there.</summary>
    public Action? OnStart { get; init; }

    /// <summary>The warnings before a run, a sentence each; empty if there are none.</summary>
    public IReadOnlyList<string> Warnings
    {
        get
        {
            List<string> warnings = [.. _train.Warnings.Concat(_validation?.Warnings ?? []).Distinct()];
            if (_validation is null) warnings.Add("There are no images to validate on: the best weights are chosen by the training images");
            if (_communicator.Size > 1) warnings.Add(RateAdvice.Of(_settings.LearningRate, (long)_settings.Batch * _settings.Accumulate, _communicator.Size, _settings.Optimizer == OptimizerNames.Sgd));
            // Each rank has as many images of the last batch.
            var (all, ranks) = ((long)_settings.Batch * _communicator.Size, _communicator.Size);
            var last = (_train.Count % all + ranks - 1) / ranks;
            if (!_settings.DropLast && last == 1 && _settings.Batch > 1 && _train.Count > 1)
                warnings.Add($"The last batch of an epoch has one image{(ranks == 1 ? "" : " of each rank")} ({_train.Count} in batches of {all}): leave it out, or choose another batch size");
            return warnings;
        }
    }

    /// <summary>Trains to the end of the last epoch, or until validation has not got better for long enough.</summary>
    /// <param name="resume">Whether to resume from the folder's checkpoint, with the network's weights that it holds.</param>
    /// <param name="cancellationToken">Stops after the present step; a checkpoint is saved, from which the run can resume.</param>
    /// <exception cref="InvalidOperationException">The folder has a run already that is not to be resumed, or its checkpoint has other settings or images.</exception>
    /// <exception cref="WeightsException">There is no checkpoint to resume, or it is broken.</exception>
    /// <exception cref="DatasetException">An image cannot be read.</exception>
    /// <exception cref="TrainingDivergedException">The loss or a gradient became infinite or not a number.</exception>
    /// <exception cref="CommunicationException">Another rank has failed, or has other settings or weights than the first.</exception>
    public TrainingResult Run(bool resume = false, CancellationToken cancellationToken = default)
    {
        if (!resume && CanResume)
            throw new InvalidOperationException($"{Folder} has a run already: resume it, or choose another folder");
        using var batches = OpenBatches(cancellationToken);
        List<ITrainingObserver> observers = [.. Observers];
        using var trainer = new Trainer(_network, batches, _options, _communicator)
        {
            Folder = Folder,
            KeepBest = _settings.KeepBest,
            Validate = _validation is null ? null : trained => Evaluator.Evaluate(
                Tested(trained), _validation, new() { BatchSize = ValidationBatch, SkipBroken = OnBroken is not null, Communicator = _communicator }, CancellationToken.None).Top1Accuracy,
            Observers = observers,
        };
        if (resume) trainer.Resume(Path.Combine(Folder, RunFolder.Last));
        // Nothing is left to do, and nothing to write.
        if (trainer.IsFinished || _communicator.Rank > 0) return trainer.Run(cancellationToken);
        Directory.CreateDirectory(Folder);
        OnStart?.Invoke();
        // Opened only now, as rows of steps after the checkpoint, made anew, must go.
        using var csv = new CsvLog(Folder, trainer.Step);
        using var tensorBoard = new TensorBoardLog(Folder);
        observers.AddRange([csv, tensorBoard]);
        return trainer.Run(cancellationToken);
    }

    /// <summary>Trains on a thread of the pool; see <see cref="Run"/>.</summary>
    /// <param name="resume">Whether to resume from the folder's checkpoint.</param>
    /// <param name="cancellationToken">Stops after the present step; the task then ends with a result that says so.</param>
    public Task<TrainingResult> RunAsync(bool resume = false, CancellationToken cancellationToken = default) =>
        Task.Run(() => Run(resume, cancellationToken), CancellationToken.None);

    /// <summary>Estimates the cost of the run, after a few steps that change neither network nor folder.</summary>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <exception cref="OperationCanceledException">It was canceled.</exception>
    public RunEstimate Estimate(CancellationToken cancellationToken = default)
    {
        using var batches = OpenBatches(cancellationToken);
        var seconds = StepTimer.Measure(_network, batches, _options, cancellationToken);
        // Forward is a third of a step.
        var batchesPerEpoch = _settings.BatchesPerEpoch(_train.Count, _communicator.Size);
        var validation = (double)(_validation?.Count ?? 0) / _communicator.Size * seconds / Math.Min(_settings.Batch, _train.Count) / 3;
        return new(
            StepsPerEpoch, _options.Epochs, MemoryEstimate.Of(_network, Math.Min(_settings.Batch, _train.Count), _options),
            TimeSpan.FromSeconds(seconds * Math.Min(_settings.Accumulate, batchesPerEpoch)), TimeSpan.FromSeconds(_options.Epochs * (batchesPerEpoch * seconds + validation)));
    }

    /// <summary>The network of the size at which it is validated.</summary>
    Network Tested(Network trained)
    {
        var input = trained.Definition.Input;
        return trained.WithInputSize((int)Math.Round(input.Height * _settings.TestScale), (int)Math.Round(input.Width * _settings.TestScale));
    }

    DataLoader OpenBatches(CancellationToken cancellationToken)
    {
        if (_settings.PixelMean)
        {
            var mean = PixelMean.Of(_train, _network.Preprocessing, OnBroken ?? (_ => { }), cancellationToken);
            _network.Preprocessing = _network.Preprocessing with { PixelMean = mean, Deviation = [1, 1, 1] };
        }
        // Threads that read ahead would take the processors from a network that computes on all of them.
        var workers = _network.Device is CpuDevice cpu && cpu.Threads >= Environment.ProcessorCount ? 0 : 2;
        return new(
            _train, Augmentations.Create(_settings.Augment, _network.Preprocessing),
            new() { BatchSize = _settings.Batch, Seed = _settings.Seed, DropLast = _settings.DropLast, Balanced = _settings.Balanced, OnBroken = OnBroken, Workers = workers, Shard = new(_communicator.Rank, _communicator.Size) });
    }
}
