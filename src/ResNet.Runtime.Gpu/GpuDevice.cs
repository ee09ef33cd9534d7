using System.Runtime.CompilerServices;
using ResNet.Runtime.Detection.Regions;
using ResNet.Runtime.Devices;
using ResNet.Runtime.Gpu;
using ResNet.Runtime.Gpu.Contracts;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime;

/// <summary>
/// A graphics processor, through CUDA or OpenCL: <c>new MyNet(GpuDevice.Best())</c>. Activations stay in its memory between
/// layers; parameters move when they have changed.
/// </summary>
public sealed class GpuDevice : Device, IRegionDevice
{
    readonly GpuBackend _backend;

    internal GpuDevice(GpuBackend backend) => _backend = backend;

    /// <summary>
    /// The devices of this machine, CUDA's first; empty where there is no driver, ILGPU is not in this build, or the program is compiled ahead of time.
    /// </summary>
    // An ahead-of-time compiler knows this feature to be absent, and so leaves all of ILGPU out of the program.
    public static IReadOnlyList<GpuDeviceInfo> All => RuntimeFeature.IsDynamicCodeSupported ? Backends.All : [];

    /// <inheritdoc/>
    public override string Name => Precision == Precision.Single
        ? $"{_backend.Info.Name} ({_backend.Info.Kind})"
        : $"{_backend.Info.Name} ({_backend.Info.Kind}, {Precision})";

    /// <summary>The name, kind and memory of the device.</summary>
    public GpuDeviceInfo Info => _backend.Info;

    /// <summary>The precision to which the operands of convolutions are rounded.</summary>
    public Precision Precision => _backend.Precision;

    /// <summary>Opens an NVIDIA device.</summary>
    /// <param name="index">Which of them, from 0.</param>
    /// <param name="precision">The precision to which the operands of convolutions are rounded, so that tensor cores (compute capability 8.0 and later) can multiply them.</param>
    /// <exception cref="GpuException">There is no driver or no such device, it lacks the precision, ILGPU is not in this build, or the program is compiled ahead of time; the message names the remedy.</exception>
    public static GpuDevice Cuda(int index = 0, Precision precision = Precision.Single) => Open(GpuKind.Cuda, index, precision);

    /// <summary>Opens an OpenCL device.</summary>
    /// <param name="index">Which of them, from 0.</param>
    /// <exception cref="GpuException">There is no driver or no such device, ILGPU is not in this build, or the program is compiled ahead of time; the message names the remedy.</exception>
    public static GpuDevice OpenCL(int index = 0) => Open(GpuKind.OpenCL, index, Precision.Single);

    /// <summary>
    /// Opens the fastest graphics processor by the data that are known before measuring: CUDA before OpenCL, then the most memory. Never a
    /// processor that OpenCL drives.
    /// </summary>
    /// <param name="precision">As for <see cref="Cuda"/>.</param>
    /// <exception cref="GpuException">There is none, it lacks the precision, ILGPU is not in this build, or the program is compiled ahead of time; the message names the remedy.</exception>
    public static GpuDevice Best(Precision precision = Precision.Single)
    {
        if (!RuntimeFeature.IsDynamicCodeSupported) throw NeedsJit();
        return All.Where(device => !device.IsProcessor).OrderBy(device => device.Kind).ThenByDescending(device => device.Memory).FirstOrDefault() is { } best
            ? Open(best.Kind, best.Index, precision)
            : throw Backends.NoDevice(kind: null);
    }

    static GpuDevice Open(GpuKind kind, int index, Precision precision)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        if (!Enum.IsDefined(precision)) throw new ArgumentOutOfRangeException(nameof(precision), precision, message: null);
        if (!RuntimeFeature.IsDynamicCodeSupported) throw NeedsJit();
        var devices = All.Where(device => device.Kind == kind).ToList();
        if (devices.Count == 0) throw Backends.NoDevice(kind);
        if (index >= devices.Count)
            throw new GpuException($"There is no {kind} device {index}; there {(devices.Count == 1 ? "is" : "are")} {string.Join(", ", devices.Select(device => $"{device.Index}: {device.Name}"))}");
        return new(Backends.Open(devices[index], precision));
    }

    static GpuException NeedsJit() => new(
        "No graphics processor can be used: ILGPU compiles kernels at run time and needs the JIT, which a program compiled ahead of time does not have. Publish without PublishAot, or use Device.Cpu (docs/gpu.md)");

    /// <summary>
    /// Measures the greatest rate of the device with its kernels: a large product of matrices. Takes a moment,
    /// and some memory.
    /// </summary>
    /// <returns>Floating-point operations per second; a multiply-add counts as two.</returns>
    /// <exception cref="GpuException">There is too little memory.</exception>
    public override double MeasurePeak() => _backend.MeasurePeak();

    internal override DeviceModel Load(BoundProgram program, Parameters parameters) => _backend.Load(program, parameters);

    internal override DeviceTrainingSession CreateTrainingSession(BoundProgram program, Parameters parameters, AttachedLosses losses, ulong seed) =>
        _backend.CreateTrainingSession(program, parameters, losses, seed);

    RegionExchange IRegionDevice.Prepare(IReadOnlyList<RegionPass> passes) => _backend.PrepareRegions(passes);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _backend.Dispose();
    }
}
