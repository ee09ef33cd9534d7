using ILGPU.Runtime;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Gpu.Binding;

/// <summary>Takes the times of one pass's operations by the device's own clock, from one to the next.</summary>
/// <param name="stream">The stream on which they are launched.</param>
/// <param name="clock">Receives them at the end of the pass.</param>
sealed class OperationTimer(AcceleratorStream stream, OperationClock clock) : IDisposable
{
    readonly ProfilingMarker _start = stream.AddProfilingMarker();
    readonly List<(Operation Operation, int Images, ProfilingMarker End)> _ends = [];

    /// <summary>Notes what was launched last.</summary>
    public void Mark(GpuStep step, int images) =>
        Mark(step.Algorithm is { } algorithm ? step.Operation with { Algorithm = algorithm(images) } : step.Operation, images);

    /// <summary>Notes what was launched last.</summary>
    public void Mark(Operation operation, int images) => _ends.Add((operation, images, stream.AddProfilingMarker()));

    /// <summary>Waits for the pass's end.</summary>
    public void Dispose()
    {
        var last = _start;
        foreach (var (operation, images, end) in _ends)
        {
            clock.Add(operation, images, end - last);
            last.Dispose();
            last = end;
        }
        last.Dispose();
    }
}
