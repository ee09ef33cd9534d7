using ResNet.Runtime.Devices;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime;

/// <summary>Runs networks. Devices are shared: many networks, and many sessions of each, use one at a time.</summary>
public abstract class Device : IDisposable
{
    /// <summary>Name of the device, for people.</summary>
    public abstract string Name { get; }

    /// <summary>Measures what the device can do at most.</summary>
    /// <returns>Floating-point operations per second; a multiply-add counts as two.</returns>
    public abstract double MeasurePeak();

    /// <summary>Chooses the algorithms of a forward pass and packs the parameters for the device.</summary>
    /// <param name="program">The forward pass.</param>
    /// <param name="parameters">The parameters, as of now.</param>
    internal abstract DeviceModel Load(BoundProgram program, Parameters parameters);

    /// <summary>Prepares training steps.</summary>
    /// <param name="program">The training step.</param>
    /// <param name="parameters">The parameters, which the steps read and whose running statistics they move.</param>
    /// <param name="losses">The losses at the outputs.</param>
    /// <param name="seed">Seed of dropout.</param>
    internal abstract DeviceTrainingSession CreateTrainingSession(BoundProgram program, Parameters parameters, AttachedLosses losses, ulong seed);

    /// <summary>Releases the device's threads or handles. The shared <c>Device.Cpu</c> stays usable.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what the device holds.</summary>
    /// <param name="disposing">Whether <see cref="Dispose()"/> was called.</param>
    protected abstract void Dispose(bool disposing);
}
