using System.Diagnostics;
using ResNet.Runtime.Classification;
using ResNet.Runtime.Data;

namespace ResNet.Runtime.Evaluation;

/// <summary>Measures how well a network classifies a data set.</summary>
public static class Evaluator
{
    /// <summary>Classifies every image. While a batch is computed, the next one is read and preprocessed on other threads.</summary>
    /// <param name="network">The network, its weights loaded.</param>
    /// <param name="dataset">The images.</param>
    /// <param name="options">Protocol, batch size and the like.</param>
    /// <param name="cancellationToken">Stops between images.</param>
    /// <exception cref="DatasetException">An image cannot be read, no image can, or a class is not one of the network's.</exception>
    /// <exception cref="ArgumentException">The network does not classify pictures, or does not take the protocol's views.</exception>
    public static EvaluationResult Evaluate(
        Network network, ImageDataset dataset, EvaluationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        using var ensemble = new Ensemble([network]);
        return Evaluate(ensemble, dataset, options, cancellationToken);
    }

    /// <summary>Classifies every image by the averaged scores of networks. Each image is decoded once, while the batch before it is computed.</summary>
    /// <param name="ensemble">The networks, their weights loaded.</param>
    /// <param name="dataset">The images.</param>
    /// <param name="options">Protocol, batch size and the like.</param>
    /// <param name="cancellationToken">Stops between images.</param>
    /// <exception cref="DatasetException">An image cannot be read, no image can, or a class is not one of the networks'.</exception>
    /// <exception cref="ArgumentException">A network does not take the protocol's views.</exception>
    public static EvaluationResult Evaluate(
        Ensemble ensemble, ImageDataset dataset, EvaluationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(ensemble);
        ArgumentNullException.ThrowIfNull(dataset);
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchSize, 1, nameof(options));
        ArgumentNullException.ThrowIfNull(options.Protocol, nameof(options));
        ArgumentNullException.ThrowIfNull(options.Communicator, nameof(options));
        ensemble.Check(options.Protocol);

        var classes = ensemble.Labels.Count;
        var score = new Score(dataset, ensemble, options);
        var ranks = options.Communicator;
        var (first, end) = ((int)((long)dataset.Count * ranks.Rank / ranks.Size), (int)((long)dataset.Count * (ranks.Rank + 1) / ranks.Size));
        using Batch one = new(ensemble, dataset, end, options), other = new(ensemble, dataset, end, options);
        var (current, next) = (one, other);
        var timer = Stopwatch.StartNew();
        current.Prepare(first, cancellationToken);
        while (current.End > current.First)
        {
            var (ready, waiting) = (current, next);
            var preparing = Task.Run(() => waiting.Prepare(ready.End, cancellationToken), CancellationToken.None);
            try
            {
                var scores = new float[ready.Count * classes];
                ensemble.Score(ready.Views, options.Protocol, scores, Prepared);
                score.Add(ready, scores);
                options.Progress?.Report(new(ready.End - first, end - first, score.Top1));
            }
            finally
            {
                // Its buffers must not outlive the call, nor its error go unseen.
                preparing.GetAwaiter().GetResult();
            }
            (current, next) = (waiting, ready);

            ViewBatch? Prepared()
            {
                // How the work ended is said above.
                ((Task)preparing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing).GetAwaiter().GetResult();
                return preparing.IsCompletedSuccessfully ? waiting.Views : null;
            }
        }
        score.AddRanks(ranks);
        return score.Result(timer.Elapsed);
    }
}
