using ResNet.Runtime.Communication;
using ResNet.Runtime.Devices;
using ResNet.Runtime.Optimizers;

namespace ResNet.Runtime.Training;

/// <summary>
/// Adds up the gradients of all ranks, in buckets of one size cut from the end of the parameters to their beginning, about as the backward pass finishes them. A bucket is sent
/// as soon as all of it is final and the bucket before it was sent: the order is the same on all ranks, whichever gradient comes first.
/// </summary>
sealed class GradientExchange : IDisposable
{
    readonly IGradientSource _gradients;
    readonly CommunicationThread _thread;
    readonly int _end, _size;
    readonly Action<Communicator>[] _buckets;
    // The length of each bucket, and the number of its values whose gradients are not final yet.
    readonly int[] _lengths, _left;
    int _next;

    /// <param name="communicator">The ranks.</param>
    /// <param name="gradients">This rank's gradients.</param>
    /// <param name="groups">The parameters that are trained.</param>
    /// <param name="options">The options of training.</param>
    /// <exception cref="NotSupportedException">Batch normalization is to be synchronized, but the device cannot do so.</exception>
    public GradientExchange(Communicator communicator, IGradientSource gradients, ParameterGroup[] groups, TrainerOptions options)
    {
        _gradients = gradients;
        (var start, _end) = (groups.Min(group => group.Start), groups.Max(group => group.Start + group.Length));
        _size = options.BucketBytes / sizeof(float);
        var count = (_end - start + _size - 1) / _size;
        _lengths = [.. Enumerable.Range(0, count).Select(bucket => Math.Min(_size, _end - start - bucket * _size))];
        _left = new int[count];
        _buckets =
        [
            .. _lengths.Select((length, bucket) =>
            {
                var (first, purpose) = (_end - bucket * _size - length, $"gradients, bucket {bucket + 1} of {count}");
                return (Action<Communicator>)(ranks => ranks.Sum(gradients.Gradients.Slice(first, length), purpose));
            }),
        ];
        _thread = new(communicator);
        try
        {
            if (options.SyncBatchNorm) gradients.SynchronizeNormalization(_thread);
            // The mean of several batches is known only after all of them.
            if (options.Accumulate == 1) gradients.TellGradients(Add);
        }
        catch
        {
            _thread.Dispose();
            throw;
        }
    }

    /// <summary>Begins a batch, whose gradients are not final yet.</summary>
    /// <param name="images">Number of its images on all ranks, by which losses are divided.</param>
    public void Begin(int images)
    {
        _gradients.ImagesOfRanks = images;
        _lengths.CopyTo(_left, 0);
        _next = 0;
    }

    /// <summary>Sends the remaining buckets, and returns when the sums are there.</summary>
    public void Complete()
    {
        // Gradients on a device are copied to the host on the thread that uses the device.
        _ = _gradients.Gradients;
        while (_next < _buckets.Length) _thread.Begin(_buckets[_next++]);
        _thread.Wait();
        _gradients.SendGradients();
    }

    public void Dispose() => _thread.Dispose();

    /// <summary>Takes a gradient that is final.</summary>
    void Add(ParameterTensor parameter)
    {
        var after = Math.Min(parameter.Offset + parameter.Length, _end);
        while (after > parameter.Offset && (_end - after) / _size is var bucket && bucket < _left.Length)
        {
            var first = Math.Max(parameter.Offset, _end - (bucket + 1) * _size);
            _left[bucket] -= after - first;
            after = first;
        }
        while (_next < _left.Length && _left[_next] == 0) _thread.Begin(_buckets[_next++]);
    }
}
