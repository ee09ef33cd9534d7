using ILGPU;
using ResNet.Runtime.Gpu.Kernels;

namespace ResNet.Runtime.Gpu.Binding;

/// <summary>One operation of a program, ready to be launched.</summary>
/// <param name="Run">Launches it.</param>
/// <param name="Scratch">Floats of scratch memory that it needs for a batch; what another left there may be overwritten.</param>
sealed record Operation(Action<Workspace> Run, Func<int, long>? Scratch = null);

/// <summary>The slots of a program in the device's memory, NHWC, which grow with the largest batch seen.</summary>
/// <param name="backend">The device.</param>
/// <param name="slots">Values per image of each slot.</param>
/// <param name="operations">What runs in it.</param>
sealed class Workspace(IlgpuBackend backend, long[] slots, IReadOnlyList<Operation> operations) : IDisposable
{
    /// <summary>Threads are numbered by integers, also those of the last group that have no value.</summary>
    const int MostValues = int.MaxValue - 1024;

    readonly List<GpuBuffer<float>> _slots = [];
    GpuBuffer<float>? _scratch, _transfer;
    int _capacity;
    long _transferSize;

    public IlgpuBackend Backend => backend;

    /// <summary>Number of images of the pass that runs.</summary>
    public int Batch { get; private set; }

    /// <summary>Memory that each operation may use while it runs.</summary>
    public ArrayView<float> Scratch => _scratch!.View;

    /// <summary>Values on their way in or out.</summary>
    public ArrayView<float> Transfer => _transfer!.View;

    public ArrayView<float> this[int slot] => _slots[slot].View;

    /// <summary>Makes room for a batch.</summary>
    /// <param name="batch">Number of images.</param>
    /// <param name="transferSize">Floats per image that go in or out at once.</param>
    public void Begin(int batch, long transferSize)
    {
        Batch = batch;
        if (batch <= _capacity && transferSize <= _transferSize) return;
        Free();
        _transferSize = Math.Max(_transferSize, transferSize);
        if (!Fits(batch)) throw TooLarge(batch);
        _slots.AddRange(slots.Select(size => backend.Allocate<float>(size * batch)));
        _scratch = backend.Allocate<float>(ScratchLength(batch));
        _transfer = backend.Allocate<float>(_transferSize * batch);
        _capacity = batch;
    }

    /// <summary>Launches some of the operations.</summary>
    public void Run(int first, int end)
    {
        for (var i = first; i < end; i++) operations[i].Run(this);
    }

    /// <summary>Copies values to the device.</summary>
    public void Send(ReadOnlySpan<float> values) => _transfer!.Write(values);

    /// <summary>Waits for the device, and copies values from it.</summary>
    public void Receive(Span<float> values) => _transfer!.Read(values);

    public void Dispose() => Free();

    void Free()
    {
        foreach (var slot in _slots) slot.Dispose();
        _slots.Clear();
        _scratch?.Dispose();
        _transfer?.Dispose();
        _capacity = 0;
    }

    long ScratchLength(int batch) => operations.Max(operation => operation.Scratch?.Invoke(batch) ?? 0);

    long Size(int batch) => sizeof(float) * ((slots.Sum() + _transferSize) * batch + ScratchLength(batch));

    /// <summary>Whether there is memory for a batch, and its values can be numbered.</summary>
    bool Fits(int batch) => Size(batch) <= backend.FreeMemory && slots.Append(_transferSize).All(size => size * batch <= MostValues);

    GpuException TooLarge(int batch)
    {
        var free = backend.FreeMemory;
        var (fits, doesNot) = (0, batch);
        while (doesNot - fits > 1)
        {
            var middle = (fits + doesNot) / 2;
            if (Fits(middle)) fits = middle;
            else doesNot = middle;
        }
        var why = Size(batch) > free
            ? $"needs {Bytes.Text(Size(batch))} on {backend.Info.Name}, of which {Bytes.Text(free)} are free"
            : $"has a layer of more than {MostValues} values";
        return new($"A batch of {batch} {why}; " +
            (fits > 0 ? $"the largest batch that fits is {fits}" : "not even a batch of 1 fits"));
    }
}
