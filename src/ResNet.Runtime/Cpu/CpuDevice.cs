using System.Runtime.Intrinsics;
using ResNet.Runtime.Cpu;
using ResNet.Runtime.Cpu.Binding;
using ResNet.Runtime.Cpu.Binding.Training;

namespace ResNet.Runtime;

/// <summary>The processor, through the widest vector instructions it has.</summary>
public sealed class CpuDevice : Device
{
    readonly CpuWorkers _workers;
    readonly bool _shared;

    /// <summary>Creates worker threads of its own.</summary>
    /// <param name="threads">Threads that compute, the caller's included; 0 for one per core.</param>
    public CpuDevice(int threads = 0) => _workers = new(threads);

    CpuDevice(bool shared) : this() => _shared = shared;

    internal static CpuDevice CreateShared() => new(shared: true);

    /// <inheritdoc/>
    public override string Name => $"CPU ({InstructionSet}, {Threads} {(Threads == 1 ? "thread" : "threads")})";

    /// <summary>Threads that compute, the caller's included.</summary>
    public int Threads => _workers.Count;

    /// <summary>
    /// Measures what the device's threads can do at most: fused multiply-adds on registers alone, with the widest vectors, in
    /// all threads at once. Takes about a tenth of a second.
    /// </summary>
    /// <returns>Floating-point operations per second; a multiply-add counts as two.</returns>
    public double MeasurePeak() => PeakRate.Measure(_workers);

    static string InstructionSet =>
        Vector512.IsHardwareAccelerated ? "AVX-512" : Vector256.IsHardwareAccelerated ? "AVX2" : "128-bit vectors";

    internal override DeviceModel Load(Network network, Parameters parameters)
    {
        var binder = new Binder(network, parameters);
        network.Execute(binder);
        var program = binder.Finish();
        program.Pack(_workers);
        return new CpuModel(network, program, _workers);
    }

    internal override DeviceTrainingSession CreateTrainingSession(Network network, Parameters parameters, ulong seed) =>
        new CpuTrainingSession(network, parameters, _workers, seed);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_shared) _workers.Dispose();
    }
}
