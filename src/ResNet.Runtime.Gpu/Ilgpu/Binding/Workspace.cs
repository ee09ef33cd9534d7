using ILGPU;
using ILGPU.Runtime;
using ResNet.Runtime.Devices;
using ResNet.Runtime.Evaluation;
using ResNet.Runtime.Gpu.Driver;
using ResNet.Runtime.Gpu.Kernels;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Gpu.Binding;

/// <summary>The slots of a program in the device's memory, NHWC, which grow with the largest batch seen.</summary>
/// <param name="device">The device.</param>
/// <param name="program">The program.</param>
/// <param name="labels">Labels per image that come with a batch.</param>
sealed class Workspace(IlgpuDevice device, GpuProgram program, int labels = 0) : IDisposable
{
    /// <summary>Threads are numbered by integers, also those of the last group that have no value.</summary>
    const int MostValues = int.MaxValue - 1024;

    readonly long[] _slotSizes = program.SlotSizes;
    readonly long _inputSize = program.Source.Input.Elements;
    readonly List<GpuStep> _steps = program.Steps;
    readonly List<GpuBuffer<float>> _slots = [];
    readonly Recordings _recordings = new(device);
    GpuBuffer<float>? _scratch, _transfer;
    int _capacity, _reserved;
    long _transferSize, _scratchLength;

    public IlgpuDevice Device => device;

    /// <summary>The input.</summary>
    public Staging Staging { get; } = new(device);

    /// <summary>Number of images of the pass that runs.</summary>
    public int Batch { get; private set; }

    /// <summary>Memory that each operation may use while it runs.</summary>
    public ArrayView<float> Scratch => _scratch!.View;

    /// <summary>Values on their way out.</summary>
    public ArrayView<float> Transfer => _transfer!.View;

    public ArrayView<float> this[BoundValue value] => _slots[value.Slot].View;

    /// <summary>A value that there may be.</summary>
    public ArrayView<float>? Find(BoundValue? value) => value is null ? null : this[value];

    /// <summary>Whether no memory has to move for a batch.</summary>
    public bool HasRoom(int batch) => batch <= _capacity && (batch == _reserved || ScratchLength(batch) <= _scratchLength);

    /// <summary>Makes room for a batch.</summary>
    /// <param name="batch">Number of images.</param>
    /// <param name="withTaps">Whether taps are asked for.</param>
    public void Reserve(int batch, bool withTaps = false)
    {
        var transferSize = program.TransferSize(withTaps);
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
        _slots.AddRange(_slotSizes.Select(size => device.Allocate<float>(size * batch)));
        AllocateScratch(batch);
        _transfer = device.Allocate<float>(_transferSize * batch);
        Staging.Reserve((int)_inputSize * batch, labels * batch);
        _capacity = batch;
    }

    void AllocateScratch(int batch)
    {
        device.Stream.Synchronize();
        _recordings.Clear();
        _scratch?.Dispose();
        // There is none, should there be too little memory.
        (_scratchLength, _reserved) = (0, 0);
        _scratch = device.Allocate<float>(ScratchLength(batch));
        _scratchLength = ScratchLength(batch);
    }

    /// <summary>Begins a pass: waits until its batch has arrived.</summary>
    /// <param name="images">Batch × channels × height × width.</param>
    /// <param name="classes">The labels, if the pass needs them.</param>
    public void Begin(ReadOnlySpan<float> images, ReadOnlySpan<int> classes = default)
    {
        Batch = (int)(images.Length / _inputSize);
        Staging.Begin(images, classes);
    }

    /// <summary>Begins a pass over images in the device's memory.</summary>
    /// <param name="images">Batch × channels × height × width.</param>
    public void Begin(GpuValues images)
    {
        Batch = (int)(images.View.Length / _inputSize);
        Staging.Begin(images.View);
    }

    /// <summary>Begins a pass over images wherever they are.</summary>
    /// <param name="images">Batch × channels × height × width.</param>
    public void Begin(Tensor images)
    {
        if (device.Find(images) is { } here) Begin(here);
        else Begin(images.Data);
    }

    /// <summary>Launches all _steps.</summary>
    /// <param name="timer">Takes the time of each; null for no times.</param>
    public void Run(OperationTimer? timer)
    {
        Run(0, 1, timer);
        // All but the first find what they need where it was in the pass before.
        if (timer is null) _recordings.Run(Batch, () => Run(1, _steps.Count));
        else Run(1, _steps.Count, timer);
    }

    /// <summary>Launches all steps, and hands out the values of taps between them.</summary>
    /// <param name="receive">Receives the values.</param>
    public void Run(TapReceiver receive)
    {
        RunForward(receive);
        RunBackward(receive);
    }

    /// <summary>Launches the steps before the first loss, and hands out the values of taps between them.</summary>
    /// <param name="receive">Receives the values.</param>
    public void RunForward(TapReceiver receive) => Run(program.Taps.Where(tap => tap.After <= program.FirstLoss), receive, 0, program.FirstLoss);

    /// <summary>Launches the steps from the first loss on, and hands out the values of taps between them.</summary>
    /// <param name="receive">Receives the values.</param>
    public void RunBackward(TapReceiver receive) => Run(program.Taps.Where(tap => tap.After > program.FirstLoss), receive, program.FirstLoss, _steps.Count);

    void Run(IEnumerable<GpuTap> taps, TapReceiver receive, int first, int end)
    {
        foreach (var tap in taps)
        {
            if (receive(tap.Key) is not { } to) continue;
            Run(first, tap.After);
            first = tap.After;
            tap.Read.Run(this);
            var place = program.OutputSize * Batch;
            if (to.MayReside) to.Reside(Keep(place, tap.Elements * Batch));
            else Receive(to.Data, place);
        }
        Run(first, end);
    }

    /// <summary>Launches some of the _steps.</summary>
    public void Run(int first, int end, OperationTimer? timer = null)
    {
        for (var i = first; i < end; i++)
        {
            _steps[i].Run(this);
            timer?.Mark(_steps[i], Batch);
        }
    }

    /// <summary>Waits for the device, and copies values from it.</summary>
    /// <param name="values">Receives them.</param>
    /// <param name="first">The values on their way out that come before.</param>
    public void Receive(Span<float> values, long first = 0) => _transfer!.Read(values, first);

    /// <summary>Copies values on their way out to where they stay in the device's memory.</summary>
    /// <param name="first">The values on their way out that come before.</param>
    /// <param name="length">Number of values.</param>
    public GpuValues Keep(long first, long length)
    {
        var kept = new GpuValues(device, length);
        Transfer.SubView(first, length).CopyTo(device.Stream, kept.View);
        return kept;
    }

    public void Dispose() => Free();

    void Free()
    {
        // Pending work still needs it.
        device.Stream.Synchronize();
        _recordings.Clear();
        foreach (var slot in _slots) slot.Dispose();
        _slots.Clear();
        _scratch?.Dispose();
        _transfer?.Dispose();
        Staging.Dispose();
        _capacity = 0;
    }

    long ScratchLength(int batch) => _steps.Max(step => step.Scratch?.Invoke(batch) ?? 0);

    long Size(int batch) => sizeof(float) * ((_slotSizes.Sum() + 2 * _inputSize + _transferSize) * batch + ScratchLength(batch));

    /// <summary>Whether there is memory for a batch, and its values can be numbered.</summary>
    bool Fits(int batch) => Size(batch) <= device.FreeMemory && _slotSizes.Append(_inputSize).Append(_transferSize).All(size => size * batch <= MostValues);

    GpuException TooLarge(int batch)
    {
        var free = device.FreeMemory;
        var (fits, doesNot) = (0, batch);
        while (doesNot - fits > 1)
        {
            var middle = (fits + doesNot) / 2;
            if (Fits(middle)) fits = middle;
            else doesNot = middle;
        }
        var why = Size(batch) > free
            ? $"needs {Bytes.Text(Size(batch))} on {device.Info.Name}, of which {Bytes.Text(free)} are free"
            : $"has a layer of more than {MostValues} values";
        return new($"A batch of {batch} {why}; " +
            (fits > 0 ? $"the largest batch that fits is {fits}" : "not even a batch of 1 fits"));
    }
}
