using System.Runtime.ExceptionServices;
using ResNet.Runtime.Data;

namespace ResNet.Runtime.Evaluation;

/// <summary>A batch of a data set's images, preprocessed.</summary>
sealed class Batch
{
    readonly Preprocessing _preprocessing;
    readonly ImageDataset _dataset;
    readonly bool _skipBroken;
    readonly int _size;
    readonly int _imageLength;
    readonly float[] _images;
    readonly string?[] _reasons;

    public Batch(Network network, ImageDataset dataset, EvaluationOptions options)
    {
        var input = network.Definition.Input;
        if (input.Channels != network.Preprocessing.Channels)
            throw new InvalidOperationException($"Pictures have {network.Preprocessing.Channels} channels, the network's input {input.Channels}");
        _preprocessing = network.Preprocessing;
        _dataset = dataset;
        _skipBroken = options.SkipBroken;
        _size = Math.Min(options.BatchSize, dataset.Count);
        _imageLength = (int)input.Elements;
        _images = new float[checked(_size * _imageLength)];
        _reasons = new string?[_size];
    }

    /// <summary>Index of the batch's first image.</summary>
    public int First { get; private set; }

    /// <summary>Index after its last image.</summary>
    public int End { get; private set; }

    /// <summary>Number of images that could be read.</summary>
    public int Count => Indices.Count;

    /// <summary>The readable images' indices in the data set.</summary>
    public List<int> Indices { get; } = [];

    public List<BrokenImage> Broken { get; } = [];

    /// <summary><see cref="Count"/> × channels × height × width.</summary>
    public ReadOnlyMemory<float> Images => _images.AsMemory(0, Count * _imageLength);

    /// <summary>Reads the images from <paramref name="first"/> on, as many as a batch holds and the data set has.</summary>
    public void Prepare(int first, CancellationToken cancellationToken)
    {
        First = first;
        End = Math.Min(first + _size, _dataset.Count);
        Indices.Clear();
        Broken.Clear();
        try
        {
            Parallel.For(0, End - First, new() { CancellationToken = cancellationToken }, Load);
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
        CloseGaps();
    }

    void Load(int i)
    {
        _reasons[i] = null;
        try
        {
            _preprocessing.Apply(_dataset.Load(First + i), _images.AsSpan(i * _imageLength, _imageLength));
        }
        catch (DatasetException e) when (_skipBroken)
        {
            _reasons[i] = e.Message;
        }
        catch (ImageException e)
        {
            // It can be read, but not made an input: it is far too long and narrow, say.
            var reason = $"{_dataset.NameOf(First + i)}: {e.Message}";
            if (!_skipBroken) throw new DatasetException(reason, e);
            _reasons[i] = reason;
        }
    }

    void CloseGaps()
    {
        for (var i = 0; i < End - First; i++)
        {
            if (_reasons[i] is { } reason)
            {
                Broken.Add(new(First + i, reason));
                continue;
            }
            if (Count != i)
                _images.AsSpan(i * _imageLength, _imageLength).CopyTo(_images.AsSpan(Count * _imageLength));
            Indices.Add(First + i);
        }
    }
}
