using System.Runtime.InteropServices;
using ILGPU.Runtime.Cuda;

namespace ResNet.Runtime.Gpu.Driver;

/// <summary>Records launches as CUDA graphs, by the functions of the driver that ILGPU does not know.</summary>
/// <param name="stream">The stream of the launches; not CUDA's default stream.</param>
sealed partial class CudaGraphs(CudaStream stream) : ILaunchRecorder
{
    const string Driver = "cuda";

    /// <summary>CU_STREAM_CAPTURE_MODE_THREAD_LOCAL: other threads may allocate meanwhile.</summary>
    const int ThreadLocal = 1;

    public ILaunchRecording Record(Action launch)
    {
        using var binding = stream.BindScoped();
        try
        {
            return Instantiate(Capture(launch));
        }
        catch (Exception exception) when (exception is EntryPointNotFoundException or DllNotFoundException)
        {
            throw new GpuException("the driver is too old for graphs", exception);
        }
    }

    nint Capture(Action launch)
    {
        Check(cuStreamBeginCapture_v2(stream.StreamPtr, ThreadLocal));
        nint graph;
        try
        {
            launch();
        }
        catch
        {
            // However it ends: the stream has to execute again.
            if (cuStreamEndCapture(stream.StreamPtr, out graph) == CudaError.CUDA_SUCCESS) cuGraphDestroy(graph);
            throw;
        }
        Check(cuStreamEndCapture(stream.StreamPtr, out graph));
        return graph;
    }

    Graph Instantiate(nint graph)
    {
        try
        {
            Check(cuGraphInstantiateWithFlags(out var executable, graph, 0));
            return new(stream, executable);
        }
        finally
        {
            cuGraphDestroy(graph);
        }
    }

    static void Check(CudaError error)
    {
        if (error != CudaError.CUDA_SUCCESS) throw new GpuException($"CUDA's graphs fail with {error}");
    }

    [LibraryImport(Driver)] private static partial CudaError cuStreamBeginCapture_v2(nint stream, int mode);

    [LibraryImport(Driver)] private static partial CudaError cuStreamEndCapture(nint stream, out nint graph);

    [LibraryImport(Driver)] private static partial CudaError cuGraphInstantiateWithFlags(out nint executable, nint graph, ulong flags);

    [LibraryImport(Driver)] private static partial CudaError cuGraphLaunch(nint executable, nint stream);

    [LibraryImport(Driver)] private static partial CudaError cuGraphDestroy(nint graph);

    [LibraryImport(Driver)] private static partial CudaError cuGraphExecDestroy(nint executable);

    sealed class Graph(CudaStream stream, nint executable) : ILaunchRecording
    {
        public void Launch()
        {
            using var binding = stream.BindScoped();
            Check(cuGraphLaunch(executable, stream.StreamPtr));
        }

        public void Dispose()
        {
            using var binding = stream.BindScoped();
            cuGraphExecDestroy(executable);
        }
    }
}
