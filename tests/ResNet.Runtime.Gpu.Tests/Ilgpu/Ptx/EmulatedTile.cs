using System.Reflection;
using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Backends;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ResNet.Runtime.Gpu.Kernels;

namespace ResNet.Runtime.Gpu.Tests;

/// <summary>What ILGPU makes of kernels for CUDA.</summary>
static class Ptx
{
    /// <summary>PTX as a device of a compute capability would be given.</summary>
    public static string Compile(MethodInfo kernel, int major = 9, int minor = 0)
    {
        using var context = Context.Create(builder => builder.EnableAlgorithms().Optimize(OptimizationLevel.O2).Inlining(InliningMode.Aggressive));
        var architecture = new CudaArchitecture(major, minor);
        var instructions = CudaAccelerator.GetInstructionSet(architecture, CudaDriverVersion.FromMajorMinor(13, 0));
        using var backend = new PTXBackend(context, new CudaCapabilityContext(architecture), architecture, instructions, null);
        var compiled = (PTXCompiledKernel)backend.Compile(EntryPointDescription.FromExplicitlyGroupedKernel(kernel), default);
        return compiled.PTXAssembly;
    }

    /// <summary>A tile's kernel for a kind of product.</summary>
    public static MethodInfo Run(Type tile, Type product) =>
        tile.GetMethod("Run", BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(product);
}

/// <summary>A tile for CUDA whose PTX is executed by <see cref="PtxMachine"/>, in the memory of a device on the host.</summary>
sealed class EmulatedTile(Tile tile) : Tile(tile.Rows, tile.Columns, tile.Depth, tile.Threads)
{
    static readonly Dictionary<(Type, Type), Lazy<PtxKernel>> s_kernels = [];

    public override Action<AcceleratorStream, KernelConfig, T> Load<T>(Accelerator accelerator)
    {
        var kernel = Kernel(tile.GetType(), typeof(T));
        return (stream, config, product) =>
        {
            stream.Synchronize();
            PtxMachine.Run(kernel, config.GridDim, config.GroupDim.X, product);
        };
    }

    static PtxKernel Kernel(Type tile, Type product)
    {
        lock (s_kernels)
        {
            if (!s_kernels.TryGetValue((tile, product), out var kernel))
                s_kernels.Add((tile, product), kernel = new(() => new(Ptx.Compile(Ptx.Run(tile, product)))));
            return kernel.Value;
        }
    }
}
