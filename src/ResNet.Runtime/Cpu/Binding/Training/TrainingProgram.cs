using ResNet.Runtime.Cpu.Convolutions.Choice;
using ResNet.Runtime.Cpu.Memory;

namespace ResNet.Runtime.Cpu.Binding.Training;

/// <summary>The operations of a training program in order, and the room that its slots need.</summary>
sealed class TrainingProgram : IDisposable
{
    readonly BoundNorm[] _norms;
    readonly NativeBuffer _packed;

    public unsafe TrainingProgram(IEnumerable<TrainingStep> steps, BoundNorm[] norms, long[] slotSizes, ConvolutionChoice choice)
    {
        Steps = [.. steps];
        _norms = norms;
        SlotSizes = slotSizes;
        foreach (var step in Steps) step.Prepare(choice);
        // Weights change with each step of the training: they are packed when they are needed, all to the same place.
        _packed = new(Steps.Max(step => step.PackedLength), clear: false);
        foreach (var step in Steps) step.PackInto(_packed.Data);
    }

    public TrainingStep[] Steps { get; }

    /// <summary>Floats per image that each slot needs.</summary>
    public long[] SlotSizes { get; }

    public void Dispose()
    {
        foreach (var step in Steps) step.Dispose();
        foreach (var norm in _norms) norm.Dispose();
        _packed.Dispose();
    }
}
