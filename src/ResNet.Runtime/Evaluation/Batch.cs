using System.Runtime.ExceptionServices;
using ResNet.Runtime.Classification;
using ResNet.Runtime.Data;

namespace ResNet.Runtime.Evaluation;

/// <summary>A batch of a data set's images, preprocessed.</summary>
sealed class Batch : IDisposable
{
    readonly Ensemble _ensemble;
    readonly TestProtocol _protocol;
    readonly ImageDataset _dataset;
    readonly int _end;
    readonly bool _skipBroken;
    readonly PreparedImage?[] _images;
    readonly string?[] _reasons;

    /// <param name="ensemble">The networks.</param>
    /// <param name="dataset">The images.</param>
    /// <param name="end">Index after the last image that is read.</param>
    /// <param name="options">Protocol and batch size.</param>
    public Batch(Ensemble ensemble, ImageDataset dataset, int end, EvaluationOptions options)
    {
        (_ensemble, _protocol, _dataset, _end, _skipBroken) = (ensemble, options.Protocol, dataset, end, options.SkipBroken);
        var size = Math.Min(Ensemble.PicturesOf(options.BatchSize, options.Protocol), dataset.Count);
        _images = new PreparedImage?[size];
        _reasons = new string?[size];
        Views = ensemble.NewBatch();
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

    /// <summary>The views of the readable images.</summary>
    public ViewBatch Views { get; }

    /// <summary>Reads the images from <paramref name="first"/> on, as many as a batch holds and there are.</summary>
    public void Prepare(int first, CancellationToken cancellationToken)
    {
        First = first;
        End = Math.Min(first + _images.Length, _end);
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
        for (var i = 0; i < End - First; i++)
        {
            if (_reasons[i] is { } reason) Broken.Add(new(First + i, reason));
            else Indices.Add(First + i);
        }
        Views.Fill([.. Indices.Select(index => _images[index - First]!)]);
    }

    public void Dispose() => Views.Dispose();

    void Load(int i)
    {
        _reasons[i] = null;
        try
        {
            _images[i] = _ensemble.Prepare(_dataset.Load(First + i), _protocol);
        }
        catch (DatasetException e) when (_skipBroken)
        {
            _reasons[i] = e.Message;
        }
        catch (ImageException e)
        {
            // It can be read, but not made an input: it is far too long and narrow, say.
            if (!_skipBroken) throw _dataset.Unusable(First + i, e);
            _reasons[i] = _dataset.Unusable(First + i, e).Message;
        }
    }
}
