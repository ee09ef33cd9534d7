using ResNet.Runtime.Gpu.Contracts;

namespace ResNet.Runtime.Gpu.Tests;

/// <summary>A build without ILGPU.</summary>
static class Build
{
    public static bool HasIlgpu => false;

    public static GpuBackend OpenInterpreter() => throw new NotSupportedException();
}
