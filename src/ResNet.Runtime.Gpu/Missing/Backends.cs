using ResNet.Runtime.Gpu.Contracts;

namespace ResNet.Runtime.Gpu;

/// <summary>The devices of a build without ILGPU: none.</summary>
static class Backends
{
    public static IReadOnlyList<GpuDeviceInfo> All => [];

    public static GpuException NoDevice(GpuKind? kind) => new(
        $"{(kind is null ? "No graphics processor" : $"{kind}")} can be used: ResNet.Runtime.Gpu was built without the package ILGPU, which the package sources of that build do not have. Build it again with a source that has ILGPU and ILGPU.Algorithms 1.5.3 (docs/gpu.md)");

    public static GpuBackend Open(GpuDeviceInfo device, Precision precision) => throw NoDevice(device.Kind);
}
