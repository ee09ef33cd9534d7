namespace ResNet.Runtime;

public abstract partial class Network
{
    /// <summary>Loads weights that fill the rest of a stream, as <see cref="Load(string, bool, string?)"/> does from a file. The stream stays open.</summary>
    /// <param name="stream">Safetensors or a PyTorch checkpoint; at most 2 GiB, which are read into memory.</param>
    /// <param name="replaceHead">Whether a last dense layer that does not fit is left out.</param>
    /// <param name="key">The beginning of the names of the tensors to load.</param>
    /// <param name="name">The stream's name in messages.</param>
    /// <exception cref="WeightsException">The content is broken, or its tensors are not this network's.</exception>
    public void Load(Stream stream, bool replaceHead = false, string? key = null, string name = "stream")
    {
        using var file = WeightFile.Open(stream, name);
        Load(file, replaceHead, key, default);
    }

    /// <summary>Loads weights from memory, as <see cref="Load(string, bool, string?)"/> does from a file.</summary>
    /// <param name="content">Safetensors or a PyTorch checkpoint.</param>
    /// <param name="replaceHead">Whether a last dense layer that does not fit is left out.</param>
    /// <param name="key">The beginning of the names of the tensors to load.</param>
    /// <param name="name">The memory's name in messages.</param>
    /// <exception cref="WeightsException">The content is broken, or its tensors are not this network's.</exception>
    public void Load(ReadOnlyMemory<byte> content, bool replaceHead = false, string? key = null, string name = "memory")
    {
        using var file = WeightFile.Open(content, name);
        Load(file, replaceHead, key, default);
    }

    /// <summary>Loads weights from a file on a thread of the pool; see <see cref="Load(string, bool, string?)"/>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="replaceHead">Whether a last dense layer that does not fit is left out.</param>
    /// <param name="key">The beginning of the names of the tensors to load.</param>
    /// <param name="cancellationToken">Ends the loading; the weights are then as they were.</param>
    /// <exception cref="WeightsException">The file is broken, or its tensors are not this network's.</exception>
    public Task LoadAsync(string path, bool replaceHead = false, string? key = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Task.Run(() =>
        {
            using var file = WeightFile.Open(path);
            Load(file, replaceHead, key, cancellationToken);
        }, cancellationToken);
    }

    /// <summary>Loads weights that fill the rest of a stream; see <see cref="Load(Stream, bool, string?, string)"/>.</summary>
    /// <param name="stream">Safetensors or a PyTorch checkpoint; at most 2 GiB, which are read into memory.</param>
    /// <param name="replaceHead">Whether a last dense layer that does not fit is left out.</param>
    /// <param name="key">The beginning of the names of the tensors to load.</param>
    /// <param name="name">The stream's name in messages.</param>
    /// <param name="cancellationToken">Ends the reading or the loading; the weights are then as they were.</param>
    /// <exception cref="WeightsException">The content is broken, or its tensors are not this network's.</exception>
    public async Task LoadAsync(Stream stream, bool replaceHead = false, string? key = null, string name = "stream", CancellationToken cancellationToken = default)
    {
        using var file = await WeightFile.OpenAsync(stream, name, cancellationToken).ConfigureAwait(false);
        await Task.Run(() => Load(file, replaceHead, key, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes the weights as safetensors, with the class names and the preprocessing, to a stream, which stays open.</summary>
    /// <param name="stream">Receives the bytes.</param>
    public void Save(Stream stream)
    {
        var metadata = new Dictionary<string, string>();
        WeightFile.Save(stream, Contents([], metadata), metadata);
    }
}
