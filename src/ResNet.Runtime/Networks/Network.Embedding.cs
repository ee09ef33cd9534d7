namespace ResNet.Runtime;

public abstract partial class Network
{
    Network? _withoutHead;

    /// <summary>
    /// The network that computes the features which the head reads (<see cref="Dsl.NetworkDefinition.WithoutHead"/>), over the same parameters: weights that are
    /// loaded or trained here are its own, too, and so is its preprocessing at the first call. It lives as long as this network, which disposes it, or until it is disposed.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is no head, or it stands within a unit or a branch.</exception>
    /// <exception cref="ObjectDisposedException">The network is disposed.</exception>
    public Network WithoutHead()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_withoutHead is { _disposed: false }) return _withoutHead;
        }
        // Outside of the lock, which the parameters take; a caller may have disposed the one before, as one may.
        var features = Reform(Definition.WithoutHead());
        lock (_lock)
        {
            if (!_disposed && _withoutHead is not { _disposed: false }) return _withoutHead = features;
        }
        features.Dispose();
        return WithoutHead();
    }

    /// <summary>Computes a picture's embedding: the features that the head reads, by which similar pictures are found.</summary>
    /// <param name="image">A picture of any size.</param>
    /// <param name="normalize">Whether the features are divided by their Euclidean norm, so that a dot product of two embeddings is their cosine similarity.</param>
    /// <returns>As many values as <see cref="WithoutHead"/> has outputs: 512 of ResNet-18, 2048 of ResNet-50.</returns>
    /// <exception cref="InvalidOperationException">The network cannot be cut before its head, or its input does not have the channels of <see cref="Preprocessing"/>.</exception>
    public float[] Embed(Image image, bool normalize = false) => Embed(Prepare(image), normalize).Data.ToArray();

    /// <summary>Computes the embeddings of a batch.</summary>
    /// <param name="images">batch × channels × height × width, normalized.</param>
    /// <param name="normalize">Whether each image's features are divided by their Euclidean norm. Features that are all zero stay as they are.</param>
    /// <returns>batch × features.</returns>
    /// <exception cref="ArgumentException">The shape is not that of a batch of the network's inputs.</exception>
    /// <exception cref="InvalidOperationException">The network cannot be cut before its head.</exception>
    public Tensor Embed(Tensor images, bool normalize = false)
    {
        var features = WithoutHead().Predict(images);
        if (normalize) features.NormalizeItems();
        return features;
    }
}
