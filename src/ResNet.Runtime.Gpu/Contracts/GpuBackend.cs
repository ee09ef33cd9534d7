using ResNet.Runtime.Detection.Regions;
using ResNet.Runtime.Devices;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Gpu.Contracts;

/// <summary>Drives one device. Only implementations know ILGPU, so that this assembly builds without it.</summary>
abstract class GpuBackend : IDisposable
{
    public abstract GpuDeviceInfo Info { get; }

    /// <inheritdoc cref="GpuDevice.Precision"/>
    public abstract Precision Precision { get; }

    /// <inheritdoc cref="Device.Load"/>
    public abstract DeviceModel Load(BoundProgram program, Parameters parameters);

    /// <inheritdoc cref="Device.CreateTrainingSession"/>
    public abstract DeviceTrainingSession CreateTrainingSession(BoundProgram program, Parameters parameters, AttachedLosses losses, ulong seed);

    /// <inheritdoc cref="IRegionDevice.Prepare"/>
    public abstract RegionExchange PrepareRegions(IReadOnlyList<RegionPass> passes);

    /// <inheritdoc cref="Device.MeasurePeak"/>
    public abstract double MeasurePeak();

    public abstract void Dispose();
}
