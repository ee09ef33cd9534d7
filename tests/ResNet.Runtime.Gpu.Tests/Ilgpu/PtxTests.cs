using System.Reflection;
using System.Text.RegularExpressions;
using ILGPU;
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
    public void KernelsDivideNothingAndStayInRegisters(string kernel) => AssertFast(Ptx.Compile(s_kernels[kernel]));

    [Theory, MemberData(nameof(Products))]
    public void TheLargeTileIsStraightCode(string product)
    {
        var ptx = Compile(typeof(Unrolled128x128), product);
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
        var ptx = Compile(tile, nameof(ConvolutionOfQuads));
        AssertFast(ptx);
        Assert.Equal(16 * sums, Count(PtxLoop.Of(ptx), "mul.f32"));
    }

    [Fact]
    public void WhatWouldBeSlowIsFound()
    {
        Assert.Throws<Xunit.Sdk.EmptyException>(() => AssertFast(Ptx.Compile(Own(nameof(Divides)))));
        Assert.Throws<Xunit.Sdk.EmptyException>(() => AssertFast(Ptx.Compile(Own(nameof(Spills)))));
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

    static string Compile(Type tile, string product) => Ptx.Compile(Ptx.Run(tile, s_products.Single(type => type.Name == product)));
}
