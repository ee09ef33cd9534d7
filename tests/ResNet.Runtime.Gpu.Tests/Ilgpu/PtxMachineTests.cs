using ILGPU.Runtime;
using Xunit.Sdk;

namespace ResNet.Runtime.Gpu.Tests;

/// <summary>The machine that executes PTX in tests: it computes what the manual says, and finds what a device would pass over.</summary>
public class PtxMachineTests
{
    /// <summary>A structure of parameters.</summary>
    struct Views
    {
        public ILGPU.ArrayView<float> From, To;
    }

    [Fact]
    public void AWarpMultipliesMatrices()
    {
        // Row by row, and integers, which no format rounds.
        var left = Enumerable.Range(0, 16 * 8).Select(i => (float)(i % 7 - 3)).ToArray();
        var right = Enumerable.Range(0, 8 * 8).Select(i => (float)(i % 5 - 2)).ToArray();
        var result = Run(32, [.. left, .. right], 16 * 8, """
            mov.b32 %r1, %tid.x;
            shr.u32 %r2, %r1, 2;
            and.b32 %r3, %r1, 3;
            mad.lo.s32 %r4, %r2, 8, %r3;
            mul.wide.u32 %rd3, %r4, 4;
            add.u64 %rd3, %rd3, %rd1;
            ld.global.b32 %a0, [%rd3];
            ld.global.b32 %a1, [%rd3+256];
            ld.global.b32 %a2, [%rd3+16];
            ld.global.b32 %a3, [%rd3+272];
            mad.lo.s32 %r5, %r3, 8, %r2;
            mul.wide.u32 %rd4, %r5, 4;
            add.u64 %rd4, %rd4, %rd1;
            ld.global.b32 %b0, [%rd4+512];
            ld.global.b32 %b1, [%rd4+640];
            mov.f32 %f0, 0f3F800000;
            mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%f1, %f2, %f3, %f4}, {%a0, %a1, %a2, %a3}, {%b0, %b1}, {%f0, %f0, %f0, %f0};
            mad.lo.s32 %r6, %r3, 2, 0;
            mad.lo.s32 %r6, %r2, 8, %r6;
            mul.wide.u32 %rd5, %r6, 4;
            add.u64 %rd5, %rd5, %rd2;
            st.global.v2.f32 [%rd5], {%f1, %f2};
            st.global.v2.f32 [%rd5+256], {%f3, %f4};
            """);
        for (var row = 0; row < 16; row++)
            for (var column = 0; column < 8; column++)
                Assert.Equal(1 + Enumerable.Range(0, 8).Sum(k => left[row * 8 + k] * right[k * 8 + column]), result[row * 8 + column]);
    }

    [Fact]
    public void ValuesAreRoundedAsTheFormatsAre()
    {
        float one = 1, ulp = 1f / 1024, half = 1f / 2048, above = half + 1f / 8192;
        Assert.Equal([one, one + ulp, one + ulp, -one - ulp, float.PositiveInfinity], Round(Precision.TensorFloat32, one, one + half, one + above, -one - half, float.PositiveInfinity));
        Assert.Equal([one, one, one + 8 * ulp, -one - 16 * ulp, float.PositiveInfinity], Round(Precision.BFloat16, one, one + 4 * ulp, one + 5 * ulp, -one - 12 * ulp, float.MaxValue));
        Assert.True(float.IsNaN(Round(Precision.BFloat16, float.NaN)[0]));

        static float[] Round(Precision precision, params float[] values) => Array.ConvertAll(values, value => Rounding.Of(precision, value));
    }

    [Theory]
    [InlineData("st.shared.f32 [%rd9], %f1; bar.sync 0; ld.shared.f32 %f2, [%rd10];", null)]
    [InlineData("st.shared.f32 [%rd9], %f1; bar.warp.sync 0; ld.shared.f32 %f2, [%rd10];", null)]
    [InlineData("st.shared.f32 [%rd9], %f1; ld.shared.f32 %f2, [%rd11];", "loads from shared memory what thread 0 stores")]
    [InlineData("st.shared.f32 [%rd9], %f1; bar.sync 0; ld.shared.f32 %f2, [%rd10]; setp.gt.s32 %p1, %r1, 0; @%p1 st.shared.f32 [%rd9], %f1;", "what others load")]
    [InlineData("st.shared.f32 [%rd11], %f1;", "stores in shared memory what thread 0 stores")]
    [InlineData("ld.shared.f32 %f2, [%rd10];", "that no thread has stored")]
    [InlineData("st.shared.v2.f32 [%rd9+4], {%f1, %f1};", "not aligned")]
    [InlineData("ld.global.f32 %f2, [%rd1+128];", "loads beyond the edges")]
    [InlineData("st.global.f32 [%rd1+-4], %f1;", "stores beyond the edges")]
    [InlineData("setp.lt.s32 %p1, %r1, 4; @%p1 bra OUT; bar.sync 0;", "is at")]
    [InlineData("IN: bra.uni IN;", "does not end")]
    public void WhatADeviceWouldPassOverIsFound(string code, string? error)
    {
        var program = $"""
            mov.b32 %r1, %tid.x;
            xor.b32 %r2, %r1, 1;
            mov.b64 %rd11, scratch;
            mul.wide.u32 %rd9, %r1, 4;
            mul.wide.u32 %rd10, %r2, 4;
            mov.f32 %f1, 0f3F800000;
            {code.Replace(": ", ":\n", StringComparison.Ordinal)}
            OUT:
            """;
        if (error is null) Run(32, new float[32], 32, program);
        else Assert.Contains(error, Assert.ThrowsAny<XunitException>(() => Run(32, new float[32], 32, program)).Message, StringComparison.Ordinal);
    }

    static float[] Run(int threads, float[] from, int results, string code)
    {
        using var backend = EmulatedDevice.Open(Precision.Single);
        using var input = backend.Upload(from);
        using var output = backend.Allocate<float>(results);
        var kernel = new PtxKernel($$"""
            .visible .entry Kernel(
                .param .align 8 .b8 parameters[32]
            )
            {
            .shared .align 16 .b8 scratch[128];
            ld.param.b64 %rd1, [parameters];
            ld.param.b64 %rd2, [parameters+16];
            {{code}}
            ret;
            }
            """);
        backend.Stream.Synchronize();
        PtxMachine.Run(kernel, new(1, 1, 1), new(threads, 1, 1), new Views { From = input.View, To = output.View });
        return output.Read(results);
    }
}
