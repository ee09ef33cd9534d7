using System.Runtime.CompilerServices;
using ResNet.Runtime.Classification;
using ResNet.Runtime.Imaging.Formats;

namespace ResNet.Runtime;

/// <summary>
/// Classifies pictures: a network, or an ensemble, together with its preprocessing, the names of its classes, as they are when the
/// classifier is made, and the views of a picture that it looks at. Every method may be called from any number of threads at once; as many calls compute at a time as the
/// machine has processors, the others wait, so that memory does not grow with the number of callers.
/// </summary>
public sealed class Classifier : IDisposable
{
    readonly Ensemble _ensemble;
    readonly bool _ownsEnsemble;
    readonly ImageOptions _limits;
    readonly SemaphoreSlim _places = new(Environment.ProcessorCount);
    volatile bool _disposed;

    /// <summary>Makes a classifier of a network, which remains the caller's to dispose.</summary>
    /// <param name="network">The network; its weights may change later, and the next call uses them.</param>
    /// <param name="limits">The limits that files keep; the defaults where null.</param>
    /// <param name="protocol">The views of each picture, and the scores that are averaged over them; <see cref="TestProtocol.CenterCrop"/> where null.</param>
    /// <exception cref="ArgumentException">
    /// The network takes neither colored nor gray pictures, yields no vector, has the preprocessing of another input size, or does not take
    /// the protocol's views.
    /// </exception>
    public Classifier(Network network, ImageOptions? limits = null, TestProtocol? protocol = null)
        : this(new Ensemble([network ?? throw new ArgumentNullException(nameof(network))]), limits, protocol, ownsEnsemble: true)
    {
    }

    /// <summary>Makes a classifier of an ensemble, which remains the caller's to dispose.</summary>
    /// <param name="ensemble">The ensemble.</param>
    /// <param name="limits">The limits that files keep; the defaults where null.</param>
    /// <param name="protocol">The views of each picture, and the scores that are averaged over them; <see cref="TestProtocol.CenterCrop"/> where null.</param>
    /// <exception cref="ArgumentException">A network does not take the protocol's views.</exception>
    public Classifier(Ensemble ensemble, ImageOptions? limits = null, TestProtocol? protocol = null) : this(ensemble, limits, protocol, ownsEnsemble: false)
    {
    }

    Classifier(Ensemble ensemble, ImageOptions? limits, TestProtocol? protocol, bool ownsEnsemble)
    {
        ArgumentNullException.ThrowIfNull(ensemble);
        (_ensemble, _ownsEnsemble, _limits, Protocol) = (ensemble, ownsEnsemble, limits ?? ImageOptions.Default, protocol ?? TestProtocol.CenterCrop);
        ensemble.Check(Protocol);
    }

    /// <summary>Opens what <see cref="Network.Save(string)"/> or a training run has saved.</summary>
    /// <param name="path">The file, or the folder of a run: of its weights the best, or else the last.</param>
    /// <param name="device">The device; <see cref="CpuDevice.Shared"/> by default.</param>
    /// <param name="limits">The limits that files keep; the defaults where null.</param>
    /// <param name="protocol">The views of each picture, and the scores that are averaged over them; <see cref="TestProtocol.CenterCrop"/> where null.</param>
    /// <returns>A classifier that disposes its network, but not the device.</returns>
    /// <exception cref="WeightsException">The file is broken, or does not say which network it is of.</exception>
    /// <exception cref="ArgumentException">The network does not classify pictures, or does not take the protocol's views.</exception>
    public static Classifier Open(string path, Device? device = null, ImageOptions? limits = null, TestProtocol? protocol = null)
    {
        var ensemble = Ensemble.Open([path], device);
        try
        {
            return new(ensemble, limits, protocol, ownsEnsemble: true);
        }
        catch
        {
            ensemble.Dispose();
            throw;
        }
    }

    /// <summary>The views of each picture, and the scores that are averaged over them.</summary>
    public TestProtocol Protocol { get; }

    /// <summary>The names of the classes, by index.</summary>
    public IReadOnlyList<string> Labels => _ensemble.Labels;

    /// <summary>
    /// Cuts out the views of a picture for the networks, without computing: for programs that decode many pictures on other threads, and
    /// keep the views alone.
    /// </summary>
    /// <param name="image">A picture of any size.</param>
    /// <returns>The views, for <see cref="ClassifyPrepared"/> of this classifier.</returns>
    /// <exception cref="ImageException">The picture cannot be made an input, being far too long and narrow.</exception>
    public PreparedImage Prepare(Image image) => _ensemble.Prepare(image, Protocol);

    /// <summary>Classifies a picture.</summary>
    /// <param name="image">A picture of any size.</param>
    /// <param name="top">Number of classes; all if there are fewer.</param>
    /// <returns>The likeliest classes, the likeliest first.</returns>
    /// <exception cref="ImageException">The picture cannot be made an input, being far too long and narrow.</exception>
    public IReadOnlyList<Prediction> Classify(Image image, int top = 5)
    {
        ArgumentNullException.ThrowIfNull(image);
        return InPlace(1, () => Compute([image], top)[0], top);
    }

    /// <summary>Classifies a picture.</summary>
    /// <param name="stream">A file of one of the known formats, read from here to its end.</param>
    /// <param name="top">Number of classes; all if there are fewer.</param>
    /// <returns>The likeliest classes, the likeliest first.</returns>
    /// <exception cref="ImageException">The content is no picture, is damaged, or exceeds a limit.</exception>
    public IReadOnlyList<Prediction> Classify(Stream stream, int top = 5)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var content = new MemoryStream();
        ImageContent.Read(stream, content, _limits);
        return InPlace(1, () => Compute([Image.Decode(ImageContent.Bytes(content), _limits)], top)[0], top);
    }

    /// <summary>Classifies a picture.</summary>
    /// <param name="file">The bytes of a file of one of the known formats.</param>
    /// <param name="top">Number of classes; all if there are fewer.</param>
    /// <returns>The likeliest classes, the likeliest first.</returns>
    /// <exception cref="ImageException">The content is no picture, is damaged, or exceeds a limit.</exception>
    public IReadOnlyList<Prediction> Classify(ReadOnlySpan<byte> file, int top = 5) => Classify(Image.Decode(file, _limits), top);

    /// <summary>
    /// Classifies pictures, computing all of them together; where there are several views of each, as many as
    /// have about as many views, so that memory does not grow with the views.
    /// </summary>
    /// <param name="images">Pictures of any sizes.</param>
    /// <param name="top">Number of classes per picture; all if there are fewer.</param>
    /// <returns>For each picture the likeliest classes, the likeliest first.</returns>
    /// <exception cref="ImageException">A picture cannot be made an input, being far too long and narrow.</exception>
    public IReadOnlyList<IReadOnlyList<Prediction>> ClassifyBatch(IReadOnlyList<Image> images, int top = 5)
    {
        ArgumentNullException.ThrowIfNull(images);
        return images.Count == 0 ? [] : InPlace(images.Count, () => Compute(images, top), top);
    }

    /// <summary>Classifies pictures, as <see cref="ClassifyBatch"/> does.</summary>
    /// <param name="images">Pictures that this classifier has prepared.</param>
    /// <param name="top">Number of classes per picture; all if there are fewer.</param>
    /// <returns>For each picture the likeliest classes, the likeliest first.</returns>
    /// <exception cref="ArgumentException">Another classifier has prepared a picture.</exception>
    public IReadOnlyList<IReadOnlyList<Prediction>> ClassifyPrepared(IReadOnlyList<PreparedImage> images, int top = 5)
    {
        ArgumentNullException.ThrowIfNull(images);
        foreach (var image in images)
            if ((image.Ensemble, image.Protocol) != (_ensemble, Protocol)) throw new ArgumentException("Another classifier has prepared a picture", nameof(images));
        return images.Count == 0 ? [] : InPlace(images.Count, () => Best(_ensemble.Score(images, image => image, Protocol), top), top);
    }

    /// <summary>Classifies a picture, without holding a thread while it is read or waits for its turn.</summary>
    /// <param name="stream">A file of one of the known formats, read from here to its end.</param>
    /// <param name="top">Number of classes; all if there are fewer.</param>
    /// <param name="cancellationToken">Stops the reading and the waiting.</param>
    /// <returns>The likeliest classes, the likeliest first.</returns>
    /// <exception cref="ImageException">The content is no picture, is damaged, or exceeds a limit.</exception>
    /// <exception cref="OperationCanceledException">It was canceled.</exception>
    public async Task<IReadOnlyList<Prediction>> ClassifyAsync(Stream stream, int top = 5, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var content = new MemoryStream();
        await ImageContent.ReadAsync(stream, content, _limits, cancellationToken).ConfigureAwait(false);
        return await InPlaceAsync(1, () => Compute([Image.Decode(ImageContent.Bytes(content), _limits)], top)[0], top, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Classifies pictures, in batches: while one is computed, the pictures of the next are asked for.</summary>
    /// <param name="images">Pictures of any sizes, as they come.</param>
    /// <param name="batchSize">Pictures that are computed together.</param>
    /// <param name="top">Number of classes per picture; all if there are fewer.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>For each picture, in order, the likeliest classes, the likeliest first.</returns>
    /// <exception cref="ImageException">A picture cannot be made an input, being far too long and narrow.</exception>
    /// <exception cref="OperationCanceledException">It was canceled.</exception>
    public async IAsyncEnumerable<IReadOnlyList<Prediction>> ClassifyAsync(
        IAsyncEnumerable<Image> images, int batchSize = 16, int top = 5, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        var computing = Task.FromResult<IReadOnlyList<IReadOnlyList<Prediction>>>([]);
        try
        {
            await foreach (var batch in Batches(images, batchSize, cancellationToken).ConfigureAwait(false))
            {
                var before = await computing.ConfigureAwait(false);
                computing = InPlaceAsync(batch.Count, () => Compute(batch, top), top, cancellationToken);
                foreach (var predictions in before) yield return predictions;
            }
            foreach (var predictions in await computing.ConfigureAwait(false)) yield return predictions;
        }
        finally
        {
            // A caller that stops early may dispose the classifier next.
            await ((Task)computing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Releases the classifier, and its network if <see cref="Open"/> has made it. No call may still be running.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _places.Dispose();
        if (_ownsEnsemble) _ensemble.Dispose();
    }

    static async IAsyncEnumerable<List<Image>> Batches(IAsyncEnumerable<Image> images, int size, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var batch = new List<Image>();
        await foreach (var image in images.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            batch.Add(image);
            if (batch.Count < size) continue;
            yield return batch;
            batch = [];
        }
        if (batch.Count > 0) yield return batch;
    }

    /// <summary>Waits for one of the places and computes.</summary>
    T InPlace<T>(int images, Func<T> compute, int top)
    {
        Check(top);
        ClassifierMetrics.BeginWaiting();
        try
        {
            _places.Wait();
        }
        finally
        {
            ClassifierMetrics.EndWaiting();
        }
        try
        {
            return ClassifierMetrics.Count(images, compute);
        }
        finally
        {
            _places.Release();
        }
    }

    /// <inheritdoc cref="InPlace"/>
    async Task<T> InPlaceAsync<T>(int images, Func<T> compute, int top, CancellationToken cancellationToken)
    {
        Check(top);
        ClassifierMetrics.BeginWaiting();
        try
        {
            await _places.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            ClassifierMetrics.EndWaiting();
        }
        try
        {
            return await Task.Run(() => ClassifierMetrics.Count(images, compute), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _places.Release();
        }
    }

    void Check(int top)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
    }

    IReadOnlyList<IReadOnlyList<Prediction>> Compute(IReadOnlyList<Image> images, int top) =>
        Best(_ensemble.Score(images, Prepare, Protocol), top);

    IReadOnlyList<IReadOnlyList<Prediction>> Best(Tensor scores, int top) =>
        [.. Enumerable.Range(0, scores.Shape[0]).Select(i => Prediction.Best(scores[i], Labels, top))];
}
