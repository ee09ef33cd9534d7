using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using ILGPU;
using ResNet.Runtime.Gpu.Kernels;

namespace ResNet.Runtime.Gpu.Tests;

/// <summary>The code that ILGPU generates for CUDA, read without a CUDA device: it has no instructions that would make it slow.</summary>
public class PtxTests
{
    static readonly Type[] _products = [typeof(ConvolutionOfQuads), typeof(Convolution), typeof(WeightGradientOfQuads), typeof(WeightGradient)];

    static readonly Dictionary<string, MethodInfo> _kernels =
        new[] { typeof(Layouts), typeof(ElementWise), typeof(Pooling), typeof(RegionBins), typeof(Normalization), typeof(CrossEntropy), typeof(Optimizing) }
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly))
            .ToDictionary(method => $"{method.DeclaringType!.Name}.{method.Name}");

    public static TheoryData<string> Kernels => [.. _kernels.Keys];

    public static TheoryData<string> Products => [.. _products.Select(product => product.Name)];

    [Theory, MemberData(nameof(Kernels))]
    public void KernelsDivideNothingAndStayInRegisters(string kernel) => AssertFast(Ptx.Of(_kernels[kernel]));

    [Theory, MemberData(nameof(Products))]
    public void TheLargeTileIsStraightCode(string product)
    {
        var ptx = Compile(new Unrolled128x128(), product);
        AssertFast(ptx);
        var loop = PtxLoop.Of(ptx);
        // A depth of 16 times 8 × 8 sums stand there one by one: of each value that is read from shared memory come eight products.
        Assert.Equal(16 * 64, Count(loop, "mul.f32"));
        // Neither rounds on its own, so that the driver contracts the two.
        Assert.Equal(16 * 64, Count(loop, "add.f32"));
        Assert.Equal(16 * 4, Count(loop, "ld.shared.v4.f32"));
        Assert.Equal(0, Count(loop, "ld.shared.f32"));
        Assert.Equal(2, Count(loop, "bar.sync"));
        // Four loads of four values are on their way meanwhile, if channels come in fours.
        if (product.EndsWith("Quads", StringComparison.Ordinal))
            Assert.Equal((4, 0), (Count(loop, "ld.global.v4.f32"), Count(loop, "ld.global.f32")));
        // Shared memory is read at constants from one place; only the other addresses are computed.
        Assert.InRange(loop.Count(line => Regex.IsMatch(line, @"^mul\.wide\.u32\s+%\w+, %")), 4, 24);
    }

    [Theory, InlineData(typeof(Unrolled128x64), 8 * 4), InlineData(typeof(Unrolled64x64), 4 * 4), InlineData(typeof(Unrolled64x16), 4 * 4)]
    public void SmallTilesAreStraightCodeToo(Type tile, int sums)
    {
        var ptx = Compile((Tile)Activator.CreateInstance(tile)!, nameof(ConvolutionOfQuads));
        AssertFast(ptx);
        Assert.Equal(16 * sums, Count(PtxLoop.Of(ptx), "mul.f32"));
    }

    public static IEnumerable<object[]> TensorTiles =>
        from precision in new[] { Precision.TensorFloat32, Precision.BFloat16 }
        from tile in TileSet.Cuda[precision].Tiles
        from product in _products
        select new object[] { tile.GetType(), product.Name };

    [Theory, MemberData(nameof(TensorTiles))]
    public void TensorCoresMultiplyWhatLiesInRegisters(Type type, string product)
    {
        var tile = (Tile)Activator.CreateInstance(type)!;
        var isPaired = type.Name.StartsWith("BFloat", StringComparison.Ordinal);
        var ptx = Compile(tile, product);
        AssertFast(ptx);
        // The only allocation, and small enough for every device.
        var bytes = int.Parse(Assert.Single(Regex.Matches(ptx, @"\.shared \.align 16 \.b8 __shared_alloca0\[(\d+)\];")).Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.Single(Regex.Matches(ptx, @"\.shared "));
        Assert.InRange(bytes, 1, 48 << 10);

        var loop = PtxLoop.Of(ptx);
        var (instruction, depth) = isPaired ? ("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32", 16) : ("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32", 8);
        var warps = tile.Threads / 32;
        var products = tile.Rows / 16 * (tile.Columns / 8) * (tile.Depth / depth) / warps;
        Assert.Equal(products, Count(loop, instruction));
        Assert.Equal(products, loop.Count(line => line.StartsWith("mma", StringComparison.Ordinal)));
        // Four registers from one load of the left matrix, if neighbours lie along the depth.
        var (matrices, words) = (Count(loop, "ldmatrix.sync.aligned.m8n8.x4.shared.b16"), Count(loop, "ld.shared.b32"));
        Assert.Equal(product.StartsWith("Convolution", StringComparison.Ordinal), matrices > 0);
        Assert.Equal(0, loop.Count(line => line.StartsWith("ld.shared.v", StringComparison.Ordinal)));
        Assert.InRange((4 * matrices + words) / (double)products, 0, tile.Columns == 16 ? 3 : tile.Rows == 64 ? 2 : 1.5);
        // Every value is rounded once: two by an instruction, or one.
        Assert.Equal((tile.Rows + tile.Columns) * tile.Depth / tile.Threads / (isPaired ? 2 : 1), Count(loop, isPaired ? "cvt.rn.bf16x2.f32" : "cvt.rna.tf32.f32"));
        Assert.Equal(1, Count(loop, "bar.sync"));
    }

    [Fact]
    public void WhatWouldBeSlowIsFound()
    {
        Assert.Throws<Xunit.Sdk.EmptyException>(() => AssertFast(Ptx.Of(Own(nameof(Divides)))));
        Assert.Throws<Xunit.Sdk.EmptyException>(() => AssertFast(Ptx.Of(Own(nameof(Spills)))));
    }

    [Fact]
    public void ALoopIsWhatControlComesBackTo()
    {
        var loop = PtxLoop.Of("""
            mov.f32 before;
            bra.uni L_2;
            L_1:
            add.f32 inside;
            @%p1 bra L_2;
            mov.f32 behind;
            ret;
            L_2:
            mul.f32 inside;
            @!%p2 bra L_3;
            bra L_1;
            L_3:
            ld.shared inside;
            bra.uni L_1;
            }
            """);
        Assert.Equal(["add.f32 inside;", "bra L_2;", "mul.f32 inside;", "bra L_3;", "bra L_1;", "ld.shared inside;", "bra.uni L_1;"], loop);
    }

    static void Spills(ElementWise.Passing p)
    {
        var values = LocalMemory.Allocate<float>(8);
        for (var i = 0; i < 8; i++) values[i] = p.From[i];
        p.To[Grid.GlobalIndex.X] = values[Grid.GlobalIndex.X & 7];
    }

    static void Divides(ElementWise.Passing p) => p.To[Grid.GlobalIndex.X / p.Count] = 1;

    static void AssertFast(string ptx)
    {
        Assert.Empty(Regex.Matches(ptx, @"^.*\b(div|rem)\.[su](32|64).*$", RegexOptions.Multiline).Select(match => match.Value.Trim()));
        Assert.Empty(Regex.Matches(ptx, @"^.*(\.local|(ld|st)\.local)\b.*$", RegexOptions.Multiline).Select(match => match.Value.Trim()));
    }

    static int Count(IReadOnlyList<string> instructions, string name) => instructions.Count(line => line.Split('\t', ' ')[0] == name);

    static MethodInfo Own(string name) => typeof(PtxTests).GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic)!;

    static string Compile(Tile tile, string product) => Ptx.Of(Kernel(tile, _products.Single(type => type.Name == product)));

    static MethodInfo Kernel(Tile tile, Type product) =>
        ((Delegate)tile.GetType().GetMethod(nameof(Tile.Kernel))!.MakeGenericMethod(product).Invoke(tile, [])!).Method;
}
