namespace ResNet.Runtime.Cpu.Binding.Training;

/// <summary>The operations of a training program in order, and the room that its slots need.</summary>
sealed class TrainingProgram : IDisposable
{
    readonly BoundNorm[] _norms;

    public TrainingProgram(IEnumerable<TrainingStep> steps, BoundNorm[] norms, long[] slotSizes, ConvolutionChoice choice)
    {
        Steps = [.. steps];
        _norms = norms;
        SlotSizes = slotSizes;
        foreach (var step in Steps) step.Prepare(choice);
    }

    public TrainingStep[] Steps { get; }

    /// <summary>Floats per image that each slot needs.</summary>
    public long[] SlotSizes { get; }

    public void Dispose()
    {
        foreach (var step in Steps) step.Dispose();
        foreach (var norm in _norms) norm.Dispose();
    }
}
