namespace ResNet.Runtime.Gpu.Tests;

/// <summary>The devices that tests run on, opened once and shared, so that kernels are compiled once, too.</summary>
static class TestDevices
{
    static readonly Dictionary<string, Lazy<GpuDevice>> s_devices = new()
    {
        ["interpreter"] = new(OpenInterpreter),
        ["OpenCL"] = new(() => GpuDevice.OpenCL()),
        ["CUDA"] = new(() => GpuDevice.Cuda()),
    };

    /// <summary>All of them, there or not.</summary>
    public static IEnumerable<string> Names => s_devices.Keys;

    public static GpuDevice Open(string name) => s_devices[name].Value;

    /// <summary>Why a device cannot be tested; null if it can.</summary>
    public static string? WhyNot(string name)
    {
        if (!HasIlgpu) return "ILGPU is not in this build";
        return name switch
        {
            "OpenCL" when GpuDevice.All.All(device => device.Kind != GpuKind.OpenCL) => "No OpenCL device is installed",
            "CUDA" when GpuDevice.All.All(device => device.Kind != GpuKind.Cuda) => "No CUDA device is installed",
            _ => null,
        };
    }

    public static bool HasIlgpu => Build.HasIlgpu;

    static GpuDevice OpenInterpreter() => new(Build.OpenInterpreter());
}

/// <summary>A test on one device; skipped, visibly, where that is not.</summary>
[AttributeUsage(AttributeTargets.Method)]
sealed class DeviceFactAttribute : FactAttribute
{
    public DeviceFactAttribute(string device, bool needsSharedData = false) =>
        Skip = TestDevices.WhyNot(device) ?? (needsSharedData && !SharedData.Exists ? "../shared/data is absent" : null);
}

/// <inheritdoc cref="DeviceFactAttribute"/>
[AttributeUsage(AttributeTargets.Method)]
sealed class DeviceTheoryAttribute : TheoryAttribute
{
    public DeviceTheoryAttribute(string device) => Skip = TestDevices.WhyNot(device);
}
