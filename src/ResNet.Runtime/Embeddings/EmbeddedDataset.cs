using ResNet.Runtime.Data;

namespace ResNet.Runtime.Embeddings;

/// <summary>The embeddings of labeled images: what is left to learn from is a matrix.</summary>
/// <param name="Vectors">images × features, not normalized.</param>
/// <param name="Labels">The class of each image.</param>
/// <param name="Classes">Names of the classes.</param>
public sealed record EmbeddedDataset(Tensor Vectors, IReadOnlyList<int> Labels, IReadOnlyList<string> Classes)
{
    const int BatchSize = 32;

    /// <summary>Embeds every image, prepared as for classification: resized and cropped in the middle. While a batch is computed, others are read on other threads.</summary>
    /// <param name="network">The network; its weights loaded.</param>
    /// <param name="dataset">The images.</param>
    /// <param name="progress">Receives the number of images that are done.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <exception cref="DatasetException">An image cannot be read.</exception>
    /// <exception cref="InvalidOperationException">The network cannot be cut before its head.</exception>
    public static EmbeddedDataset Of(Network network, ImageDataset dataset, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(dataset);
        var features = network.WithoutHead();
        var (length, input) = ((int)features.Definition.Output.Elements, features.Definition.Input);
        var (vectors, labels) = (new Tensor(dataset.Count, length), new int[dataset.Count]);
        using var loader = new DataLoader(dataset, new Unchanged(network.Preprocessing), new() { BatchSize = BatchSize, Shuffle = false, Workers = Environment.ProcessorCount }, cancellationToken);
        for (var done = 0; loader.TryNext(0, out var batch);)
        {
            var count = batch.Labels.Length;
            var computed = features.Predict(new Tensor(batch.Images.ToArray(), count, input.Channels, input.Height, input.Width));
            computed.Data.CopyTo(vectors.Data[(done * length)..]);
            batch.Labels.Span.CopyTo(labels.AsSpan(done));
            done += count;
            progress?.Report(done);
        }
        return new(vectors, labels, dataset.Classes);
    }

    /// <summary>Number of values of an embedding.</summary>
    public int Length => Vectors.Shape[1];

    /// <summary>The embeddings, each divided by its Euclidean norm.</summary>
    internal Tensor Normalized()
    {
        var normalized = new Tensor(Vectors.Data.ToArray(), Vectors.Shape);
        normalized.NormalizeItems();
        return normalized;
    }
}
