using Microsoft.Extensions.AI;
using ResNet.Runtime;

namespace ResNet.Extensions.AI;

/// <summary>
/// A network as an embedding generator of Microsoft.Extensions.AI: it turns a picture (a file of a known format, as data) into a vector for programs that store and
/// compare vectors. It may be called from any number of threads at once; as many calls compute at a time as the machine has processors.
/// </summary>
public sealed class ImageEmbeddingGenerator : IEmbeddingGenerator<DataContent, Embedding<float>>
{
    const int BatchSize = 16;

    readonly Network _network;
    readonly bool _normalize;
    readonly ImageOptions? _limits;
    readonly SemaphoreSlim _places = new(Environment.ProcessorCount);
    readonly EmbeddingGeneratorMetadata _metadata;
    readonly int _length;

    /// <summary>Makes a generator of a network, which remains the caller's to dispose.</summary>
    /// <param name="network">The network, its weights loaded.</param>
    /// <param name="normalize">Whether embeddings have the Euclidean norm 1, as most stores of vectors expect.</param>
    /// <param name="limits">The limits that files keep; the defaults where null.</param>
    /// <exception cref="InvalidOperationException">The network cannot be cut before its head.</exception>
    public ImageEmbeddingGenerator(Network network, bool normalize = true, ImageOptions? limits = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        (_network, _normalize, _limits) = (network, normalize, limits);
        _length = (int)network.WithoutHead().Definition.Output.Elements;
        _metadata = new("ResNet.Runtime", providerUri: null, defaultModelId: network.Definition.Name, defaultModelDimensions: _length);
    }

    /// <summary>Embeds pictures.</summary>
    /// <param name="values">The pictures, each the bytes of a file.</param>
    /// <param name="options">Number of dimensions, which has to be the network's if it is given; nothing else is read.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>An embedding for each picture, in their order.</returns>
    /// <exception cref="ImageException">A picture is damaged, of an unknown format, or exceeds a limit.</exception>
    /// <exception cref="ArgumentException">Another number of dimensions is asked for.</exception>
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<DataContent> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (options?.Dimensions is { } dimensions && dimensions != _length)
            throw new ArgumentException($"{_network.Definition.Name} has embeddings of {_length} dimensions, not {dimensions}", nameof(options));
        var embeddings = new GeneratedEmbeddings<Embedding<float>>();
        foreach (var batch in values.Chunk(BatchSize))
        {
            await _places.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                embeddings.AddRange(await Task.Run(() => Embed(batch), cancellationToken).ConfigureAwait(false));
            }
            finally
            {
                _places.Release();
            }
        }
        return embeddings;
    }

    /// <summary>Returns a service of the generator: itself, its metadata, or its network.</summary>
    /// <param name="serviceType">The type that is asked for.</param>
    /// <param name="serviceKey">A key; with one, nothing is found.</param>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(EmbeddingGeneratorMetadata) ? _metadata
            : serviceType.IsInstanceOfType(this) ? this
            : serviceType.IsInstanceOfType(_network) ? _network
            : null;
    }

    /// <summary>Releases the generator; the network stays. No call may still be running.</summary>
    public void Dispose() => _places.Dispose();

    List<Embedding<float>> Embed(DataContent[] pictures)
    {
        var input = _network.Definition.Input;
        var images = new Tensor(pictures.Length, input.Channels, input.Height, input.Width);
        for (var i = 0; i < pictures.Length; i++) _network.Prepare(Image.Decode(pictures[i].Data.Span, _limits)).Data.CopyTo(images[i]);
        var vectors = _network.Embed(images, _normalize);
        var created = DateTimeOffset.UtcNow;
        return [.. Enumerable.Range(0, pictures.Length).Select(i => new Embedding<float>(vectors[i].ToArray()) { ModelId = _network.Definition.Name, CreatedAt = created })];
    }
}
