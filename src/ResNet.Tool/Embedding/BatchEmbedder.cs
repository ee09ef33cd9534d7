using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ResNet.Runtime;
using ResNet.Tool.Data;
using ResNet.Tool.Output;

namespace ResNet.Tool.Embedding;

/// <summary>The embedding of a file.</summary>
/// <param name="Path">The file.</param>
/// <param name="Vector">The embedding; null if the file cannot be read.</param>
/// <param name="Error">The reason why it cannot be; null if it is.</param>
sealed record EmbeddedFile(string Path, float[]? Vector, string? Error = null) : FileResult(Path, Error);

/// <summary>Embeds files in batches, in their order, while others are read.</summary>
/// <param name="network">The network.</param>
/// <param name="batch">The most images per batch.</param>
sealed class BatchEmbedder(Network network, int batch)
{
    /// <summary>Makes a decoded picture the network's input.</summary>
    public Task<Tensor> PrepareAsync(Image image) => Task.FromResult(network.Prepare(image));

    /// <summary>Embeds files as they come: a batch is what has been found so far, at most.</summary>
    public async IAsyncEnumerable<EmbeddedFile> EmbedAsync(ChannelReader<Task<ReadImage<Tensor>>> images, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var files = new List<ReadImage<Tensor>>(batch);
        while (await images.WaitToReadAsync(cancellationToken))
        {
            while (files.Count < batch && images.TryRead(out var next)) files.Add(await next);
            cancellationToken.ThrowIfCancellationRequested();
            var vectors = new Queue<float[]>(Embed([.. files.Select(file => file.Image).OfType<Tensor>()]));
            foreach (var file in files) yield return new(file.Path, file.Error is null ? vectors.Dequeue() : null, file.Error);
            files.Clear();
        }
    }

    IEnumerable<float[]> Embed(IReadOnlyList<Tensor> inputs)
    {
        if (inputs.Count == 0) return [];
        var input = network.Definition.Input;
        var images = new Tensor(inputs.Count, input.Channels, input.Height, input.Width);
        for (var i = 0; i < inputs.Count; i++) inputs[i].Data.CopyTo(images[i]);
        var vectors = network.Embed(images);
        return Enumerable.Range(0, inputs.Count).Select(i => vectors[i].ToArray());
    }
}
