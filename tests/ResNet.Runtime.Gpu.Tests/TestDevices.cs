using System.Reflection;
using Xunit.Sdk;

namespace ResNet.Runtime.Gpu.Tests;

/// <summary>The devices that tests run on, opened once and shared, so that kernels are compiled once, too.</summary>
static class TestDevices
{
    static readonly Dictionary<string, Lazy<GpuDevice>> _devices = new()
    {
        ["interpreter"] = new(OpenInterpreter),
        ["OpenCL"] = new(() => GpuDevice.OpenCL()),
        ["CUDA"] = new(() => GpuDevice.Cuda()),
        ["CUDA, TensorFloat32"] = new(() => GpuDevice.Cuda(precision: Precision.TensorFloat32)),
        ["CUDA, BFloat16"] = new(() => GpuDevice.Cuda(precision: Precision.BFloat16)),
    };

    public static GpuDevice Open(string name) => _devices[name].Value;

    /// <summary>Why a device cannot be tested; null if it can.</summary>
    public static string? WhyNot(string name)
    {
        if (!Build.HasIlgpu) return "ILGPU is not in this build";
        return name switch
        {
            "OpenCL" when GpuDevice.All.All(device => device.Kind != GpuKind.OpenCL) => "No OpenCL device is installed",
            _ when name.StartsWith("CUDA", StringComparison.Ordinal) && GpuDevice.All.All(device => device.Kind != GpuKind.Cuda) => "No CUDA device is installed",
            // It may lack the precision.
            _ when name.StartsWith("CUDA", StringComparison.Ordinal) => WhyNotOpened(name),
            _ => null,
        };
    }

    static string? WhyNotOpened(string name)
    {
        try
        {
            Open(name);
            return null;
        }
        catch (GpuException exception)
        {
            return exception.Message;
        }
    }

    static GpuDevice OpenInterpreter() => new(Build.OpenInterpreter());
}

/// <summary>Rows of a theory that run on one device; skipped, visibly, where that is not.</summary>
/// <param name="device">The first argument of each row.</param>
/// <param name="names">The property that lists the second ones; null if there is none.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
sealed class OnDeviceAttribute(string device, string? names = null) : DataAttribute
{
    /// <summary>Whether it also takes data that may be absent.</summary>
    public bool NeedsSharedData { get; init; }

    public override string? Skip => TestDevices.WhyNot(device) ?? (NeedsSharedData && !SharedData.Exists ? "../shared/data is absent" : null);

    public override IEnumerable<object[]> GetData(MethodInfo testMethod)
    {
        if (names is null) return [[device]];
        var rows = ((IEnumerable<string>)testMethod.DeclaringType!.GetProperty(names)!.GetValue(null)!).Select(name => new object[] { device, name });
        // One that is skipped says it for all.
        return Skip is null ? rows : rows.Take(1);
    }
}
