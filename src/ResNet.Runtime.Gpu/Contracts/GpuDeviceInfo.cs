namespace ResNet.Runtime;

/// <summary>The interface that a device is driven through.</summary>
public enum GpuKind
{
    /// <summary>NVIDIA's CUDA.</summary>
    Cuda,

    /// <summary>OpenCL, by any vendor.</summary>
    OpenCL,
}

/// <summary>A device of <see cref="GpuDevice.All"/>.</summary>
/// <param name="Kind">The kind of driver.</param>
/// <param name="Index">Its number among the devices of its kind.</param>
/// <param name="Name">The vendor's name for it.</param>
/// <param name="Memory">Its memory, in bytes.</param>
/// <param name="IsProcessor">Whether it is a processor that OpenCL drives like a graphics processor, as PoCL does: for tests, since <see cref="CpuDevice"/> is faster there.</param>
public sealed record GpuDeviceInfo(GpuKind Kind, int Index, string Name, long Memory, bool IsProcessor);
