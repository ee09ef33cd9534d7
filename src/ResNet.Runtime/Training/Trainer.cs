using System.Diagnostics;
using ResNet.Runtime.Communication;
using ResNet.Runtime.Data;
using ResNet.Runtime.Devices;
using ResNet.Runtime.Files;
using ResNet.Runtime.Optimizers;

namespace ResNet.Runtime.Training;

/// <summary>
/// Trains a network: steps along the gradients over epochs of batches, checkpoints of the last and the best epoch, and
/// observers. All random choices follow from the batches and the seed, so equal ones give equal bits.
/// Several ranks, each with its own part of the batches, make the steps of one.
/// </summary>
public sealed partial class Trainer : IDisposable
{
    readonly Network _network;
    readonly IBatchSource _batches;
    readonly IGradientSource _gradients;
    readonly IBoundOptimizer _optimizer;
    readonly WeightAverage? _average;
    readonly BatchTargets? _targets;
    readonly GradientMean? _mean;
    readonly Ranks _ranks;
    // Null where there is one rank.
    readonly GradientExchange? _exchange;
    readonly Stopwatch _sinceSaved = Stopwatch.StartNew();
    TrainingState _state = new();
    double[] _errors = [];
    int _drawn;
    // The epoch's end is told once to a step that takes several batches, and once to the epoch.
    bool _isDrawn;
    // The draw made while the step before still ran: a batch, the epoch's end, or a failure.
    Task<TrainingBatch?>? _ahead;

    /// <summary>Creates a trainer of a network's present weights.</summary>
    /// <param name="network">The network.</param>
    /// <param name="batches">The training images.</param>
    /// <param name="options">The options of training.</param>
    /// <param name="communicator">
    /// The ranks that train together, each with a trainer of its own whose batches are a <see cref="DataShard"/> of one source; null for a process that trains alone. The first one
    /// writes what the folder keeps, and each goes on from there.
    /// </param>
    /// <exception cref="ArgumentException">An option is out of range, or names a layer that the network lacks.</exception>
    /// <exception cref="InvalidOperationException">The smallest batch has one image, and a batch normalization sees 1×1 maps.</exception>
    /// <exception cref="NotSupportedException">Batch normalization is to be synchronized between ranks, and the device cannot.</exception>
    public Trainer(Network network, IBatchSource batches, TrainerOptions options, Communicator? communicator = null)
        : this(network, batches, options, network.CreateTrainingSession(SessionOptions(network, options, communicator ?? Communicator.Single)), communicator)
    {
    }

    /// <summary>Creates a trainer of a network's present weights.</summary>
    /// <param name="network">The network.</param>
    /// <param name="batches">The training images.</param>
    /// <param name="options">The options of training.</param>
    /// <param name="gradients">Gradients of the network's parameters; the trainer disposes it.</param>
    /// <param name="communicator">The ranks that train together; null for a process that trains alone.</param>
    /// <exception cref="ArgumentException">An option is out of range, or names a layer that the network lacks.</exception>
    /// <exception cref="InvalidOperationException">The smallest batch has one image, and a batch normalization sees 1×1 maps.</exception>
    internal Trainer(Network network, IBatchSource batches, TrainerOptions options, IGradientSource gradients, Communicator? communicator = null)
    {
        try
        {
            ArgumentNullException.ThrowIfNull(batches);
            options.Check();
            ArgumentOutOfRangeException.ThrowIfLessThan(batches.Batches, 1);
            (_network, _batches, _gradients, Options) = (network, batches, gradients, options);
            CheckBatches();
            var parameters = network.Parameters;
            if (BatchTargets.AreNeeded(options)) _targets = new(network.Definition, options);
            if (options.Accumulate > 1) _mean = new(parameters.ReadTrained().Length);
            var groups = ParameterGroups.Of(parameters, options);
            _ranks = new(communicator ?? Communicator.Single);
            _ranks.CheckShard(batches);
            if (_ranks.Count > 1) _exchange = new(communicator!, gradients, groups, options);
            _optimizer = gradients.CreateOptimizer(parameters, groups, options.Optimizer);
            _average = options.AverageDecay is { } decay ? gradients.CreateAverage(parameters, decay) : null;
        }
        catch
        {
            // There is no trainer that could be disposed.
            _optimizer?.Dispose();
            _exchange?.Dispose();
            gradients.Dispose();
            throw;
        }
    }

    /// <summary>The options of training.</summary>
    public TrainerOptions Options { get; }

    /// <summary>The folder of checkpoints, <see cref="TrainingCheckpoint.Last"/> and <see cref="TrainingCheckpoint.Best"/>; null keeps none.</summary>
    public string? Folder { get; init; }

    /// <summary>
    /// Number of the best epochs whose weights are kept in the folder, each in a file of its own, <c>best-epoch-12.safetensors</c>, beside <see cref="TrainingCheckpoint.Best"/>;
    /// of equal scores the earlier epochs. It changes nothing else.
    /// </summary>
    public int KeepBest { get; init; }

    /// <summary>
    /// The time within an epoch after which a run saves <see cref="TrainingCheckpoint.Last"/>: what is lost at most when the
    /// process is killed. It changes nothing else.
    /// </summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Measures the part of the validation images that the network classifies right, after every epoch. With
    /// <see cref="TrainerOptions.AverageDecay"/> the network holds the averaged weights meanwhile.
    /// </summary>
    public Func<Network, double>? Validate { get; init; }

    /// <summary>
    /// Names the layer whose output first was infinite or not a number, given the batch that made it so; asked only when
    /// training has failed. Without it, the parameters and gradients tell.
    /// </summary>
    public Func<Network, TrainingBatch, string?>? LocateDivergence { get; init; }

    /// <summary>
    /// Is given the gradients of each step, laid out as <see cref="Parameters.ReadTrained"/>, before they are measured, clipped and
    /// used, and may change them; those of several ranks are added up already. It is also called when the loss is not finite. A device hands its
    /// gradients out and takes them back only for this.
    /// </summary>
    public Action<Span<float>>? OnGradients { get; init; }

    /// <summary>
    /// Number of steps after which ranks that train together compare their weights and running statistics, which are the same unless a machine or a program is broken; 0 compares
    /// them before the first step alone.
    /// </summary>
    public int CompareEvery { get; init; } = 100;

    /// <summary>Observers of every step and epoch.</summary>
    public IReadOnlyList<ITrainingObserver> Observers { get; init; } = [];

    /// <summary>Steps made so far, those before resuming included.</summary>
    public long Step => _state.Step;

    /// <summary>Whether all epochs are made, so that <see cref="Run"/> only tells how it went.</summary>
    internal bool IsFinished => _state.Epoch >= Options.Epochs || IsOutOfPatience;

    /// <summary>Goes on from a checkpoint, as if the run had never stopped.</summary>
    /// <param name="path">The checkpoint.</param>
    /// <exception cref="WeightsException">The file is broken, no checkpoint, or another network's.</exception>
    /// <exception cref="InvalidOperationException">
    /// It was written with other options, of which only the number of epochs and the patience may differ, with other batches, or by another number of ranks.
    /// </exception>
    public void Resume(string path)
    {
        // Options follow from the number of ranks, too.
        _ranks.CheckCount(path, TrainingCheckpoint.ReadRanks(path));
        var before = TrainingCheckpoint.ReadOptions(path) with { Epochs = Options.Epochs, Patience = Options.Patience };
        if (TrainingCheckpoint.Difference(before, Options) is { } difference)
            throw new InvalidOperationException($"{path} was written with other options than this run's: {difference}");
        var (batches, own) = (TrainingCheckpoint.ReadBatches(path), _ranks.IdentityOf(_batches));
        if (batches != own)
            throw new InvalidOperationException($"{path} was written with other training images than this run's: {batches}; these are {own}");
        _state = TrainingCheckpoint.Load(path, _network, Options, _optimizer, _average);
        _errors = ErrorsOf(_state);
        (_drawn, _isDrawn) = (0, false);
        _ahead = null;
    }

    /// <summary>Trains to the end of the last epoch, or until <see cref="TrainerOptions.Patience"/> is at its end.</summary>
    /// <param name="cancellationToken">Stops after the present step; a checkpoint is saved, and <see cref="Run"/> or <see cref="Resume"/> continues from there.</param>
    /// <exception cref="TrainingDivergedException">The loss or a gradient became infinite or not a number.</exception>
    /// <exception cref="CommunicationException">Another rank has failed, or has other settings or weights than the first.</exception>
    public TrainingResult Run(CancellationToken cancellationToken = default) => _ranks.Run(() => RunEpochs(cancellationToken));

    /// <summary>Releases what training needs of the device.</summary>
    public void Dispose()
    {
        _average?.Dispose();
        _optimizer.Dispose();
        _exchange?.Dispose();
        _gradients.Dispose();
    }

    /// <summary>Tells of a batch that cannot be trained on before anything is computed, rather than at the end of an epoch.</summary>
    void CheckBatches()
    {
        if (_batches.SmallestBatch is not { } images) return;
        try
        {
            _gradients.CheckBatch(images);
        }
        catch (InvalidOperationException e)
        {
            throw new InvalidOperationException(
                $"The smallest batch of an epoch has {images} image{(images == 1 ? "" : "s")}. {e.Message}, or leave out a last batch that is smaller ({nameof(DataLoaderOptions)}.{nameof(DataLoaderOptions.DropLast)})", e);
        }
    }

    static TrainingSessionOptions SessionOptions(Network network, TrainerOptions options, Communicator communicator)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        return new()
        {
            Losses = { [network.Definition.Outputs[^1].Name] = BatchTargets.LossOf(options) },
            Seed = new Ranks(communicator).SeedOf(options.Seed),
            FreezeThrough = options.FreezeThrough,
            FreezeStatisticsThrough = options.FreezeStatisticsThrough(network.Definition),
        };
    }

    TrainingResult RunEpochs(CancellationToken cancellationToken)
    {
        _ranks.CompareSettings(TrainingCheckpoint.Text(Options), _ranks.IdentityOf(_batches), _network.Parameters);
        _ranks.CompareWeights(_state.Step, _network.Parameters);
        RemoveRemains();
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

    string? LastPath => Folder is null ? null : Path.Combine(Folder, TrainingCheckpoint.Last);

    BestWeights? Best => Written is { } folder && KeepBest > 0 ? new(folder, KeepBest) : null;

    bool IsOutOfPatience => Options.Patience is { } patience && _state.Best is { } best && _state.Epoch - best.Epoch >= patience;

    TrainingResult Result(bool cancelled)
    {
        _ranks.Meet();
        return new(_state.Step, _state.History, _state.Best, cancelled, File.Exists(LastPath) ? LastPath : null, IsOutOfPatience && _state.Epoch < Options.Epochs);
    }

    void FinishEpoch()
    {
        // Validation and the best weights are those of the average, where there is one.
        _average?.Swap();
        try
        {
            var metrics = _state.Summarize(_ranks.Share(Validate?.Invoke(_network)));
            var isBest = _state.Best is not { } best || metrics.Score > best.Score;
            _state = _state.After(metrics);
            _errors = ErrorsOf(_state);
            (_drawn, _isDrawn) = (0, false);
            _network.Metrics = metrics.ByName();
            if (Written is { } folder)
            {
                Directory.CreateDirectory(folder);
                if (isBest) _network.Save(Path.Combine(folder, TrainingCheckpoint.Best));
                Best?.Save(_network, _state.History);
            }
        }
        finally
        {
            _average?.Swap();
        }
        foreach (var observer in Observers) observer.OnEpoch(_state.History[^1]);
        SaveLast();
        Best?.Prune(_state.History);
    }

    /// <summary>The history for schedules; kept, since they are asked at every step.</summary>
    static double[] ErrorsOf(TrainingState state) => [.. state.History.Select(epoch => 1 - epoch.Score)];

    /// <summary>Removes from the folder what a killed process has left: files that it was writing, and weights that are no longer among the best.</summary>
    void RemoveRemains()
    {
        if (Written is not { } folder || !Directory.Exists(folder)) return;
        WholeFile.RemoveUnfinished(folder);
        if (_state.History.Count > 0) Best?.Prune(_state.History);
    }

    void SaveLast()
    {
        _sinceSaved.Restart();
        if (Written is not { } folder) return;
        Directory.CreateDirectory(folder);
        foreach (var observer in Observers) observer.BeforeCheckpoint();
        TrainingCheckpoint.Save(LastPath!, _network, Options, _ranks.IdentityOf(_batches), _ranks.Count, _state, _optimizer, _average);
    }
}
