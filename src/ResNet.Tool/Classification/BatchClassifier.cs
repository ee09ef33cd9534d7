using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ResNet.Runtime;
using ResNet.Tool.Data;

namespace ResNet.Tool.Classification;

/// <summary>Classifies files in batches, in their order, while others are read.</summary>
/// <param name="classifier">The classifier.</param>
/// <param name="batch">The most images per batch.</param>
/// <param name="top">Number of classes per image.</param>
sealed class BatchClassifier(Classifier classifier, int batch, int top)
{
    /// <summary>Classifies files as they come: a batch is what has been found so far, at most.</summary>
    public async IAsyncEnumerable<ClassifiedFile> ClassifyAsync(
        ChannelReader<Task<ReadImage<PreparedImage>>> images, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var files = new List<ReadImage<PreparedImage>>(batch);
        while (await images.WaitToReadAsync(cancellationToken))
        {
            while (files.Count < batch && images.TryRead(out var next)) files.Add(await next);
            cancellationToken.ThrowIfCancellationRequested();
            var predictions = new Queue<IReadOnlyList<Prediction>>(classifier.ClassifyPrepared([.. files.Select(file => file.Image).OfType<PreparedImage>()], top));
            foreach (var file in files) yield return new(file.Path, file.Error is null ? predictions.Dequeue() : [], file.Error);
            files.Clear();
        }
    }
}
