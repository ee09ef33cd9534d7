using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ResNet.Runtime;

namespace ResNet.Tool.Classification;

/// <summary>Classifies files in batches, in their order, while others are read.</summary>
/// <param name="network">The network.</param>
/// <param name="batch">The most images per forward pass.</param>
/// <param name="top">How many classes per image.</param>
sealed class BatchClassifier(Network network, int batch, int top)
{
    readonly int _inputLength = (int)network.Definition.Input.Elements;

    /// <summary>Classifies files as they come: a batch is what has been found so far, at most.</summary>
    public async IAsyncEnumerable<ClassifiedFile> ClassifyAsync(
        ChannelReader<Task<ReadImage>> images, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var session = network.CreateSession();
        var (inputs, logits) = (new float[batch * _inputLength], new float[batch * network.Labels.Count]);
        var files = new List<ReadImage>(batch);
        while (await images.WaitToReadAsync(cancellationToken))
        {
            while (files.Count < batch && images.TryRead(out var next)) files.Add(await next);
            cancellationToken.ThrowIfCancellationRequested();
            Compute(session, files, inputs, logits);
            var computed = 0;
            foreach (var file in files)
            {
                yield return file.Error is { } error
                    ? new(file.Path, [], error)
                    : new(file.Path, Prediction.Best(logits.AsSpan(computed++ * network.Labels.Count, network.Labels.Count), network.Labels, top));
            }
            files.Clear();
        }
    }

    /// <summary>Computes the logits of those files that could be read.</summary>
    void Compute(Session session, List<ReadImage> files, float[] inputs, float[] logits)
    {
        var count = 0;
        foreach (var file in files)
            if (file.Input is { } input) input.Data.CopyTo(inputs.AsSpan(count++ * _inputLength));
        if (count > 0) session.Predict(inputs.AsSpan(0, count * _inputLength), count, logits.AsSpan(0, count * network.Labels.Count));
    }
}
