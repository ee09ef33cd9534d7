using System.Globalization;
using System.Runtime.ExceptionServices;
using ResNet.Runtime.Devices;
using ResNet.Runtime.Tensors;

namespace ResNet.Runtime.Data;

/// <summary>Options of a <see cref="DataLoader"/>.</summary>
public sealed record DataLoaderOptions
{
    /// <summary>Images of a batch; the last one of an epoch takes the rest, unless <see cref="DropLast"/> is set.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>
    /// Whether the last batch of an epoch is dropped if it is smaller than the others. With <see cref="Shuffle"/>, other images are left
    /// out in each epoch.
    /// </summary>
    public bool DropLast { get; init; }

    /// <summary>Decides order and augmentation.</summary>
    public ulong Seed { get; init; }

    /// <summary>Whether each epoch has an order of its own.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>
    /// Whether each of an epoch's places is drawn anew, first its class and then an image of the class, all with the same probability: rare classes come as often as others, as with
    /// PyTorch's <c>WeightedRandomSampler</c>. An image that comes again in an epoch is augmented differently. <see cref="Shuffle"/> then changes nothing.
    /// </summary>
    public bool Balanced { get; init; }

    /// <summary>The part of each epoch that this loader reads; all of it by default.</summary>
    public DataShard Shard { get; init; } = new(0, 1);

    /// <summary>
    /// Batches that are prepared ahead, each on a thread of its own; 0 to prepare each one when it is asked for, on all processors at once. It changes nothing
    /// but the speed: threads that read ahead take time from a network that computes on every processor, and more of it than their own work.
    /// </summary>
    public int Workers { get; init; } = 2;

    /// <summary>
    /// Receives each image that cannot be read, in order, by the call of <see cref="DataLoader.TryNext"/> that gives its batch, which is
    /// that much smaller. An exception that it throws ends the epoch. If null, such an image ends the epoch.
    /// </summary>
    public Action<DatasetException>? OnBroken { get; init; }
}

/// <summary>
/// Reads a data set in batches, ahead of their use. The batches of an epoch depend on its number and the seed alone.
/// Used from one thread.
/// </summary>
public sealed class DataLoader : IBatchSource, IDisposable
{
    readonly ImageDataset _dataset;
    readonly IAugmentation _augmentation;
    readonly DataLoaderOptions _options;
    readonly CancellationTokenSource _stop;
    readonly CancellationToken _cancellationToken;
    readonly int _imageLength;
    readonly int[] _order;
    readonly BalancedOrder? _balanced;
    // Images of a batch of all shards together.
    readonly long _batchOfAll;
    // One batch is with the caller while the others are prepared; batch b is always in slot b modulo their number.
    readonly Slot[] _slots;
    string? _identity;
    int _epoch = -1;
    int _next;
    bool _disposed;

    /// <summary>Prepares to read; reading begins with the first batch that is asked for.</summary>
    /// <param name="dataset">Images of any sizes that the augmentation can do with.</param>
    /// <param name="augmentation">The augmentation of each image.</param>
    /// <param name="options">Batch size, seed and workers.</param>
    /// <param name="cancellationToken">
    /// Ends the reading: <see cref="TryNext"/> throws <see cref="OperationCanceledException"/>. A trainer that is to save before it stops
    /// has a token of its own.
    /// </param>
    /// <exception cref="ArgumentException">The batch size is not positive, the workers are negative, a batch is too large for an array, there is no batch, or a balanced order would read a block of images for each image.</exception>
    public DataLoader(ImageDataset dataset, IAugmentation augmentation, DataLoaderOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(augmentation);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dataset.Count);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.BatchSize);
        ArgumentOutOfRangeException.ThrowIfNegative(options.Workers);
        ArgumentOutOfRangeException.ThrowIfNegative(options.Shard.Index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(options.Shard.Index, options.Shard.Count);
        var capacity = Math.Min(options.BatchSize, dataset.Count);
        if (capacity * augmentation.Output.Elements > Array.MaxLength)
            throw new ArgumentException($"A batch of {capacity} images of {augmentation.Output} values is too large for an array", nameof(options));
        if (options.Balanced && dataset.BlocksAtOnce is { } blocks)
            throw new ArgumentException(
                $"{nameof(options.Balanced)} takes images from anywhere, of {dataset.Description} only {blocks} row groups can be kept in memory, and one would be read for each image; raise CacheBytes of the data set's options until all are kept, or weigh the classes in the loss instead", nameof(options));
        (_dataset, _augmentation, _options) = (dataset, augmentation, options);
        _imageLength = (int)augmentation.Output.Elements;
        _order = new int[dataset.Count];
        if (options.Balanced) _balanced = new(dataset, options.Seed);
        _batchOfAll = (long)options.BatchSize * options.Shard.Count;
        if (Batches == 0)
            throw new ArgumentException($"Without the last batch, {dataset.Count} images are not one batch of {_batchOfAll}", nameof(options));
        _slots = [.. Enumerable.Range(0, Math.Min(options.Workers, Batches) + 1).Select(_ => new Slot(new float[capacity * _imageLength], new int[capacity]))];
        _cancellationToken = cancellationToken;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    }

    /// <inheritdoc/>
    // Kept, since it takes all the names, and every checkpoint asks for it.
    public string Identity => _identity ??= string.Create(CultureInfo.InvariantCulture,
        $"{_dataset.Count} images ({Checksum():x16}), batches of {_options.BatchSize}, seed {_options.Seed}, {(_options.Balanced ? "balanced" : _options.Shuffle ? ShuffledOrder.Describe(_dataset) : "in order")}{(_options.Shard.Count == 1 ? "" : $", {_options.Shard}")}{(_options.DropLast ? ", without a smaller last batch" : "")}, {_augmentation.Identity}");

    /// <summary>Number of batches of an epoch, the same for every shard. Fewer come where every image of one cannot be read.</summary>
    public int Batches => (int)((_dataset.Count + (_options.DropLast ? 0 : _batchOfAll - 1)) / _batchOfAll);

    /// <summary>Number of images in the last batch, the smallest of an epoch if every image can be read.</summary>
    public int? SmallestBatch => (int)ShareOf(Batches - 1).Count;

    /// <summary>Gives the next batch of an epoch. After an exception, the next call starts the epoch from its first batch.</summary>
    /// <param name="epoch">Epoch, from 0 on. Another one than at the last call starts that epoch from its first batch.</param>
    /// <param name="batch">The batch, of at least one image.</param>
    /// <returns>False at the epoch's end.</returns>
    /// <exception cref="DatasetException">An image cannot be read, or is of a size that the augmentation does not take; the message names it. Or a shard would lack a batch.</exception>
    /// <exception cref="OperationCanceledException">The reading was canceled.</exception>
    public bool TryNext(int epoch, out TrainingBatch batch)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        _cancellationToken.ThrowIfCancellationRequested();
        if (epoch != _epoch) Start(epoch);
        try
        {
            while (_next < Batches)
            {
                // The caller is done with the slot of the batch before.
                Prepare(_next + _slots.Length - 1);
                var slot = _slots[_next++ % _slots.Length];
                var count = slot.Work.GetAwaiter().GetResult();
                foreach (var broken in slot.Broken) _options.OnBroken!(broken);
                if (count == 0 && _options.Shard.Count == 1) continue;
                if (count == 0) throw new DatasetException($"{_options.Shard}: no image of batch {_next} can be read, and the other shards have theirs");
                batch = new(slot.Images.AsMemory(0, count * _imageLength), slot.Labels.AsMemory(0, count));
                return true;
            }
        }
        catch (OperationCanceledException) when (_cancellationToken.IsCancellationRequested)
        {
            _epoch = -1;
            // With the caller's own token.
            throw new OperationCanceledException(_cancellationToken);
        }
        catch
        {
            _epoch = -1;
            throw;
        }
        batch = default;
        return false;
    }

    /// <summary>Stops reading ahead.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _stop.Cancel();
        Drain();
        _stop.Dispose();
    }

    /// <summary>Tells data sets apart wherever they lie: file names and classes of all images in order, by Fowler, Noll and Vo's hash.</summary>
    ulong Checksum()
    {
        var hash = 0xCBF29CE484222325;
        for (var i = 0; i < _dataset.Count; i++)
            hash = unchecked((hash ^ CounterRandom.Fnv1a(Path.GetFileName(_dataset.NameOf(i))) ^ (uint)_dataset.ClassOf(i)) * 0x100000001B3);
        return hash;
    }

    void Start(int epoch)
    {
        Drain();
        (_epoch, _next) = (epoch, 0);
        for (var i = 0; i < _order.Length; i++) _order[i] = i;
        if (_balanced is not null) _balanced.Draw(epoch, _order);
        else if (_options.Shuffle) ShuffledOrder.Apply(new(new CounterRandom(_options.Seed, "order")[epoch]), _dataset, _order);
        for (var ahead = 0; ahead < _slots.Length - 1; ahead++) Prepare(ahead);
    }

    void Prepare(int number)
    {
        if (number >= Batches) return;
        var (slot, epoch) = (_slots[number % _slots.Length], _epoch);
        slot.Work = Task.Run(() => Read(slot, epoch, number), _stop.Token);
    }

    int Read(Slot slot, int epoch, int number)
    {
        slot.Broken.Clear();
        var (first, share) = ShareOf(number);
        var found = new DatasetException?[share];
        try
        {
            var processors = _options.Workers == 0 ? Environment.ProcessorCount : 1;
            Parallel.For(0, (int)share, new() { CancellationToken = _stop.Token, MaxDegreeOfParallelism = processors }, i => found[i] = TryRead(slot, epoch, first, i));
        }
        catch (AggregateException e)
        {
            // With its own stack.
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
        var count = 0;
        for (var i = 0; i < share; i++)
        {
            if (found[i] is { } broken)
            {
                if (_options.OnBroken is null) ExceptionDispatchInfo.Throw(broken);
                slot.Broken.Add(broken);
                continue;
            }
            if (count < i) slot.Move(i, count, _imageLength);
            count++;
        }
        return count;
    }

    /// <summary>Reads a batch's image <paramref name="i"/> to its place.</summary>
    DatasetException? TryRead(Slot slot, int epoch, long first, int i)
    {
        _stop.Token.ThrowIfCancellationRequested();
        var place = (int)((first + i) % _order.Length);
        var index = _order[place];
        try
        {
            Read(index, _balanced?.SeedOf(place) ?? _options.Seed, epoch, slot.Images.AsSpan(i * _imageLength, _imageLength));
            slot.Labels[i] = _dataset.ClassOf(index);
            return null;
        }
        catch (DatasetException e)
        {
            return e;
        }
    }

    /// <summary>This shard's places of a batch in the order. The last batch begins the order anew until every shard has as many images.</summary>
    (long First, long Count) ShareOf(int number)
    {
        var (first, shards) = (number * _batchOfAll, _options.Shard.Count);
        var count = (Math.Min(_batchOfAll, _order.Length - first) + shards - 1) / shards;
        return (first + _options.Shard.Index * count, count);
    }

    void Read(int index, ulong seed, int epoch, Span<float> to)
    {
        try
        {
            _augmentation.Apply(_dataset.Load(index), seed, epoch, index, to);
        }
        catch (ImageException e)
        {
            throw _dataset.Unusable(index, e);
        }
    }

    /// <summary>Waits until no worker reads; how their work ended no longer matters.</summary>
    void Drain()
    {
        foreach (var slot in _slots)
            ((Task)slot.Work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing).GetAwaiter().GetResult();
    }

    sealed class Slot(float[] images, int[] labels)
    {
        public float[] Images { get; } = images;

        public int[] Labels { get; } = labels;

        public List<DatasetException> Broken { get; } = [];

        public Task<int> Work { get; set; } = Task.FromResult(0);

        public void Move(int from, int to, int imageLength)
        {
            Images.AsSpan(from * imageLength, imageLength).CopyTo(Images.AsSpan(to * imageLength));
            Labels[to] = Labels[from];
        }
    }
}
