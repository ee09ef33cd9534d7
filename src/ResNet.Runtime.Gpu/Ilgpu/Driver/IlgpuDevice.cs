using System.Diagnostics;
using System.Numerics;
using System.Reflection;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;
using ResNet.Runtime.Gpu.Kernels;

namespace ResNet.Runtime.Gpu.Driver;

/// <summary>One device through ILGPU: its memory and its kernels, compiled when they are first needed.</summary>
/// <param name="info">The name, kind and memory of the device.</param>
/// <param name="precision">The precision to which the operands of convolutions are rounded.</param>
/// <param name="context">ILGPU's context, which this owns.</param>
/// <param name="accelerator">The device, which this owns.</param>
/// <param name="convolutionTiles">The tiles that convolve, in the precision.</param>
/// <param name="denseTiles">The tiles of dense layers, in float32.</param>
class IlgpuDevice(GpuDeviceInfo info, Precision precision, Context context, Accelerator accelerator, TileSet convolutionTiles, TileSet denseTiles) : IDisposable
{
    /// <summary>Threads of a group where nothing else decides.</summary>
    const int UsualThreads = 256;

    readonly Dictionary<MethodInfo, object> _kernels = [];

    public GpuDeviceInfo Info => info;

    /// <summary>The precision to which the operands of convolutions are rounded.</summary>
    public Precision Precision => precision;

    public TileSet ConvolutionTiles => convolutionTiles;

    public TileSet DenseTiles => denseTiles;

    public Accelerator Accelerator => accelerator;

    /// <summary>The work of the device, in this order. Not CUDA's default stream, which cannot be captured as a graph.</summary>
    public AcceleratorStream Stream { get; } = accelerator.CreateStream();

    /// <summary>The stream of copies to the device that run meanwhile.</summary>
    public AcceleratorStream CopyStream { get; } = accelerator.CreateStream();

    /// <summary>Records launches, to repeat them; null where that cannot be done.</summary>
    public ILaunchRecorder? Recorder { get; set; }

    /// <summary>Why nothing is recorded any more; null if nothing has failed.</summary>
    public string? WhyNotRecorded { get; private set; }

    /// <summary>Takes launches while they are recorded by other means than the stream's; null as long as they go to the stream.</summary>
    public Action<Action>? Diversion { get; set; }

    /// <summary>Threads that a group of a kernel for single values has; a power of two.</summary>
    public int Threads { get; } = 1 << BitOperations.Log2((uint)Math.Min(Math.Min(UsualThreads, Normalization.MaxThreads), accelerator.MaxNumThreadsPerGroup));

    public int Multiprocessors { get; } = Math.Max(1, accelerator.NumMultiprocessors);

    /// <summary>Bytes that are allocated.</summary>
    public long Allocated { get; private set; }

    /// <summary>Bytes that may be allocated in all; null for all that the device has.</summary>
    public long? MemoryLimit { get; set; }

    /// <summary>Kernels and memory serve one caller at a time.</summary>
    public Lock Lock { get; } = new();

    /// <summary>Has a stream begin: OpenCL may wait until the host waits for it.</summary>
    public static void Flush(AcceleratorStream stream)
    {
        if (stream is CLStream queue) CLException.ThrowIfFailed(CLAPI.CurrentAPI.FlushCommandQueue(queue.CommandQueue));
    }

    /// <summary>Goes on without recordings.</summary>
    /// <param name="why">The reason.</param>
    public void StopRecording(string why)
    {
        Recorder = null;
        WhyNotRecorded = why;
        Trace.TraceWarning($"{info.Name}: kernels are launched one by one, since {why}");
    }

    /// <summary>Bytes that can be allocated now.</summary>
    public long FreeMemory
    {
        get
        {
            var free = accelerator is CudaAccelerator cuda ? cuda.GetFreeMemory() : accelerator.MemorySize - Allocated;
            return MemoryLimit is { } limit ? Math.Min(free, limit - Allocated) : free;
        }
    }

    /// <summary>Allocates values, which hold anything.</summary>
    /// <exception cref="GpuException">There is too little memory.</exception>
    public GpuBuffer<T> Allocate<T>(long length) where T : unmanaged
    {
        // Of at least a quad: an empty buffer is none for OpenCL.
        length = Math.Max(length, 4);
        var bytes = length * Interop.SizeOf<T>();
        if (bytes > FreeMemory) throw OutOfMemory(bytes, exception: null);
        try
        {
            var buffer = new GpuBuffer<T>(accelerator.Allocate1D<T>(length), Stream, () => Allocated -= bytes);
            Allocated += bytes;
            return buffer;
        }
        catch (AcceleratorException exception)
        {
            throw OutOfMemory(bytes, exception);
        }
    }

    /// <summary>Allocates values and copies them there.</summary>
    public GpuBuffer<T> Upload<T>(ReadOnlySpan<T> values) where T : unmanaged
    {
        var buffer = Allocate<T>(values.Length);
        buffer.Write(values);
        return buffer;
    }

    /// <summary>Finds the values of a tensor in the memory of this device; null if they do not lie there.</summary>
    public GpuValues? Find(Tensor tensor) => tensor.Resident is GpuValues values && values.Device == this ? values : null;

    /// <summary>A kernel with a thread for each of some values.</summary>
    public Action<int, T> PerValue<T>(Action<T> kernel) where T : struct
    {
        var launch = Kernel(kernel);
        return (count, arguments) => launch(((int)(((long)count + Threads - 1) / Threads), Threads), arguments);
    }

    /// <summary>A kernel whose groups the caller lays out.</summary>
    public Action<KernelConfig, T> Kernel<T>(Action<T> kernel) where T : struct =>
        Cached(kernel.Method, () => OnStream(Load(kernel)));

    /// <summary>Computes a product of matrices.</summary>
    public void Multiply<T>(T product, Tile tile, int rows, int columns, int slices) where T : struct, IMatrixProduct
    {
        if (rows == 0 || columns == 0) return;
        Kernel(tile.Kernel<T>())((new Index3D((rows + tile.Rows - 1) / tile.Rows, (columns + tile.Columns - 1) / tile.Columns, slices), new Index3D(tile.Threads, 1, 1)), product);
    }

    public void Dispose()
    {
        CopyStream.Dispose();
        Stream.Dispose();
        accelerator.Dispose();
        context.Dispose();
    }

    /// <summary>Compiles a kernel.</summary>
    protected virtual Action<AcceleratorStream, KernelConfig, T> Load<T>(Action<T> kernel) where T : struct => accelerator.LoadKernel(kernel);

    Action<KernelConfig, T> OnStream<T>(Action<AcceleratorStream, KernelConfig, T> kernel) where T : struct
    {
        return (config, arguments) =>
        {
            if (Diversion is null) kernel(Stream, config, arguments);
            else Divert(config, arguments);
        };

        void Divert(KernelConfig config, T arguments) => Diversion(() => kernel(Stream, config, arguments));
    }

    T Cached<T>(MethodInfo key, Func<T> create) where T : class
    {
        if (_kernels.TryGetValue(key, out var known)) return (T)known;
        var created = create();
        _kernels.Add(key, created);
        return created;
    }

    GpuException OutOfMemory(long bytes, Exception? exception) => new(
        $"{info.Name} has too little memory: {Bytes.Text(bytes)} are needed, {Bytes.Text(FreeMemory)} are free", exception!);
}

/// <summary>Numbers of bytes, for people.</summary>
static class Bytes
{
    public static string Text(long bytes) => bytes < 1 << 30
        ? FormattableString.Invariant($"{bytes / (double)(1 << 20):F1} MiB")
        : FormattableString.Invariant($"{bytes / (double)(1 << 30):F1} GiB");
}
