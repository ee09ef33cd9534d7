using ILGPU.Runtime;
using ResNet.Runtime.Gpu.Driver;

namespace ResNet.Runtime.Gpu.Binding;

/// <summary>
/// Launches the same operations again and again. The first pass of a batch size launches them one by one, which also compiles
/// and loads their kernels; the second one records them; later ones launch the recording.
/// </summary>
/// <param name="device">The device.</param>
sealed class Recordings(IlgpuDevice device)
{
    /// <summary>Batch sizes that are remembered. Where there are more, few of them come often.</summary>
    const int Most = 8;

    readonly Dictionary<int, ILaunchRecording?> _byBatch = [];

    /// <summary>Launches operations, whose arguments follow from the size of the batch and from where memory lies.</summary>
    public void Run(int batch, Action launch)
    {
        if (device.Recorder is not { } recorder)
        {
            launch();
            return;
        }
        if (!_byBatch.TryGetValue(batch, out var recording))
        {
            launch();
            if (_byBatch.Count == Most) Clear();
            _byBatch.Add(batch, null);
            return;
        }
        try
        {
            recording ??= _byBatch[batch] = recorder.Record(launch);
            recording.Launch();
        }
        catch (Exception exception) when (exception is GpuException or AcceleratorException)
        {
            device.StopRecording(exception.Message);
            Clear();
            launch();
        }
    }

    /// <summary>Forgets all of them, since memory lies elsewhere. None may still run.</summary>
    public void Clear()
    {
        foreach (var recording in _byBatch.Values) recording?.Dispose();
        _byBatch.Clear();
    }
}
