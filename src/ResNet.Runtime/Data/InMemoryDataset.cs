using System.Runtime.ExceptionServices;

namespace ResNet.Runtime.Data;

/// <summary>
/// A data set whose images have been decoded once and are kept, 3 bytes per pixel, so that later epochs read no file. Indices, classes
/// and names are the data set's own; an image that could not be read throws at each <see cref="Load"/> what it threw then.
/// </summary>
public sealed class InMemoryDataset : ImageDataset
{
    readonly ImageDataset _dataset;
    readonly Image?[] _images;
    readonly DatasetException?[] _errors;

    internal InMemoryDataset(ImageDataset dataset, IProgress<LoadingProgress>? progress, CancellationToken cancellationToken)
    {
        (_dataset, _images, _errors) = (dataset, new Image?[dataset.Count], new DatasetException?[dataset.Count]);
        var (gate, done, broken) = (new Lock(), 0, 0);
        try
        {
            Parallel.For(0, Count, new() { CancellationToken = cancellationToken }, index =>
            {
                try
                {
                    _images[index] = dataset.Load(index);
                }
                catch (DatasetException e)
                {
                    _errors[index] = e;
                }
                if (progress is null) return;
                // One at a time, so that the numbers only grow.
                lock (gate)
                {
                    if (_errors[index] is not null) broken++;
                    progress.Report(new(++done, Count, broken));
                }
            });
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
        Broken = [.. from index in Enumerable.Range(0, Count) where _errors[index] is not null select new BrokenImage(index, _errors[index]!.Message)];
    }

    /// <summary>The images that could not be read.</summary>
    public IReadOnlyList<BrokenImage> Broken { get; }

    /// <inheritdoc/>
    public override string Description => _dataset.Description;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Classes => _dataset.Classes;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Warnings => _dataset.Warnings;

    /// <inheritdoc/>
    public override int Count => _images.Length;

    /// <inheritdoc/>
    public override int ClassOf(int index) => _dataset.ClassOf(index);

    /// <inheritdoc/>
    public override string NameOf(int index) => _dataset.NameOf(index);

    /// <inheritdoc/>
    public override Image Load(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        // Another exception than the first, which belongs to the thread that is throwing it.
        return _images[index] ?? throw new DatasetException(_errors[index]!.Message, _errors[index]!);
    }
}

/// <summary>The progress of decoding a data set.</summary>
/// <param name="Done">Images done, the broken ones included.</param>
/// <param name="Count">Images of the data set.</param>
/// <param name="Broken">Number of images among those done that could not be read.</param>
public readonly record struct LoadingProgress(int Done, int Count, int Broken);
