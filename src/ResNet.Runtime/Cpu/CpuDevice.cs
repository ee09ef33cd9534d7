using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ResNet.Runtime.Cpu.Binding;
using ResNet.Runtime.Cpu.Convolutions;
using ResNet.Runtime.Cpu.Threads;
using ResNet.Runtime.Devices;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime;

/// <summary>The processor, through the widest vector instructions it has.</summary>
public sealed class CpuDevice : Device
{
    static readonly Lazy<CpuDevice> _default = new(() => new(shared: true));

    readonly CpuWorkers _workers;
    readonly bool _shared;

    // Networks of other input sizes share their parameters.
    readonly ConditionalWeakTable<Parameters, PackedWeights> _packed = [];

    /// <summary>Creates worker threads of its own.</summary>
    /// <param name="threads">Threads that compute, the caller's included; 0 for one per core.</param>
    /// <param name="convolution">The algorithm of convolutions.</param>
    public CpuDevice(int threads = 0, ConvolutionAlgorithm convolution = ConvolutionAlgorithm.Automatic)
    {
        if (!Enum.IsDefined(convolution)) throw new ArgumentOutOfRangeException(nameof(convolution), convolution, "There is no such algorithm");
        _workers = new(threads);
        Convolution = convolution;
    }

    CpuDevice(bool shared) : this() => _shared = shared;

    /// <summary>The processor, with a worker thread per core: the default of every network. Disposing it does nothing.</summary>
    public static CpuDevice Shared => _default.Value;

    /// <inheritdoc/>
    public override string Name => $"CPU ({InstructionSet}, {Threads} {(Threads == 1 ? "thread" : "threads")})";

    /// <summary>The algorithm of convolutions.</summary>
    public ConvolutionAlgorithm Convolution { get; }

    /// <summary>The threads that compute.</summary>
    internal CpuWorkers Workers => _workers;

    /// <summary>Threads that compute, the caller's included.</summary>
    public int Threads => _workers.Count;

    /// <summary>
    /// Measures the greatest rate of the device's threads: fused multiply-adds on registers alone, with the widest vectors, in
    /// all threads at once. Takes about a tenth of a second.
    /// </summary>
    /// <returns>Floating-point operations per second; a multiply-add counts as two.</returns>
    public override double MeasurePeak() => PeakRate.Measure(_workers);

    static string InstructionSet =>
        Vector512.IsHardwareAccelerated ? "AVX-512" : Vector256.IsHardwareAccelerated ? "AVX2" : "128-bit vectors";

    internal override DeviceModel Load(BoundProgram program, Parameters parameters) =>
        new CpuModel(CpuProgram.ForInference(program, parameters, _workers, Convolution, _packed.GetOrCreateValue(parameters)), _workers);

    internal override DeviceTrainingSession CreateTrainingSession(BoundProgram program, Parameters parameters, AttachedLosses losses, ulong seed) =>
        new CpuTrainingSession(program, parameters, _workers, Convolution, losses, seed);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_shared) _workers.Dispose();
    }
}
