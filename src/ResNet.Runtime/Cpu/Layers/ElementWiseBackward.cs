using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ResNet.Runtime.Cpu.Memory;
using ResNet.Runtime.Cpu.Threads;

namespace ResNet.Runtime.Cpu.Layers;

/// <summary>Backward through what treats each value alone, and through the zero-padded shortcut, which only moves values.</summary>
static unsafe class ElementWiseBackward
{
    const int Lanes = ActivationLayout.BlockLanes;

    /// <summary>Sets the gradient to zero, in place, where the rectified value is not positive.</summary>
    /// <param name="rectified">The result of the ReLU.</param>
    /// <param name="gradient">Its gradient.</param>
    /// <param name="batch">Images.</param>
    /// <param name="part">Which part to compute.</param>
    /// <param name="parts">Number of parts of the work.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Relu(FeatureMaps rectified, FeatureMaps gradient, int batch, int part, int parts)
    {
        var layout = gradient.Layout;
        var (first, end) = WorkSplit.Slice(batch * layout.Height, part, parts);
        foreach (var strip in new ImageStrips(first, end, layout.Height))
            for (var block = 0; block < layout.Blocks; block++)
                for (var y = strip.FirstRow; y < strip.EndRow; y++)
                {
                    var positive = rectified.At(strip.Image, block, y, 0);
                    var row = gradient.At(strip.Image, block, y, 0);
                    for (nint x = 0; x < layout.Width * Lanes; x += Lanes)
                        Mask(Vector512.Load(row + x), Vector512.Load(positive + x)).Store(row + x);
                }
    }

    /// <summary>The gradient where the rectified value is positive.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Mask(Vector512<float> gradient, Vector512<float> rectified) =>
        gradient & Vector512.GreaterThan(rectified, Vector512<float>.Zero);

    /// <summary>Copies an activation, or adds it to another.</summary>
    /// <param name="source">NCHW16c.</param>
    /// <param name="target">NCHW16c, of the source's shape.</param>
    /// <param name="accumulate">Whether to add to what stands in the target.</param>
    /// <param name="batch">Images.</param>
    /// <param name="part">Which part to compute.</param>
    /// <param name="parts">Number of parts of the work.</param>
    public static void Pass(FeatureMaps source, FeatureMaps target, bool accumulate, int batch, int part, int parts) =>
        ElementWise.Apply(source, target, accumulate ? new() { Residual = target } : new(), batch, part, parts);

    /// <summary>Takes back what <see cref="ElementWise.ZeroPad"/> moved.</summary>
    /// <param name="gradient">The gradient of its target.</param>
    /// <param name="target">The gradient of its source.</param>
    /// <param name="stride">The stride between sampled rows and columns.</param>
    /// <param name="accumulate">Whether to add to what stands in the target.</param>
    /// <param name="batch">Images.</param>
    /// <param name="part">Which part to compute.</param>
    /// <param name="parts">Number of parts of the work.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ZeroPad(FeatureMaps gradient, FeatureMaps target, int stride, bool accumulate, int batch, int part, int parts)
    {
        var (from, to) = (gradient.Layout, target.Layout);
        var (blocks, shift) = Math.DivRem((from.Channels - to.Channels) / 2, Lanes);
        var lanes = Vector512<int>.Indices;
        var (first, end) = WorkSplit.Slice(batch * to.Height, part, parts);
        foreach (var strip in new ImageStrips(first, end, to.Height))
        {
            for (var block = 0; block < to.Blocks; block++)
            {
                // Lane l comes from lane l + shift of one block, or from the first lanes of the next.
                var used = Vector512.LessThan(lanes, Vector512.Create(to.Channels - block * Lanes)).AsSingle();
                var ofNext = Vector512.LessThan(lanes, Vector512.Create(shift)).AsSingle();
                var rotated = (lanes + Vector512.Create(shift)) & Vector512.Create(Lanes - 1);
                var hasNext = shift > 0 && block + blocks + 1 < from.Blocks;
                for (var y = strip.FirstRow; y < strip.EndRow; y++)
                {
                    var row = target.At(strip.Image, block, y, 0);
                    if (!accumulate) new Span<float>(row, to.Width * Lanes).Clear();
                    if (y % stride != 0) continue;
                    var lower = gradient.At(strip.Image, block + blocks, y / stride, 0);
                    var next = hasNext ? gradient.At(strip.Image, block + blocks + 1, y / stride, 0) : lower;
                    for (var x = 0; x < from.Width; x++)
                    {
                        var value = Vector512.ConditionalSelect(ofNext, Vector512.Load(next + x * Lanes), Vector512.Load(lower + x * Lanes));
                        var at = row + x * stride * Lanes;
                        (Vector512.Load(at) + (Vector512.ShuffleNative(value, rotated) & used)).Store(at);
                    }
                }
            }
            target.ClearHalo(strip.Image, 0, to.Blocks, strip.FirstRow, strip.EndRow);
        }
    }
}
