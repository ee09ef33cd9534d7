using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ResNet.Runtime.Cpu.Memory;
using ResNet.Runtime.Cpu.Threads;

namespace ResNet.Runtime.Cpu.Layers;

/// <summary>The sums that the gradients of a factor and a shift per channel are made of.</summary>
static unsafe class AffineGradients
{
    const int Lanes = ActivationLayout.BlockLanes;

    /// <summary>
    /// Sums one of several parts, as many as <paramref name="sums"/> has: first the gradient, second its product with the input's
    /// distance from the mean. Before that it sets the gradient to zero, in place, where a ReLU after the layer was not positive.
    /// </summary>
    /// <param name="sums">Receives the sums.</param>
    /// <param name="mean">Per channel, for all lanes.</param>
    /// <param name="input">The input of the layer.</param>
    /// <param name="rectified">The rectified value; null where there is no ReLU.</param>
    /// <param name="gradient">The gradient of the result.</param>
    /// <param name="batch">Images.</param>
    /// <param name="part">Which part to compute.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sum(ChannelSums sums, float* mean, FeatureMaps input, FeatureMaps rectified, FeatureMaps gradient, int batch, int part)
    {
        var layout = input.Layout;
        var isRectified = !rectified.IsNull;
        nint width = layout.Width * Lanes;
        sums.Clear(part);
        var (first, end) = WorkSplit.Slice(batch * layout.Height, part, sums.Parts);
        foreach (var strip in new ImageStrips(first, end, layout.Height))
            for (var block = 0; block < layout.Blocks; block++)
            {
                var center = Vector512.Load(mean + block * Lanes);
                var from = input.At(strip.Image, block, strip.FirstRow, 0);
                var row = gradient.At(strip.Image, block, strip.FirstRow, 0);
                var positive = isRectified ? rectified.At(strip.Image, block, strip.FirstRow, 0) : null;
                for (var rows = strip.EndRow - strip.FirstRow; rows > 0; rows--)
                {
                    Vector512<float> sum = default, products = default;
                    for (nint x = 0; x < width; x += Lanes)
                    {
                        var g = Vector512.Load(row + x);
                        if (isRectified)
                        {
                            g = ElementWiseBackward.Mask(g, Vector512.Load(positive + x));
                            g.Store(row + x);
                        }
                        sum += g;
                        products = Vector512.MultiplyAddEstimate(g, Vector512.Load(from + x) - center, products);
                    }
                    sums.Add(part, block, sum, products);
                    from += layout.RowStride;
                    row += gradient.Layout.RowStride;
                    if (isRectified) positive += rectified.Layout.RowStride;
                }
            }
    }
}
