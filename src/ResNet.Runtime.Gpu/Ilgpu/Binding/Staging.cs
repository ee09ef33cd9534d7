using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ILGPU;
using ResNet.Runtime.Data;
using ResNet.Runtime.Devices;
using ResNet.Runtime.Gpu.Driver;

namespace ResNet.Runtime.Gpu.Binding;

/// <summary>
/// Batches on their way to the device, through pinned memory and over a stream of their own. There are two places: while a
/// pass reads one, the next batch is sent to the other.
/// </summary>
/// <param name="device">The device.</param>
sealed class Staging(IlgpuDevice device) : IDisposable
{
    readonly Place?[] _places = new Place?[2];
    int _present;
    ArrayView<float>? _resident;

    /// <summary>The images that the present pass reads, NCHW.</summary>
    public ArrayView<float> Images => _resident ?? _places[_present]!.Images.View;

    /// <summary>Their classes.</summary>
    public ArrayView<int> Labels => _places[_present]!.Labels.View;

    /// <summary>Makes room; what was sent before is gone.</summary>
    /// <param name="images">Values of the images of a batch.</param>
    /// <param name="labels">Number of labels.</param>
    public void Reserve(int images, int labels)
    {
        Dispose();
        for (var i = 0; i < _places.Length; i++) _places[i] = new(device, images, labels);
    }

    /// <summary>Begins to send a batch, for which there is room, to the place that the present pass does not read.</summary>
    /// <returns>A view of the batch that stays valid until the second following batch is sent; <see cref="Begin(ReadOnlySpan{float}, ReadOnlySpan{int})"/> knows it by that.</returns>
    public TrainingBatch Send(ReadOnlySpan<float> images, ReadOnlySpan<int> labels) => Send(1 - _present, images, labels);

    /// <summary>Makes a batch the present one, and waits until it has arrived. Sends it, if it was not sent before.</summary>
    public void Begin(ReadOnlySpan<float> images, ReadOnlySpan<int> labels)
    {
        var next = 1 - _present;
        if (!_places[next]!.Holds(images, labels)) Send(next, images, labels);
        (_present, _resident) = (next, null);
        device.CopyStream.Synchronize();
    }

    /// <summary>Makes a batch the present one that lies in the device's memory.</summary>
    public void Begin(ArrayView<float> images) => _resident = images;

    public void Dispose()
    {
        // Nothing may still be on its way from memory that goes.
        if (_places[0] is not null) device.CopyStream.Synchronize();
        for (var i = 0; i < _places.Length; i++)
        {
            _places[i]?.Dispose();
            _places[i] = null;
        }
    }

    TrainingBatch Send(int to, ReadOnlySpan<float> images, ReadOnlySpan<int> labels)
    {
        device.CopyStream.Synchronize();
        var place = _places[to]!;
        images.CopyTo(place.ImagesOnHost.Span);
        labels.CopyTo(place.LabelsOnHost.Span);
        place.Images.Send(place.ImagesOnHost, images.Length, device.CopyStream);
        place.Labels.Send(place.LabelsOnHost, labels.Length, device.CopyStream);
        IlgpuDevice.Flush(device.CopyStream);
        return new(place.ImagesOnHost.Memory[..images.Length], place.LabelsOnHost.Memory[..labels.Length]);
    }

    sealed class Place(IlgpuDevice device, int images, int labels) : IDisposable
    {
        public PinnedArray<float> ImagesOnHost { get; } = new(device.Accelerator, images);

        public PinnedArray<int> LabelsOnHost { get; } = new(device.Accelerator, labels);

        public GpuBuffer<float> Images { get; } = device.Allocate<float>(images);

        public GpuBuffer<int> Labels { get; } = device.Allocate<int>(labels);

        /// <summary>Whether it is this memory that a batch is given in.</summary>
        public bool Holds(ReadOnlySpan<float> images, ReadOnlySpan<int> labels) =>
            IsSame(images, ImagesOnHost.Span) && (labels.IsEmpty || IsSame(labels, LabelsOnHost.Span));

        public void Dispose()
        {
            ImagesOnHost.Dispose();
            LabelsOnHost.Dispose();
            Images.Dispose();
            Labels.Dispose();
        }

        static bool IsSame<T>(ReadOnlySpan<T> one, Span<T> other) => Unsafe.AreSame(ref MemoryMarshal.GetReference(one), ref MemoryMarshal.GetReference(other));
    }
}
