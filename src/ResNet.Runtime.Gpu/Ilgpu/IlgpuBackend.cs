using ResNet.Runtime.Detection.Regions;
using ResNet.Runtime.Devices;
using ResNet.Runtime.Gpu.Binding;
using ResNet.Runtime.Gpu.Contracts;
using ResNet.Runtime.Gpu.Driver;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Gpu;

/// <summary>Binds programs to a device that ILGPU drives.</summary>
/// <param name="device">The device, which this owns.</param>
sealed class IlgpuBackend(IlgpuDevice device) : GpuBackend
{
    public override GpuDeviceInfo Info => device.Info;

    public override Precision Precision => device.Precision;

    public override DeviceModel Load(BoundProgram program, Parameters parameters)
    {
        lock (device.Lock) return new GpuModel(device, GpuBinder.BindInference(device, program, parameters));
    }

    public override DeviceTrainingSession CreateTrainingSession(BoundProgram program, Parameters parameters, AttachedLosses losses, ulong seed)
    {
        lock (device.Lock) return new GpuTrainingSession(device, program, parameters, losses, seed);
    }

    public override RegionExchange PrepareRegions(IReadOnlyList<RegionPass> passes) => new GpuRegions(device, passes);

    public override double MeasurePeak()
    {
        lock (device.Lock) return PeakProduct.Measure(device);
    }

    public override void Dispose() => device.Dispose();
}
