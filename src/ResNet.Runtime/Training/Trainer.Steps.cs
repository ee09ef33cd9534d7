using System.Diagnostics;
using System.Runtime.ExceptionServices;
using ResNet.Runtime.Devices;

namespace ResNet.Runtime.Training;

public sealed partial class Trainer
{
    bool RunEpoch(CancellationToken cancellationToken)
    {
        var timer = Stopwatch.StartNew();
        while (true)
        {
            var (batch, agreed) = Agree(cancellationToken);
            if (agreed.Failure is not null)
            {
                // Nothing is lost of what all ranks have made together.
                SaveLast();
                _ranks.Meet();
                ExceptionDispatchInfo.Throw(agreed.Failure);
            }
            if (agreed.Stops) return false;
            if (batch is not { } given) return true;
            MakeStep(given, agreed.Images, timer);
            if (CompareEvery > 0 && _state.Step % CompareEvery == 0) _ranks.CompareWeights(_state.Step, _network.Parameters);
            if (_sinceSaved.Elapsed >= CheckpointInterval) SaveLast();
            timer.Restart();
        }
    }

    /// <summary>Draws the next batch, null at the epoch's end, and agrees with the other ranks on it: all of them stop if one does, and none goes on if one cannot.</summary>
    (TrainingBatch? Batch, Agreement Agreed) Agree(CancellationToken cancellationToken)
    {
        var stops = cancellationToken.IsCancellationRequested;
        TrainingBatch? batch = null;
        Exception? failure = null;
        try
        {
            batch = stops ? null : Next();
        }
        catch (Exception exception) when (_ranks.Count > 1)
        {
            failure = exception;
        }
        var agreed = _ranks.Agree(batch?.Labels.Length ?? 0, stops, failure, isAtEnd: batch is null && !stops && failure is null);
        if (agreed.Stops && batch is not null) _ahead = Task.FromResult(batch);
        return (batch, agreed);
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

    /// <summary>Draws the next batch, while the device computes the present one. A failure is told when the turn has come.</summary>
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

    void MakeStep(TrainingBatch first, int imagesOfFirst, Stopwatch timer)
    {
        var (own, batch, images, batches) = ComputeGradients(first, imagesOfFirst);
        var result = Complete(own);
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
    /// <returns>This rank's share of their mean loss, all of its images that were right, the last batch, images of all ranks and batches.</returns>
    (StepResult Result, TrainingBatch Last, int Images, int Batches) ComputeGradients(TrainingBatch batch, int images)
    {
        // The choices of dropout follow from the step alone, so that a resumed run drops the same.
        _gradients.Step = _state.Step * Options.Accumulate;
        _exchange?.Begin(images);
        var result = _gradients.Run(batch, DrawAhead);
        var batches = 1;
        if (_mean is null) return (result, batch, images, batches);
        _mean.Begin();
        _mean.Add(_gradients.Gradients, images);
        // Of several ranks, each has its own loss, and all go on.
        while (batches < Options.Accumulate && (_ranks.Count > 1 || double.IsFinite(result.Loss)))
        {
            var (drawn, (imagesOfNext, _, failure)) = Agree(CancellationToken.None);
            if (failure is not null) ExceptionDispatchInfo.Throw(failure);
            if (drawn is not { } next) break;
            _exchange?.Begin(imagesOfNext);
            var more = _gradients.Run(next, DrawAhead);
            _mean.Add(_gradients.Gradients, imagesOfNext);
            result = new((result.Loss * images + more.Loss * imagesOfNext) / _mean.Images, Correct(result) + Correct(more));
            (batch, images, batches) = (next, _mean.Images, batches + 1);
        }
        _mean.Take(_gradients.Gradients);
        _gradients.SendGradients();
        return (result, batch, images, batches);
    }

    /// <summary>Makes the gradients of all ranks of this one's, and their loss and right guesses; gives all of them the running statistics of the first.</summary>
    StepResult Complete(StepResult own)
    {
        if (_exchange is null) return own;
        _exchange.Complete();
        if (!Options.SyncBatchNorm) _ranks.ShareStatistics(_network.Parameters);
        Span<double> sums = [own.Loss, Correct(own)];
        _ranks.SumMeasured(sums);
        return new(sums[0], (int)sums[1]);
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
}
