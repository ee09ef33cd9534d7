using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ResNet.Runtime.Cpu.Memory;
using ResNet.Runtime.Cpu.Threads;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Cpu.Layers;

/// <summary>
/// Inverted dropout, forward and back alike: a kept value grows by 1 / (1 − rate). What is kept follows from the position alone, so
/// that going back needs no memory of it.
/// </summary>
static unsafe class Dropping
{
    const int Lanes = ActivationLayout.BlockLanes;

    /// <summary>Drops each value on its own: dropout.</summary>
    /// <param name="source">NCHW16c.</param>
    /// <param name="target">NCHW16c, of the source's shape.</param>
    /// <param name="rule">The rule that decides which values are kept.</param>
    /// <param name="step">Number of the step.</param>
    /// <param name="accumulate">Whether to add to what stands in the target.</param>
    /// <param name="batch">Images.</param>
    /// <param name="part">Which part to compute.</param>
    /// <param name="parts">Number of parts of the work.</param>
    public static void Values(FeatureMaps source, FeatureMaps target, DropRule rule, long step, bool accumulate, int batch, int part, int parts)
    {
        var layout = target.Layout;
        var plane = layout.Height * layout.Width;
        var growth = rule.Growth;
        var (first, end) = WorkSplit.Slice(batch * layout.Height, part, parts);
        foreach (var strip in new ImageStrips(first, end, layout.Height))
        {
            for (var block = 0; block < layout.Blocks; block++)
                for (var y = strip.FirstRow; y < strip.EndRow; y++)
                {
                    var from = source.At(strip.Image, block, y, 0);
                    var to = target.At(strip.Image, block, y, 0);
                    for (var i = 0; i < layout.Width * Lanes; i++)
                    {
                        var channel = block * Lanes + i % Lanes;
                        // The position in PyTorch's order; lanes without a channel hold zeros anyway.
                        var position = ((long)strip.Image * layout.Channels + channel) * plane + y * layout.Width + i / Lanes;
                        var value = rule.Keeps(position, step) ? from[i] * growth : 0;
                        to[i] = accumulate ? to[i] + value : value;
                    }
                }
            target.ClearHalo(strip.Image, 0, layout.Blocks, strip.FirstRow, strip.EndRow);
        }
    }

    /// <summary>Drops whole images: stochastic depth.</summary>
    /// <param name="source">NCHW16c.</param>
    /// <param name="target">NCHW16c, of the source's shape.</param>
    /// <param name="rule">The rule that decides which values are kept.</param>
    /// <param name="step">Number of the step.</param>
    /// <param name="accumulate">Whether to add to what stands in the target.</param>
    /// <param name="batch">Images.</param>
    /// <param name="part">Which part to compute.</param>
    /// <param name="parts">Number of parts of the work.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Images(FeatureMaps source, FeatureMaps target, DropRule rule, long step, bool accumulate, int batch, int part, int parts)
    {
        var layout = target.Layout;
        var growth = Vector512.Create(rule.Growth);
        var (first, end) = WorkSplit.Slice(batch * layout.Height, part, parts);
        foreach (var strip in new ImageStrips(first, end, layout.Height))
        {
            var isKept = rule.Keeps(strip.Image, step);
            for (var block = 0; block < layout.Blocks; block++)
                for (var y = strip.FirstRow; y < strip.EndRow; y++)
                {
                    var from = source.At(strip.Image, block, y, 0);
                    var to = target.At(strip.Image, block, y, 0);
                    for (nint i = 0; i < layout.Width * Lanes; i += Lanes)
                    {
                        var value = isKept ? Vector512.Load(from + i) * growth : Vector512<float>.Zero;
                        (accumulate ? Vector512.Load(to + i) + value : value).Store(to + i);
                    }
                }
            target.ClearHalo(strip.Image, 0, layout.Blocks, strip.FirstRow, strip.EndRow);
        }
    }
}
