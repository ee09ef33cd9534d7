namespace ResNet.Runtime.Cpu.Binding;

/// <summary>The operations of a program in order, and the room that its slots need.</summary>
sealed class BoundProgram : IDisposable
{
    public BoundProgram(IEnumerable<Step[]> operations, long[] slotSizes)
    {
        Operations = [.. operations];
        SlotSizes = slotSizes;
        foreach (var step in Steps) step.Prepare();
    }

    /// <summary>Floats per image that each slot needs.</summary>
    public long[] SlotSizes { get; }

    /// <summary>Each is a single step, or the steps that one call of the program takes.</summary>
    public Step[][] Operations { get; }

    IEnumerable<Step> Steps => Operations.SelectMany(steps => steps);

    /// <summary>Packs the parameters with all workers.</summary>
    public void Pack(CpuWorkers workers) => workers.Run(new PackingJob([.. Steps]), workers.Count);

    public void Dispose()
    {
        foreach (var step in Steps) step.Dispose();
    }
}
