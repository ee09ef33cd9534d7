using ILGPU;
using ResNet.Runtime.Cpu.Binding;
using ResNet.Runtime.Evaluation;
using ResNet.Runtime.Gpu.Kernels;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Gpu.Binding;

/// <summary>One operation of a program, ready to be launched.</summary>
/// <param name="Operation">What it is.</param>
/// <param name="Run">Launches it.</param>
/// <param name="Scratch">Floats of scratch memory that it needs for a batch; what another left there may be overwritten.</param>
/// <param name="Algorithm">How it is computed for a batch, where there is something to choose.</param>
sealed record Step(Operation Operation, Action<Workspace> Run, Func<int, long>? Scratch = null, Func<int, string>? Algorithm = null);

/// <summary>The slots of a program in the device's memory, NHWC, which grow with the largest batch seen.</summary>
/// <param name="backend">The device.</param>
/// <param name="slots">Values per image of each slot.</param>
/// <param name="inputSize">Values of an image that goes in.</param>
/// <param name="steps">What runs in it.</param>
sealed class Workspace(IlgpuBackend backend, long[] slots, long inputSize, IReadOnlyList<Step> steps) : IDisposable
{
    /// <summary>Threads are numbered by integers, also those of the last group that have no value.</summary>
    const int MostValues = int.MaxValue - 1024;

    readonly List<GpuBuffer<float>> _slots = [];
    readonly Recordings _recordings = new(backend);
    GpuBuffer<float>? _scratch, _transfer;
    int _capacity, _reserved;
    long _transferSize, _scratchLength;

    public IlgpuBackend Backend => backend;

    /// <summary>What goes in.</summary>
    public Staging Staging { get; } = new(backend);

    /// <summary>Number of images of the pass that runs.</summary>
    public int Batch { get; private set; }

    /// <summary>Memory that each operation may use while it runs.</summary>
    public ArrayView<float> Scratch => _scratch!.View;

    /// <summary>Values on their way out.</summary>
    public ArrayView<float> Transfer => _transfer!.View;

    public ArrayView<float> this[int slot] => _slots[slot].View;

    /// <summary>Whether no memory has to move for a batch.</summary>
    public bool HasRoom(int batch) => batch <= _capacity && (batch == _reserved || ScratchLength(batch) <= _scratchLength);

    /// <summary>Makes room for a batch.</summary>
    /// <param name="batch">Number of images.</param>
    /// <param name="transferSize">Floats per image that go out at once.</param>
    public void Reserve(int batch, long transferSize = 0)
    {
        if (batch > _capacity || transferSize > _transferSize) Allocate(batch, transferSize);
        // A smaller batch may be cut otherwise, and take more.
        else if (!HasRoom(batch)) AllocateScratch(batch);
        _reserved = batch;
    }

    void Allocate(int batch, long transferSize)
    {
        Free();
        _transferSize = Math.Max(_transferSize, transferSize);
        if (!Fits(batch)) throw TooLarge(batch);
        _slots.AddRange(slots.Select(size => backend.Allocate<float>(size * batch)));
        AllocateScratch(batch);
        _transfer = backend.Allocate<float>(_transferSize * batch);
        Staging.Reserve((int)inputSize * batch, batch);
        _capacity = batch;
    }

    void AllocateScratch(int batch)
    {
        backend.Stream.Synchronize();
        _recordings.Clear();
        _scratch?.Dispose();
        // There is none, should there be too little memory.
        (_scratchLength, _reserved) = (0, 0);
        _scratch = backend.Allocate<float>(ScratchLength(batch));
        _scratchLength = ScratchLength(batch);
    }

    /// <summary>Begins a pass: waits until its batch has arrived.</summary>
    /// <param name="images">Batch × channels × height × width.</param>
    /// <param name="labels">Their classes, if the pass needs them.</param>
    public void Begin(ReadOnlySpan<float> images, ReadOnlySpan<int> labels = default)
    {
        Batch = (int)(images.Length / inputSize);
        Staging.Begin(images, labels);
    }

    /// <summary>Launches all steps.</summary>
    /// <param name="timer">Takes the time of each; null if nobody asks.</param>
    public void Run(OperationTimer? timer)
    {
        Run(0, 1, timer);
        // All but the first find what they need where it was in the pass before.
        if (timer is null) _recordings.Run(Batch, () => Run(1, steps.Count));
        else Run(1, steps.Count, timer);
    }

    /// <summary>Launches some of the steps.</summary>
    public void Run(int first, int end, OperationTimer? timer = null)
    {
        for (var i = first; i < end; i++)
        {
            steps[i].Run(this);
            timer?.Mark(steps[i], Batch);
        }
    }

    /// <summary>Waits for the device, and copies values from it.</summary>
    public void Receive(Span<float> values) => _transfer!.Read(values);

    public void Dispose() => Free();

    void Free()
    {
        // What runs still needs it.
        backend.Stream.Synchronize();
        _recordings.Clear();
        foreach (var slot in _slots) slot.Dispose();
        _slots.Clear();
        _scratch?.Dispose();
        _transfer?.Dispose();
        Staging.Dispose();
        _capacity = 0;
    }

    long ScratchLength(int batch) => steps.Max(step => step.Scratch?.Invoke(batch) ?? 0);

    long Size(int batch) => sizeof(float) * ((slots.Sum() + 2 * inputSize + _transferSize) * batch + ScratchLength(batch));

    /// <summary>Whether there is memory for a batch, and its values can be numbered.</summary>
    bool Fits(int batch) => Size(batch) <= backend.FreeMemory && slots.Append(inputSize).Append(_transferSize).All(size => size * batch <= MostValues);

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
