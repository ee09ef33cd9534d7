using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;
using ResNet.Runtime.Gpu.Contracts;
using ResNet.Runtime.Gpu.Driver;
using ResNet.Runtime.Gpu.Kernels;

namespace ResNet.Runtime.Gpu;

/// <summary>The devices that ILGPU finds.</summary>
static class Backends
{
    /// <summary>Generic pointers, which no kernel here needs, are what ILGPU asks for and PoCL does not announce.</summary>
    const string PoCL = "Portable Computing Language";

    static readonly Lazy<IReadOnlyList<GpuDeviceInfo>> _all = new(Find);

    public static IReadOnlyList<GpuDeviceInfo> All => _all.Value;

    public static GpuException NoDevice(GpuKind? kind) => new(kind switch
    {
        GpuKind.Cuda => "There is no CUDA device: none is built in, or NVIDIA's driver (libcuda.so.1, nvcuda.dll) is not installed",
        GpuKind.OpenCL => "There is no OpenCL device: install a driver (the vendor's, or PoCL for a processor) and the loader (libOpenCL.so.1, OpenCL.dll)",
        _ => "There is no graphics processor that CUDA or OpenCL drives: install its driver, or use Device.Cpu",
    });

    public static GpuBackend Open(GpuDeviceInfo device, Precision precision) => new IlgpuBackend(OpenDevice(device, precision));

    /// <summary>Opens a device without what binds programs to it.</summary>
    public static IlgpuDevice OpenDevice(GpuDeviceInfo device, Precision precision)
    {
        var context = NewContext(device.Kind);
        try
        {
            // Threads take turns with the kernels that suit the device: for a processor, loops stay loops.
            var found = Devices(context, device.Kind)[device.Index];
            Check(device, (found as CudaDevice)?.Architecture, precision);
            var isCuda = device.Kind == GpuKind.Cuda;
            var driven = new IlgpuDevice(
                device, precision, context, found.CreateAccelerator(context),
                isCuda ? TileSet.Cuda[precision] : TileSet.Rolled, isCuda ? TileSet.Cuda[Precision.Single] : TileSet.Rolled);
            if (driven.Stream is CudaStream stream) driven.Recorder = new CudaGraphs(stream);
            return driven;
        }
        catch (Exception exception) when (exception is AcceleratorException or NotSupportedException)
        {
            context.Dispose();
            throw new GpuException($"{device.Name} cannot be opened: {exception.Message}", exception);
        }
        catch (GpuException)
        {
            context.Dispose();
            throw;
        }
    }

    /// <summary>Refuses a precision that a device does not have.</summary>
    public static void Check(GpuDeviceInfo device, CudaArchitecture? architecture, Precision precision)
    {
        if (precision == Precision.Single) return;
        if (architecture is not { } has)
            throw new GpuException($"{device.Name} cannot compute in {precision}: that takes an NVIDIA device, opened by CUDA; use {nameof(Precision)}.{Precision.Single}");
        if (has.Major < 8)
            throw new GpuException($"{device.Name} cannot compute in {precision}: it has compute capability {has.Major}.{has.Minor}, and that takes 8.0 (Ampere) or later; use {nameof(Precision)}.{Precision.Single}");
    }

    /// <summary>
    /// ILGPU's own interpreter of kernels, for tests: groups of four threads on the processor. They run at the same time, since
    /// the sequential mode hands each group from thread to thread, which takes ten times as long.
    /// </summary>
    public static IlgpuDevice OpenInterpreter()
    {
        var context = Context.Create(builder => builder.CPU(new CPUDevice(4, 1, 1)).EnableAlgorithms().Optimize(OptimizationLevel.O2).Profiling());
        var accelerator = context.GetCPUDevice(0).CreateCPUAccelerator(context, CPUAcceleratorMode.Parallel);
        return new(new(GpuKind.OpenCL, -1, "ILGPU's CPU accelerator", Memory: 0, IsProcessor: true), Precision.Single, context, accelerator, TileSet.Tiny, TileSet.Tiny);
    }

    static List<GpuDeviceInfo> Find()
    {
        NativeLibraries.Resolve();
        var found = new List<GpuDeviceInfo>();
        foreach (var kind in Enum.GetValues<GpuKind>())
        {
            using var context = NewContext(kind);
            found.AddRange(Devices(context, kind).Select((device, index) => new GpuDeviceInfo(
                kind, index, device.Name.Trim(), device.MemorySize, device is CLDevice { DeviceType: CLDeviceType.CL_DEVICE_TYPE_CPU })));
        }
        return found;
    }

    static Context NewContext(GpuKind kind) => Context.Create(builder =>
    {
        if (kind == GpuKind.Cuda) builder.Cuda();
        else builder.OpenCL(IsUsable);
        builder.EnableAlgorithms().Optimize(OptimizationLevel.O2).Inlining(InliningMode.Aggressive).Profiling();
    });

    static List<ILGPU.Runtime.Device> Devices(Context context, GpuKind kind) =>
        [.. context.Devices.Where(device => device.AcceleratorType == (kind == GpuKind.Cuda ? AcceleratorType.Cuda : AcceleratorType.OpenCL))];

    static bool IsUsable(CLDevice device)
    {
        if (device.PlatformName == PoCL) SetGenericAddressSpace(device.Capabilities, true);
        return device.Capabilities.GenericAddressSpace;
    }

    /// <summary>The capability's setter, which ILGPU keeps to itself.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = $"set_{nameof(CLCapabilityContext.GenericAddressSpace)}")]
    static extern void SetGenericAddressSpace(CLCapabilityContext capabilities, bool value);
}
