using ResNet.Runtime.Devices;

namespace ResNet.Runtime;

/// <summary>What networks run on. Devices are shared: many networks, and many sessions of each, use one at a time.</summary>
public abstract class Device : IDisposable
{
    /// <summary>Name of the device, for people.</summary>
    public abstract string Name { get; }

    /// <summary>Measures what the device can do at most.</summary>
    /// <returns>Floating-point operations per second; a multiply-add counts as two.</returns>
    public abstract double MeasurePeak();

    /// <summary>Packs a network's parameters for the device and chooses its algorithms.</summary>
    /// <param name="network">The network, which waits for the result: other threads may not ask it for anything that it locks.</param>
    /// <param name="parameters">Its parameters.</param>
    internal abstract DeviceModel Load(Network network, Parameters parameters);

    /// <summary>Creates what runs training steps.</summary>
    /// <param name="network">The network.</param>
    /// <param name="parameters">Its parameters, which the steps read and whose running statistics they move.</param>
    /// <param name="seed">Seed of dropout.</param>
    internal abstract DeviceTrainingSession CreateTrainingSession(Network network, Parameters parameters, ulong seed);

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
