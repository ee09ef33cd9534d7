using ResNet.Runtime;
using ResNet.Tool.Data;
using ResNet.Tool.Output;

namespace ResNet.Tool.Embedding;

/// <summary>Files on their way from their names to their embeddings.</summary>
static class EmbeddedFiles
{
    /// <summary>Reads and embeds files, and writes what comes of them.</summary>
    /// <param name="network">The network.</param>
    /// <param name="files">The files.</param>
    /// <param name="batch">The most images per batch.</param>
    /// <param name="results">Is given each embedding.</param>
    /// <param name="streams">For errors and progress.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>The exit code: 1 if a file could not be read.</returns>
    public static async Task<int> WriteAsync(
        Network network, IEnumerable<NamedImage> files, int batch, ResultWriter<EmbeddedFile> results, Streams streams, CancellationToken cancellationToken)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            var embedder = new BatchEmbedder(network, batch);
            var read = ImageReader.Start(files, embedder.PrepareAsync, batch + 2 * Environment.ProcessorCount, stopping.Token);
            return await FileResults.WriteAsync(embedder.EmbedAsync(read, cancellationToken), count: null, results, streams, "Embedding", "Embedded");
        }
        finally
        {
            await stopping.CancelAsync();
        }
    }
}
