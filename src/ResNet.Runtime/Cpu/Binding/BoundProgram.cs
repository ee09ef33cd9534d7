namespace ResNet.Runtime.Cpu.Binding;

/// <summary>The operations of a program in order, and the room that its slots need.</summary>
sealed class BoundProgram : IDisposable
{
    readonly long[] _slotSizes;

    public BoundProgram(IEnumerable<Step[]> operations, IReadOnlyCollection<Value> values)
    {
        Operations = [.. operations];
        foreach (var step in Steps) step.Prepare();
        _slotSizes = new long[values.Max(value => value.Slot) + 1];
        foreach (var value in values)
            _slotSizes[value.Slot] = Math.Max(_slotSizes[value.Slot], value.Layout.SizeInFloats(1));
    }

    /// <summary>Each is a single step, or the steps that one call of the program takes.</summary>
    public Step[][] Operations { get; }

    IEnumerable<Step> Steps => Operations.SelectMany(steps => steps);

    /// <summary>Packs the parameters with all workers.</summary>
    public void Pack(CpuWorkers workers) => workers.Run(new PackingJob([.. Steps]), workers.Count);

    /// <summary>Where each slot begins in an arena for a batch, in floats.</summary>
    /// <returns>The beginnings, and the length of the arena.</returns>
    public (long[] Offsets, long Length) Arrange(int batch)
    {
        var offsets = new long[_slotSizes.Length];
        var end = 0L;
        for (var slot = 0; slot < offsets.Length; slot++)
        {
            offsets[slot] = end;
            end = checked(end + _slotSizes[slot] * batch);
        }
        return (offsets, end);
    }

    public void Dispose()
    {
        foreach (var step in Steps) step.Dispose();
    }
}
