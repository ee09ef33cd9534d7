using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ResNet.Runtime.Cpu.Memory;
using ResNet.Runtime.Cpu.Threads;

namespace ResNet.Runtime.Cpu.Layers;

/// <summary>The logistic function, 1 / (1 + exp(−x)), of each value, and back through it.</summary>
static unsafe class Logistic
{
    const int Lanes = ActivationLayout.BlockLanes;

    /// <summary>Computes one of several parts of a batch.</summary>
    /// <param name="source">NCHW16c.</param>
    /// <param name="target">NCHW16c, of the source's shape.</param>
    /// <param name="batch">Images.</param>
    /// <param name="part">Which part to compute.</param>
    /// <param name="parts">Number of parts of the work.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(FeatureMaps source, FeatureMaps target, int batch, int part, int parts)
    {
        var layout = target.Layout;
        var (first, end) = WorkSplit.Slice(batch * layout.Height, part, parts);
        foreach (var strip in new ImageStrips(first, end, layout.Height))
        {
            for (var block = 0; block < layout.Blocks; block++)
            {
                // It would turn the zeros in the lanes beyond the last channel into one half.
                var used = Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(layout.Channels - block * Lanes)).AsSingle();
                for (var y = strip.FirstRow; y < strip.EndRow; y++)
                {
                    var from = source.At(strip.Image, block, y, 0);
                    var to = target.At(strip.Image, block, y, 0);
                    for (nint x = 0; x < layout.Width * Lanes; x += Lanes)
                        (Vector512<float>.One / (Vector512<float>.One + Vector512.Exp(-Vector512.Load(from + x))) & used).Store(to + x);
                }
            }
            target.ClearHalo(strip.Image, 0, layout.Blocks, strip.FirstRow, strip.EndRow);
        }
    }

    /// <summary>Computes one of several parts of the input's gradient.</summary>
    /// <param name="input">The input of <see cref="Forward"/>.</param>
    /// <param name="gradient">The gradient of its result.</param>
    /// <param name="target">The gradient of the input.</param>
    /// <param name="accumulate">Whether to add to what stands in the target.</param>
    /// <param name="batch">Images.</param>
    /// <param name="part">Which part to compute.</param>
    /// <param name="parts">Number of parts of the work.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(FeatureMaps input, FeatureMaps gradient, FeatureMaps target, bool accumulate, int batch, int part, int parts)
    {
        var layout = target.Layout;
        var (first, end) = WorkSplit.Slice(batch * layout.Height, part, parts);
        foreach (var strip in new ImageStrips(first, end, layout.Height))
        {
            for (var block = 0; block < layout.Blocks; block++)
                for (var y = strip.FirstRow; y < strip.EndRow; y++)
                {
                    var from = input.At(strip.Image, block, y, 0);
                    var row = gradient.At(strip.Image, block, y, 0);
                    var to = target.At(strip.Image, block, y, 0);
                    for (nint x = 0; x < layout.Width * Lanes; x += Lanes)
                    {
                        // The derivative is the same on both sides of zero; on the left nothing cancels or overflows.
                        var power = Vector512.Exp(-Vector512.Abs(Vector512.Load(from + x)));
                        var sum = Vector512<float>.One + power;
                        var value = Vector512.Load(row + x) * (power / (sum * sum));
                        if (accumulate) value += Vector512.Load(to + x);
                        value.Store(to + x);
                    }
                }
            target.ClearHalo(strip.Image, 0, layout.Blocks, strip.FirstRow, strip.EndRow);
        }
    }
}
