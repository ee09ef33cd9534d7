using System.Diagnostics;
using System.Numerics.Tensors;
using ResNet.Runtime.Evaluation;

namespace ResNet.Runtime.Embeddings;

/// <summary>
/// Classifies embeddings by those that are nearest to them, without any training, which measures how well features separate classes. Of the k most similar images, each
/// votes for its class with the weight exp(similarity / temperature) (Wu et al. 2018, section 3.4; Caron et al. 2021, "DINO", takes k = 20 and 0.07).
/// </summary>
public static class NearestNeighbors
{
    /// <summary>Measures the share of images that are classified correctly.</summary>
    /// <param name="known">Images whose classes are known.</param>
    /// <param name="asked">Images to classify, of the same network and classes.</param>
    /// <param name="neighbors">Number of neighbors that vote; all if there are fewer.</param>
    /// <param name="temperature">The smaller, the more the nearest count.</param>
    /// <param name="cancellationToken">Stops between images.</param>
    /// <exception cref="ArgumentException">The embeddings differ in length, or the classes in number; or there are no images.</exception>
    public static EvaluationResult Evaluate(
        EmbeddedDataset known, EmbeddedDataset asked, int neighbors = 20, double temperature = 0.07, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(known);
        ArgumentNullException.ThrowIfNull(asked);
        ArgumentOutOfRangeException.ThrowIfLessThan(neighbors, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(temperature);
        Probe.Check(known, asked);
        var timer = Stopwatch.StartNew();
        var (keys, queries) = (known.Normalized(), asked.Normalized());
        var votes = new Tensor(asked.Labels.Count, known.Classes.Count);
        Parallel.For(0, asked.Labels.Count, new() { CancellationToken = cancellationToken }, () => new (float Difference, int Index)[known.Labels.Count], (i, _, nearest) =>
        {
            for (var j = 0; j < nearest.Length; j++) nearest[j] = (-TensorPrimitives.Dot<float>(queries[i], keys[j]), j);
            // By similarity and, of equal ones, by position.
            Array.Sort(nearest);
            // Beside the nearest one, so that some vote is never too small for a number.
            for (var j = 0; j < Math.Min(neighbors, nearest.Length); j++)
                votes[i][known.Labels[nearest[j].Index]] += (float)Math.Exp(((double)nearest[0].Difference - nearest[j].Difference) / temperature);
            return nearest;
        }, _ => { });
        return Probe.Score(votes, asked.Labels, timer.Elapsed);
    }
}
