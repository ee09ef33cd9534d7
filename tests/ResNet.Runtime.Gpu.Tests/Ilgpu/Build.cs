using ResNet.Runtime.Gpu.Contracts;

namespace ResNet.Runtime.Gpu.Tests;

/// <summary>A build with ILGPU.</summary>
static class Build
{
    public static bool HasIlgpu => true;

    public static GpuBackend OpenInterpreter() => new IlgpuBackend(Backends.OpenInterpreter());
}
