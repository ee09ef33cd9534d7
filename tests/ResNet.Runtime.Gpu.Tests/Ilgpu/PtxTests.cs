using System.Reflection;
using System.Text.RegularExpressions;
using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Backends;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime.Cuda;
using ResNet.Runtime.Gpu.Kernels;

namespace ResNet.Runtime.Gpu.Tests;

/// <summary>What ILGPU makes of the kernels for CUDA, read without a CUDA device: what would make them slow is not there.</summary>
public class PtxTests
{
    static readonly Type[] s_products = [typeof(ConvolutionOfQuads), typeof(Convolution), typeof(WeightGradientOfQuads), typeof(WeightGradient)];

    static readonly Dictionary<string, MethodInfo> s_kernels =
        new[] { typeof(Layouts), typeof(ElementWise), typeof(Pooling), typeof(Normalization), typeof(CrossEntropy), typeof(Optimizing) }
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly))
            .ToDictionary(method => $"{method.DeclaringType!.Name}.{method.Name}");

    public static TheoryData<string> Kernels => [.. s_kernels.Keys];

    public static TheoryData<string> Products => [.. s_products.Select(product => product.Name)];

    [Theory, MemberData(nameof(Kernels))]
    public void KernelsDivideNothingAndStayInRegisters(string kernel) => AssertFast(Compile(s_kernels[kernel]));

    [Theory, MemberData(nameof(Products))]
    public void TheLargeTileIsStraightCode(string product)
    {
        var ptx = Compile(Run(typeof(Unrolled128x128), product));
        AssertFast(ptx);
        // A depth of 16 times 8 × 8 sums stand there one by one; the driver contracts each to one instruction.
        Assert.True(Count(ptx, @"\b(fma|mul)(\.rn)?(\.ftz)?\.f32") >= 16 * 64, "The products are not all there");
        Assert.True(Count(ptx, @"\bld\.shared\.v4\.(f32|b32)") >= 16 * 4, "Shared memory is not read four values at a time");
        if (product.EndsWith("Quads", StringComparison.Ordinal))
            Assert.True(Count(ptx, @"\bld\.global\.v4\.(f32|b32)") >= 4, "Memory is not read four values at a time");
    }

    [Theory, InlineData(typeof(Unrolled128x64)), InlineData(typeof(Unrolled64x64)), InlineData(typeof(Unrolled64x16))]
    public void SmallTilesDivideNothingAndStayInRegisters(Type tile) => AssertFast(Compile(Run(tile, nameof(ConvolutionOfQuads))));

    [Fact]
    public void AnIntegerDivisionWouldBeFound() =>
        Assert.Throws<Xunit.Sdk.EmptyException>(() => AssertFast(Compile(typeof(PtxTests).GetMethod(nameof(Divides), BindingFlags.Static | BindingFlags.NonPublic)!)));

    static void Divides(ElementWise.Passing p) => p.To[Grid.GlobalIndex.X / p.Count] = 1;

    static void AssertFast(string ptx)
    {
        Assert.Empty(Regex.Matches(ptx, @"^.*\b(div|rem)\.[su](32|64).*$", RegexOptions.Multiline).Select(match => match.Value.Trim()));
        Assert.Empty(Regex.Matches(ptx, @"^.*(\.local|(ld|st)\.local)\b.*$", RegexOptions.Multiline).Select(match => match.Value.Trim()));
    }

    static int Count(string ptx, string pattern) => Regex.Count(ptx, pattern);

    internal static MethodInfo Run(Type tile, string product) =>
        tile.GetMethod("Run", BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(s_products.Single(type => type.Name == product));

    /// <summary>PTX of compute capability 9.0, as a device of it would be given.</summary>
    internal static string Compile(MethodInfo kernel)
    {
        using var context = Context.Create(builder => builder.EnableAlgorithms().Optimize(OptimizationLevel.O2).Inlining(InliningMode.Aggressive));
        var architecture = new CudaArchitecture(9, 0);
        var instructions = CudaAccelerator.GetInstructionSet(architecture, CudaDriverVersion.FromMajorMinor(13, 0));
        using var backend = new PTXBackend(context, new CudaCapabilityContext(architecture), architecture, instructions, null);
        var compiled = (PTXCompiledKernel)backend.Compile(EntryPointDescription.FromExplicitlyGroupedKernel(kernel), default);
        return compiled.PTXAssembly;
    }
}
