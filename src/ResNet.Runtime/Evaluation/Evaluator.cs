using System.Diagnostics;
using ResNet.Runtime.Data;

namespace ResNet.Runtime.Evaluation;

/// <summary>Measures how well a network classifies a data set.</summary>
public static class Evaluator
{
    /// <summary>Classifies every image. While a batch is computed, the next one is read and preprocessed on other threads.</summary>
    /// <param name="network">The network, its weights loaded.</param>
    /// <param name="dataset">The images.</param>
    /// <param name="options">Batch size and the like.</param>
    /// <param name="cancellationToken">Stops between images.</param>
    /// <exception cref="DatasetException">An image cannot be read, no image can, or a class is not one of the network's.</exception>
    /// <exception cref="InvalidOperationException">The network does not take pictures of three channels.</exception>
    public static EvaluationResult Evaluate(
        Network network, ImageDataset dataset, EvaluationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(dataset);
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchSize, 1, nameof(options));

        using var session = network.CreateSession();
        var classes = network.Labels.Count;
        var score = new Score(dataset, network.Labels, options.KeepPredictions);
        var logits = new float[checked(Math.Min(options.BatchSize, dataset.Count) * classes)];
        var (current, next) = (new Batch(network, dataset, options), new Batch(network, dataset, options));
        var timer = Stopwatch.StartNew();
        current.Prepare(0, cancellationToken);
        var images = current.Images;
        while (current.End > current.First)
        {
            var (ready, waiting) = (current, next);
            var preparing = Task.Run(() => waiting.Prepare(ready.End, cancellationToken), CancellationToken.None);
            ReadOnlyMemory<float>? sent = null;
            try
            {
                var output = logits.AsSpan(0, ready.Count * classes);
                if (ready.Count > 0) session.Predict(images.Span, ready.Count, output, SendAhead);
                score.Add(ready, output);
                options.Progress?.Report(new(ready.End, dataset.Count, score.Top1));
            }
            finally
            {
                // Its buffers must not outlive the call, nor its error go unseen.
                preparing.GetAwaiter().GetResult();
            }
            (current, next) = (waiting, ready);
            images = sent ?? current.Images;

            void SendAhead()
            {
                // How the work ended is said below.
                ((Task)preparing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing).GetAwaiter().GetResult();
                if (preparing.IsCompletedSuccessfully && waiting.Count > 0) sent = session.Prepare(waiting.Images, waiting.Count);
            }
        }
        return score.Result(timer.Elapsed);
    }
}
