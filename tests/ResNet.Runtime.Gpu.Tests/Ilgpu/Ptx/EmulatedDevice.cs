using System.Collections.Concurrent;
using System.Reflection;
using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Backends;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using ResNet.Runtime.Gpu.Driver;
using ResNet.Runtime.Gpu.Kernels;

namespace ResNet.Runtime.Gpu.Tests;

/// <summary>Executes the code that ILGPU generates from kernels for CUDA.</summary>
static class Ptx
{
    static readonly ConcurrentDictionary<MethodInfo, Lazy<string>> _compiled = [];

    /// <summary>PTX as a device of compute capability 9.0 would be given; compiled once for all tests.</summary>
    public static string Of(MethodInfo kernel) => _compiled.GetOrAdd(kernel, method => new(() => Compile(method))).Value;

    static string Compile(MethodInfo kernel)
    {
        using var context = Context.Create(builder => builder.EnableAlgorithms().Optimize(OptimizationLevel.O2).Inlining(InliningMode.Aggressive));
        var architecture = new CudaArchitecture(9, 0);
        var instructions = CudaAccelerator.GetInstructionSet(architecture, CudaDriverVersion.FromMajorMinor(13, 0));
        using var backend = new PTXBackend(context, new CudaCapabilityContext(architecture), architecture, instructions, null);
        var compiled = (PTXCompiledKernel)backend.Compile(EntryPointDescription.FromExplicitlyGroupedKernel(kernel), default);
        return compiled.PTXAssembly;
    }
}

/// <summary>A CUDA device that is none: its memory is the host's, and its kernels' PTX is executed by <see cref="PtxMachine"/>.</summary>
sealed class EmulatedDevice : IlgpuDevice
{
    static readonly ConcurrentDictionary<MethodInfo, Lazy<PtxKernel>> _kernels = [];

    EmulatedDevice(Context context, Accelerator accelerator, Precision precision)
        : base(new(GpuKind.Cuda, 0, "PTX", Memory: 1 << 30, IsProcessor: true), precision, context, accelerator, TileSet.Cuda[precision], TileSet.Cuda[Precision.Single])
    {
    }

    public static EmulatedDevice Open(Precision precision)
    {
        // So many threads has a group where nothing else decides.
        var context = Context.Create(builder => builder.CPU(new CPUDevice(numThreadsPerWarp: 32, numWarpsPerMultiprocessor: 2, numMultiprocessors: 1)).Profiling());
        return new(context, context.GetCPUDevice(0).CreateCPUAccelerator(context, CPUAcceleratorMode.Sequential), precision);
    }

    protected override Action<AcceleratorStream, KernelConfig, T> Load<T>(Action<T> kernel)
    {
        var compiled = _kernels.GetOrAdd(kernel.Method, method => new(() => new(Ptx.Of(method)))).Value;
        return (stream, config, arguments) =>
        {
            stream.Synchronize();
            PtxMachine.Run(compiled, config.GridDim, config.GroupDim, arguments);
        };
    }
}
