using ResNet.Runtime.Programs;
using ResNet.Runtime.Tensors;

namespace ResNet.Runtime.Devices;

/// <summary>
/// A network's parameters, packed for a device; never changed. Its sessions share it, and it lives as long as the network
/// uses it or a session does.
/// </summary>
abstract class DeviceModel : IDisposable
{
    int _users = 1;

    /// <summary>Creates a session, which keeps the model alive.</summary>
    public DeviceSession CreateSession()
    {
        Interlocked.Increment(ref _users);
        return NewSession();
    }

    /// <summary>Ends the use by the network or by one session.</summary>
    public void Dispose()
    {
        if (Interlocked.Decrement(ref _users) == 0) Free();
    }

    protected abstract DeviceSession NewSession();

    protected abstract void Free();
}

/// <summary>The activations of one forward pass at a time, over a shared <see cref="DeviceModel"/>.</summary>
abstract class DeviceSession(DeviceModel model) : IDisposable
{
    // Activations lie in unmanaged memory: a second caller, or one who disposes, waits rather than writes or frees what is in use.
    readonly Lock _lock = new();
    bool _disposed;

    /// <summary>Computes a batch.</summary>
    /// <param name="images">batch × channels × height × width.</param>
    /// <param name="batch">Number of images.</param>
    /// <param name="output">Receives the outputs one after another, each batch × values of one result.</param>
    /// <param name="taps">Receives the values of taps; null for none.</param>
    /// <param name="clock">Takes the time of each operation; null for none.</param>
    /// <param name="meanwhile">Is called while the device computes by itself, if it does so; otherwise not at all.</param>
    /// <exception cref="ObjectDisposedException">The session is disposed.</exception>
    public void Run(ReadOnlySpan<float> images, int batch, Span<float> output, TapReceiver? taps, OperationClock? clock = null, Action? meanwhile = null)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            (Clock, Meanwhile) = (clock, meanwhile);
            Compute(images, batch, output, taps);
        }
    }

    /// <summary>Computes a batch that may lie in the device's memory, where some of the outputs may stay, too.</summary>
    /// <param name="images">batch × channels × height × width.</param>
    /// <param name="output">Receives the outputs one after another, each batch × values of one result, without those that stay.</param>
    /// <param name="staying">Number of values at the beginning of the outputs that stay; 0 unless <see cref="HasMemory"/>.</param>
    /// <returns>Those that stay; null if there are none.</returns>
    /// <exception cref="ObjectDisposedException">The session is disposed.</exception>
    public ResidentValues? Run(Tensor images, Span<float> output, int staying)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            (Clock, Meanwhile) = (null, null);
            return Compute(images, output, staying);
        }
    }

    /// <summary>Whether the device has a memory of its own, where outputs may stay.</summary>
    public virtual bool HasMemory => false;

    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed) return;
            _disposed = true;
            Free();
        }
        model.Dispose();
    }

    /// <summary>Begins to bring images to where they are computed.</summary>
    /// <param name="images">batch × channels × height × width.</param>
    /// <param name="batch">Number of images.</param>
    /// <returns>A view of the images that stays valid until the second following call; pass it to <c>Run</c> unchanged.</returns>
    public virtual ReadOnlyMemory<float> Prepare(ReadOnlyMemory<float> images, int batch) => images;

    /// <summary>Receives every operation that ends; null for none.</summary>
    protected OperationClock? Clock { get; private set; }

    /// <summary>To be called while the device computes by itself; null for none.</summary>
    protected Action? Meanwhile { get; private set; }

    /// <inheritdoc cref="Run(ReadOnlySpan{float}, int, Span{float}, TapReceiver?, OperationClock?, Action?)"/>
    protected abstract void Compute(ReadOnlySpan<float> images, int batch, Span<float> output, TapReceiver? taps);

    /// <inheritdoc cref="Run(Tensor, Span{float}, int)"/>
    protected virtual ResidentValues? Compute(Tensor images, Span<float> output, int staying)
    {
        Compute(images.Data, images.Shape[0], output, taps: null);
        return null;
    }

    protected abstract void Free();
}

/// <summary>Gives the tensor for a tap's value (batch × channels × height × width), or null if it was not asked for.</summary>
delegate Tensor? TapReceiver(int key);
