using System.Runtime.Intrinsics;

namespace ResNet.Runtime.Cpu.Training;

/// <summary>
/// Marks a partial method <c>static void M(WeightGradientCall* call)</c> whose body ResNet.TileGenerator writes at build
/// time: the products of <paramref name="inputs"/> input channels with 16 output channels in vectors of <paramref name="bits"/> bits.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
#pragma warning disable CS9113 // The arguments are read by the generator, from the source.
sealed class WeightGradientTileAttribute(int bits, int inputs) : Attribute;
#pragma warning restore CS9113

/// <summary>
/// The arguments of a weight gradient kernel: <c>sums[i][o] += Σ input[i] · gradient[o]</c> over rows of pixels. Strides are
/// in floats.
/// </summary>
unsafe struct WeightGradientCall
{
    /// <summary>The first input channel of the pixel that meets the first one of <see cref="Gradient"/>.</summary>
    public float* Input;
    /// <summary>A block of output channels.</summary>
    public float* Gradient;
    /// <summary>[input channel][16 output channels].</summary>
    public float* Sums;
    public nint InputPixelStride;
    public nint InputRowStride;
    public nint GradientPixelStride;
    public nint GradientRowStride;
    public int Pixels;
    public int Rows;
}

/// <summary>The kernels. AVX-512 holds 16 × 16 sums in registers, AVX2 4 × 16; the portable one suits the 32 registers of ARM64.</summary>
static unsafe partial class WeightGradientTiles
{
    [WeightGradientTile(512, 16)] internal static partial void Vector512_16(WeightGradientCall* call);
    [WeightGradientTile(256, 4)] internal static partial void Vector256_4(WeightGradientCall* call);
    [WeightGradientTile(128, 4)] internal static partial void Vector128_4(WeightGradientCall* call);
}

/// <summary>The kernel of one instruction set.</summary>
sealed unsafe class WeightGradientKernel
{
    readonly delegate*<WeightGradientCall*, void> kernel;
    readonly int inputs;

    WeightGradientKernel(delegate*<WeightGradientCall*, void> kernel, int inputs)
    {
        this.kernel = kernel;
        this.inputs = inputs;
    }

    public static WeightGradientKernel Vector512Kernel { get; } = new(&WeightGradientTiles.Vector512_16, 16);
    public static WeightGradientKernel Vector256Kernel { get; } = new(&WeightGradientTiles.Vector256_4, 4);
    public static WeightGradientKernel Vector128Kernel { get; } = new(&WeightGradientTiles.Vector128_4, 4);

    /// <summary>The widest that this processor runs in hardware.</summary>
    public static WeightGradientKernel Best { get; } =
        Vector512.IsHardwareAccelerated ? Vector512Kernel : Vector256.IsHardwareAccelerated ? Vector256Kernel : Vector128Kernel;

    /// <summary>Adds the products of 16 neighbouring input channels, of which the first <paramref name="used"/> count.</summary>
    public void Run(WeightGradientCall* call, int used)
    {
        float* input = call->Input, sums = call->Sums;
        for (var first = 0; first < used; first += inputs)
        {
            call->Input = input + first;
            call->Sums = sums + first * ActivationLayout.BlockLanes;
            kernel(call);
        }
    }
}
