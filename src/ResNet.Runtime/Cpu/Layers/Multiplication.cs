using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ResNet.Runtime.Cpu.Memory;
using ResNet.Runtime.Cpu.Threads;

namespace ResNet.Runtime.Cpu.Layers;

/// <summary>Products element by element: of a value and its gate, and of a gradient and the other branch.</summary>
static unsafe class Multiplication
{
    const int Lanes = ActivationLayout.BlockLanes;

    /// <summary>Computes one of several parts of a batch.</summary>
    /// <param name="left">NCHW16c.</param>
    /// <param name="right">NCHW16c, of the same shape.</param>
    /// <param name="target">NCHW16c, of the same shape.</param>
    /// <param name="accumulate">Whether to add to what stands in the target.</param>
    /// <param name="batch">Images.</param>
    /// <param name="part">Which part to compute.</param>
    /// <param name="parts">Number of parts of the work.</param>
    /// <exception cref="ArgumentException">Shapes that do not go together.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(FeatureMaps left, FeatureMaps right, FeatureMaps target, bool accumulate, int batch, int part, int parts)
    {
        var layout = target.Layout;
        if (!left.Layout.HasShapeOf(layout) || !right.Layout.HasShapeOf(layout))
            throw new ArgumentException($"The target {layout} does not go with the factors {left.Layout} and {right.Layout}.", nameof(target));
        var (first, end) = WorkSplit.Slice(batch * layout.Height, part, parts);
        foreach (var strip in new ImageStrips(first, end, layout.Height))
        {
            for (var block = 0; block < layout.Blocks; block++)
                for (var y = strip.FirstRow; y < strip.EndRow; y++)
                {
                    var a = left.At(strip.Image, block, y, 0);
                    var b = right.At(strip.Image, block, y, 0);
                    var to = target.At(strip.Image, block, y, 0);
                    for (nint x = 0; x < layout.Width * Lanes; x += Lanes)
                    {
                        var product = Vector512.Load(a + x) * Vector512.Load(b + x);
                        if (accumulate) product += Vector512.Load(to + x);
                        product.Store(to + x);
                    }
                }
            target.ClearHalo(strip.Image, 0, layout.Blocks, strip.FirstRow, strip.EndRow);
        }
    }
}
