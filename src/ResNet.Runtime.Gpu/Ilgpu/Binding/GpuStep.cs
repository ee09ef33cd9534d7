using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Gpu.Binding;

/// <summary>One operation of a program, ready to be launched.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Run">Launches it.</param>
/// <param name="Scratch">Floats of scratch memory that it needs for a batch; another step may overwrite them afterwards.</param>
/// <param name="Algorithm">Returns the algorithm for a batch, if there is a choice.</param>
sealed record GpuStep(Operation Operation, Action<Workspace> Run, Func<int, long>? Scratch = null, Func<int, string>? Algorithm = null);

/// <summary>A tap of a program.</summary>
/// <param name="After">Number of steps that precede it.</param>
/// <param name="Key">The key by which a caller asks for it.</param>
/// <param name="Elements">Values per image.</param>
/// <param name="Read">Copies the value to where the host reads it.</param>
sealed record GpuTap(int After, int Key, long Elements, GpuStep Read);

/// <summary>The steps of a program, and the memory that belongs to them.</summary>
/// <param name="source">The program.</param>
sealed class GpuProgram(BoundProgram source) : IDisposable
{
    int? _firstLoss;

    /// <summary>The program.</summary>
    public BoundProgram Source => source;

    /// <summary>The steps in the order of execution.</summary>
    public List<GpuStep> Steps { get; } = [];

    /// <summary>Number of the first step that computes a loss: those before it are the forward pass. All steps are, if there is none.</summary>
    public int FirstLoss => _firstLoss ?? Steps.Count;

    /// <summary>The taps in the order of execution.</summary>
    public List<GpuTap> Taps { get; } = [];

    /// <summary>Says that the next step is a loss.</summary>
    public void BeginLoss() => _firstLoss ??= Steps.Count;

    /// <summary>Memory that is released with the program.</summary>
    public List<IDisposable> Owned { get; } = [];

    /// <summary>Values per image of each slot.</summary>
    public long[] SlotSizes { get; } = SizesOf(source);

    /// <summary>Values per image of all outputs, which lie one after another where the host reads them.</summary>
    public long OutputSize { get; } = Outputs(source).Sum(output => output.Value.Shape.Elements);

    /// <summary>Values per image of the outputs before one.</summary>
    public long OffsetOf(WriteOutput output) => Outputs(source).Where(other => other.Output < output.Output).Sum(other => other.Value.Shape.Elements);

    /// <summary>Values per image that the host reads: of the outputs, and after them of the largest tap.</summary>
    public long TransferSize(bool withTaps) => OutputSize + (withTaps ? Taps.Select(tap => tap.Elements).DefaultIfEmpty().Max() : 0);

    public void Dispose()
    {
        foreach (var buffer in Owned) buffer.Dispose();
        Owned.Clear();
    }

    static IEnumerable<WriteOutput> Outputs(BoundProgram program) => program.Operations.OfType<WriteOutput>();

    static long[] SizesOf(BoundProgram program)
    {
        var sizes = new long[program.Slots];
        foreach (var value in program.Values) sizes[value.Slot] = Math.Max(sizes[value.Slot], value.Shape.Elements);
        return sizes;
    }
}
