using System.Diagnostics;
using ResNet.Runtime.Data;
using ResNet.Runtime.Devices;
using ResNet.Runtime.Optimizers;

namespace ResNet.Runtime.Training;

/// <summary>
/// Trains a network: steps along the gradients over epochs of batches, checkpoints of the last and the best epoch, and
/// observers. All random choices follow from the batches and the seed, so equal ones give equal bits.
/// </summary>
public sealed class Trainer : IDisposable
{
    readonly Network _network;
    readonly IBatchSource _batches;
    readonly IGradientSource _gradients;
    readonly IBoundOptimizer _optimizer;
    readonly WeightAverage? _average;
    readonly BatchTargets? _targets;
    readonly GradientMean? _mean;
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
    /// <exception cref="ArgumentException">An option is out of range, or names a layer that the network lacks.</exception>
    /// <exception cref="InvalidOperationException">The smallest batch has one image, and a batch normalization sees 1×1 maps.</exception>
    public Trainer(Network network, IBatchSource batches, TrainerOptions options)
        : this(network, batches, options, network.CreateTrainingSession(SessionOptions(network, options)))
    {
    }

    /// <summary>Creates a trainer of a network's present weights.</summary>
    /// <param name="network">The network.</param>
    /// <param name="batches">The training images.</param>
    /// <param name="options">The options of training.</param>
    /// <param name="gradients">Gradients of the network's parameters; the trainer disposes it.</param>
    /// <exception cref="ArgumentException">An option is out of range, or names a layer that the network lacks.</exception>
    /// <exception cref="InvalidOperationException">The smallest batch has one image, and a batch normalization sees 1×1 maps.</exception>
    internal Trainer(Network network, IBatchSource batches, TrainerOptions options, IGradientSource gradients)
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
            _optimizer = gradients.CreateOptimizer(parameters, ParameterGroups.Of(parameters, options), options.Optimizer);
            _average = options.AverageDecay is { } decay ? gradients.CreateAverage(parameters, decay) : null;
        }
        catch
        {
            // There is no trainer that could be disposed.
            _optimizer?.Dispose();
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
    /// used, and may change them: the place for a mean over processes. It is also called when the loss is not finite, so that all
    /// processes stop at the same step. A device hands its gradients out and takes them back only for this.
    /// </summary>
    public Action<Span<float>>? OnGradients { get; init; }

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
    /// It was written with other options, of which only the number of epochs and the patience may differ, or with other batches.
    /// </exception>
    public void Resume(string path)
    {
        var before = TrainingCheckpoint.ReadOptions(path) with { Epochs = Options.Epochs, Patience = Options.Patience };
        if (TrainingCheckpoint.Difference(before, Options) is { } difference)
            throw new InvalidOperationException($"{path} was written with other options than this run's: {difference}");
        var batches = TrainingCheckpoint.ReadBatches(path);
        if (batches != _batches.Identity)
            throw new InvalidOperationException($"{path} was written with other training images than this run's: {batches}; these are {_batches.Identity}");
        _state = TrainingCheckpoint.Load(path, _network, Options, _optimizer, _average);
        _errors = ErrorsOf(_state);
        (_drawn, _isDrawn) = (0, false);
        _ahead = null;
    }

    /// <summary>Trains to the end of the last epoch, or until <see cref="TrainerOptions.Patience"/> is at its end.</summary>
    /// <param name="cancellationToken">Stops after the present step; a checkpoint is saved, and <see cref="Run"/> or <see cref="Resume"/> continues from there.</param>
    /// <exception cref="TrainingDivergedException">The loss or a gradient became infinite or not a number.</exception>
    public TrainingResult Run(CancellationToken cancellationToken = default)
    {
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

    /// <summary>Releases what training needs of the device.</summary>
    public void Dispose()
    {
        _average?.Dispose();
        _optimizer.Dispose();
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

    static TrainingSessionOptions SessionOptions(Network network, TrainerOptions options)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        return new()
        {
            Losses = { [network.Definition.Outputs[^1].Name] = BatchTargets.LossOf(options) },
            Seed = options.Seed,
            FreezeThrough = options.FreezeThrough,
            FreezeStatisticsThrough = options.FreezeStatisticsThrough(network.Definition),
        };
    }

    string? LastPath => Folder is null ? null : Path.Combine(Folder, TrainingCheckpoint.Last);

    BestWeights? Best => Folder is not null && KeepBest > 0 ? new(Folder, KeepBest) : null;

    bool IsOutOfPatience => Options.Patience is { } patience && _state.Best is { } best && _state.Epoch - best.Epoch >= patience;

    TrainingResult Result(bool cancelled) =>
        new(_state.Step, _state.History, _state.Best, cancelled, File.Exists(LastPath) ? LastPath : null, IsOutOfPatience && _state.Epoch < Options.Epochs);

    bool RunEpoch(CancellationToken cancellationToken)
    {
        var timer = Stopwatch.StartNew();
        while (!cancellationToken.IsCancellationRequested && Next() is { } batch)
        {
            MakeStep(batch, timer);
            if (_sinceSaved.Elapsed >= CheckpointInterval) SaveLast();
            timer.Restart();
        }
        return !cancellationToken.IsCancellationRequested;
    }

    /// <summary>The next batch; null at the epoch's end.</summary>
    TrainingBatch? Next()
    {
        var ahead = _ahead;
        _ahead = null;
        return ahead is null ? Draw() : ahead.GetAwaiter().GetResult();
    }

    TrainingBatch? Draw()
    {
        if (_isDrawn) return null;
        // After resuming within an epoch, what was trained on before comes first.
        while (_batches.TryNext(_state.Epoch, out var batch))
            if (++_drawn > _state.Batch)
                return _gradients.Prepare(_targets?.Make(batch, _state.Epoch, _drawn) ?? batch);
        if (_drawn == 0) throw new InvalidOperationException($"Epoch {_state.Epoch + 1} has no images");
        _isDrawn = true;
        return null;
    }

    /// <summary>Draws the next batch, while the device computes the present one. A failure is thrown in its turn.</summary>
    void DrawAhead()
    {
        try
        {
            _ahead = Task.FromResult(Draw());
        }
#pragma warning disable CA1031 // it is thrown again
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _ahead = Task.FromException<TrainingBatch?>(exception);
        }
    }

    void MakeStep(TrainingBatch first, Stopwatch timer)
    {
        var (result, batch, images, batches) = ComputeGradients(first);
        if (OnGradients is { } change)
        {
            change(_gradients.Gradients);
            _gradients.SendGradients();
        }
        var norm = _optimizer.Norm();
        if (!double.IsFinite(result.Loss) || !double.IsFinite(norm))
        {
            var layer = LocateDivergence?.Invoke(_network, batch) ?? FirstNotFinite(_gradients.Gradients);
            _gradients.UndoStatistics();
            throw new TrainingDivergedException(_state.Step + 1, layer, result.Loss);
        }
        foreach (var observer in Observers) observer.BeforeUpdate(new(_network, _gradients, batch, _state.Step + 1));

        var rate = Options.Schedule.RateAt(new(_state.Step, StepsPerEpoch, Options.Epochs, _errors));
        if (!(rate >= 0 && double.IsFinite(rate)))
            throw new InvalidOperationException($"The schedule {Options.Schedule.Identity} gives step {_state.Step + 1} the learning rate {rate}; expected a finite number, at least 0");
        // PyTorch's clip_grad_norm_, whose 1e-6 keeps a zero gradient from dividing by zero.
        var scale = Options.MaxGradientNorm is { } greatest ? Math.Min(1, greatest / (norm + 1e-6)) : 1;
        _optimizer.Step(_state.Step + 1, rate, scale);
        _average?.Update(_state.Step);

        var seconds = timer.Elapsed.TotalSeconds;
        _state = _state.After(result.Loss, Correct(result), images, batches, rate, seconds);
        var metrics = new StepMetrics(
            _state.Step, _state.Epoch + 1, _state.Batch, result.Loss, (double)Correct(result) / images, rate, norm, images / seconds);
        foreach (var observer in Observers) observer.OnStep(metrics);
    }

    int StepsPerEpoch => (_batches.Batches + Options.Accumulate - 1) / Options.Accumulate;

    /// <summary>Computes the gradients of a step, over as many batches as it takes or are left in the epoch.</summary>
    /// <returns>Their mean loss and all that were right, the last batch, images and batches.</returns>
    (StepResult Result, TrainingBatch Last, int Images, int Batches) ComputeGradients(TrainingBatch batch)
    {
        // Dropout draws from the step alone, so that a resumed run drops the same.
        _gradients.Step = _state.Step * Options.Accumulate;
        var result = _gradients.Run(batch, DrawAhead);
        var (images, batches) = (batch.Labels.Length, 1);
        if (_mean is null) return (result, batch, images, batches);
        _mean.Begin();
        _mean.Add(_gradients.Gradients, images);
        while (batches < Options.Accumulate && double.IsFinite(result.Loss) && Next() is { } next)
        {
            var more = _gradients.Run(next, DrawAhead);
            _mean.Add(_gradients.Gradients, next.Labels.Length);
            result = new((result.Loss * images + more.Loss * next.Labels.Length) / _mean.Images, Correct(result) + Correct(more));
            (batch, images, batches) = (next, _mean.Images, batches + 1);
        }
        _mean.Take(_gradients.Gradients);
        _gradients.SendGradients();
        return (result, batch, images, batches);
    }

    static int Correct(StepResult result) => result.Correct ?? throw new InvalidOperationException("The gradients are not those of a classifier");

    /// <summary>The first parameter that is not finite or, as backward runs from the end, the last one whose gradient is not.</summary>
    string? FirstNotFinite(ReadOnlySpan<float> gradients)
    {
        foreach (var tensor in _network.Parameters.Tensors)
            if (!IsFinite(tensor.Read())) return tensor.Name;
        foreach (var tensor in _network.Parameters.Tensors.Where(tensor => tensor.Info.IsTrained).Reverse())
            if (!IsFinite(gradients.Slice(tensor.Offset, tensor.Length))) return tensor.Name;
        return null;
    }

    static bool IsFinite(ReadOnlySpan<float> values)
    {
        foreach (var value in values)
            if (!float.IsFinite(value)) return false;
        return true;
    }

    void FinishEpoch()
    {
        // Validation and the best weights are those of the average, where there is one.
        _average?.Swap();
        try
        {
            var metrics = _state.Summarize(Validate?.Invoke(_network));
            var isBest = _state.Best is not { } best || metrics.Score > best.Score;
            _state = _state.After(metrics);
            _errors = ErrorsOf(_state);
            (_drawn, _isDrawn) = (0, false);
            _network.Metrics = metrics.ByName();
            if (Folder is not null) Directory.CreateDirectory(Folder);
            if (isBest && Folder is not null) _network.Save(Path.Combine(Folder, TrainingCheckpoint.Best));
            Best?.Save(_network, _state.History);
        }
        finally
        {
            _average?.Swap();
        }
        SaveLast();
        Best?.Prune(_state.History);
        foreach (var observer in Observers) observer.OnEpoch(_state.History[^1]);
    }

    /// <summary>The history for schedules; kept, since they are asked at every step.</summary>
    static double[] ErrorsOf(TrainingState state) => [.. state.History.Select(epoch => 1 - epoch.Score)];

    void SaveLast()
    {
        _sinceSaved.Restart();
        if (Folder is null) return;
        Directory.CreateDirectory(Folder);
        TrainingCheckpoint.Save(LastPath!, _network, Options, _batches.Identity, _state, _optimizer, _average);
    }
}
