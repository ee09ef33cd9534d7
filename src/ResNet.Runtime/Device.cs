using ResNet.Runtime.Execution;
using ResNet.Runtime.Training;

namespace ResNet.Runtime;

/// <summary>What networks run on. Devices are shared: many networks, and many sessions of each, use one at a time.</summary>
public abstract class Device : IDisposable
{
    static readonly Lazy<CpuDevice> _cpu = new(CpuDevice.CreateShared);

    /// <summary>The processor, with a worker thread per core: the default of every network.</summary>
    public static CpuDevice Cpu => _cpu.Value;

    /// <summary>Name of the device, for people.</summary>
    public abstract string Name { get; }

    /// <summary>Measures what the device can do at most.</summary>
    /// <returns>Floating-point operations per second; a multiply-add counts as two.</returns>
    public abstract double MeasurePeak();

    /// <summary>Packs a network's parameters for the device and chooses its algorithms.</summary>
    /// <param name="network">The network, which waits for the result: other threads may not ask it for anything that it locks.</param>
    /// <param name="parameters">Its parameters.</param>
    internal abstract DeviceModel Load(Network network, Parameters parameters);

    /// <summary>Creates what runs training steps.</summary>
    /// <param name="network">The network.</param>
    /// <param name="parameters">Its parameters, which the steps read and whose running statistics they move.</param>
    /// <param name="seed">Seed of dropout.</param>
    internal abstract DeviceTrainingSession CreateTrainingSession(Network network, Parameters parameters, ulong seed);

    /// <summary>Releases the device's threads or handles. The shared <see cref="Cpu"/> stays usable.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what the device holds.</summary>
    /// <param name="disposing">Whether <see cref="Dispose()"/> was called.</param>
    protected abstract void Dispose(bool disposing);
}

/// <summary>
/// A network's parameters, packed for a device; never changed. Its sessions share it, and it lives as long as the network
/// uses it or a session does.
/// </summary>
internal abstract class DeviceModel : IDisposable
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
internal abstract class DeviceSession(DeviceModel model) : IDisposable
{
    // Activations lie in unmanaged memory: a second caller, or one who disposes, waits rather than writes or frees what is in use.
    readonly Lock _lock = new();
    bool _disposed;

    /// <summary>Computes a batch.</summary>
    /// <param name="images">batch × channels × height × width.</param>
    /// <param name="batch">Number of images.</param>
    /// <param name="output">batch × values of one result.</param>
    /// <param name="taps">Receives the values of taps; null if nobody wants them.</param>
    /// <param name="clock">Takes the time of each operation; null if nobody asks.</param>
    /// <param name="meanwhile">Is called while the device computes by itself, if it does so; otherwise not at all.</param>
    /// <exception cref="ObjectDisposedException">The session is disposed.</exception>
    public void Run(ReadOnlySpan<float> images, int batch, Span<float> output, TapReceiver? taps, OperationClock? clock = null, Action? meanwhile = null)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(Session));
            (Clock, Meanwhile) = (clock, meanwhile);
            Compute(images, batch, output, taps);
        }
    }

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
    /// <returns>The images where they lie until the next but one are brought; to be given to <see cref="Run"/> like this.</returns>
    public virtual ReadOnlyMemory<float> Prepare(ReadOnlyMemory<float> images, int batch) => images;

    /// <summary>To be told of every operation that ends; null if nobody asks.</summary>
    protected OperationClock? Clock { get; private set; }

    /// <summary>To be called while the device computes by itself; null if nobody asks.</summary>
    protected Action? Meanwhile { get; private set; }

    /// <inheritdoc cref="Run"/>
    protected abstract void Compute(ReadOnlySpan<float> images, int batch, Span<float> output, TapReceiver? taps);

    protected abstract void Free();
}

/// <summary>Gives the buffer for a tap's value (batch × channels × height × width), or an empty one if nobody asked for it.</summary>
internal delegate Span<float> TapReceiver(int layer);

/// <summary>What one training step needs beside the parameters.</summary>
internal readonly ref struct LabelledImages
{
    /// <summary>batch × channels × height × width.</summary>
    public ReadOnlySpan<float> Images { get; init; }

    /// <summary>The class of each image, checked.</summary>
    public ReadOnlySpan<int> Labels { get; init; }

    public float LabelSmoothing { get; init; }

    /// <summary>Number of the step, which dropout's masks follow from.</summary>
    public long Step { get; init; }
}

/// <summary>The values and gradients of one training step at a time.</summary>
internal abstract class DeviceTrainingSession : IDisposable
{
    /// <summary>The gradients of the last step, laid out as <see cref="Parameters.Trained"/>.</summary>
    public abstract Span<float> Gradients { get; }

    /// <summary>To be told of every operation that ends; null if nobody asks.</summary>
    public OperationClock? Clock { get; set; }

    /// <summary>Begins to bring a batch to where it is computed.</summary>
    /// <returns>The batch where it lies until the next but one is brought; to be given to <see cref="Run"/> like this.</returns>
    public virtual TrainingBatch Prepare(in TrainingBatch batch) => batch;

    /// <summary>Computes loss and gradients of a batch, and moves the running statistics.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="meanwhile">Is called while the device computes by itself, if it does so; otherwise not at all.</param>
    public abstract StepResult Run(in LabelledImages batch, Action? meanwhile = null);

    /// <summary>Puts the running statistics back to what they were before the last step.</summary>
    public abstract void UndoStatistics();

    /// <summary>Creates what updates the parameters in the device's memory; null where they lie on the host.</summary>
    public virtual IOptimizer? CreateSgd(ParameterGroup[] groups, double momentum, bool nesterov) => null;

    /// <summary>Creates what averages the parameters in the device's memory; null where they lie on the host.</summary>
    public virtual WeightAverage? CreateAverage(double decay) => null;

    public abstract void Dispose();
}
