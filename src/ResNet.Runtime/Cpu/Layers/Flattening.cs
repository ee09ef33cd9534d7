using System.Runtime.CompilerServices;
using ResNet.Runtime.Cpu.Memory;
using ResNet.Runtime.Cpu.Threads;

namespace ResNet.Runtime.Cpu.Layers;

/// <summary>Feature maps as one vector in PyTorch's order (channel, row, column), and back.</summary>
static unsafe class Flattening
{
    const int Lanes = ActivationLayout.BlockLanes;

    /// <summary>Computes one of several parts of a batch.</summary>
    /// <param name="source">NCHW16c.</param>
    /// <param name="target">NCHW16c of 1×1 pixels and a channel for each value of an image of the source.</param>
    /// <param name="batch">Images.</param>
    /// <param name="part">Which part to compute.</param>
    /// <param name="parts">Number of parts of the work.</param>
    /// <exception cref="ArgumentException">Shapes that do not go together.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(FeatureMaps source, FeatureMaps target, int batch, int part, int parts)
    {
        Validate(source.Layout, target.Layout);
        var (maps, vector) = (source.Layout, target.Layout);
        var (first, end) = WorkSplit.Slice(batch * vector.Blocks, part, parts);
        for (var i = first; i < end; i++)
        {
            var (image, block) = Math.DivRem(i, vector.Blocks);
            var to = target.At(image, block, 0, 0);
            for (var lane = 0; lane < Lanes; lane++)
            {
                var index = block * Lanes + lane;
                var (row, x) = Math.DivRem(index, maps.Width);
                var (channel, y) = Math.DivRem(row, maps.Height);
                to[lane] = index < vector.Channels ? source.At(image, channel / Lanes, y, x)[channel % Lanes] : 0;
            }
            target.ClearHalo(image, block, block + 1, 0, 1);
        }
    }

    /// <summary>Computes one of several parts of the feature maps' gradient.</summary>
    /// <param name="gradient">The gradient of the vector.</param>
    /// <param name="target">The gradient of the feature maps.</param>
    /// <param name="accumulate">Whether to add to what stands in the target.</param>
    /// <param name="batch">Images.</param>
    /// <param name="part">Which part to compute.</param>
    /// <param name="parts">Number of parts of the work.</param>
    /// <exception cref="ArgumentException">Shapes that do not go together.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(FeatureMaps gradient, FeatureMaps target, bool accumulate, int batch, int part, int parts)
    {
        Validate(target.Layout, gradient.Layout);
        var maps = target.Layout;
        var (first, end) = WorkSplit.Slice(batch * maps.Height, part, parts);
        foreach (var strip in new ImageStrips(first, end, maps.Height))
        {
            for (var channel = 0; channel < maps.Blocks * Lanes; channel++)
                for (var y = strip.FirstRow; y < strip.EndRow; y++)
                {
                    var to = target.At(strip.Image, channel / Lanes, y, 0) + channel % Lanes;
                    for (var x = 0; x < maps.Width; x++)
                    {
                        var index = (channel * maps.Height + y) * maps.Width + x;
                        var value = channel < maps.Channels ? gradient.At(strip.Image, index / Lanes, 0, 0)[index % Lanes] : 0;
                        to[x * Lanes] = accumulate ? to[x * Lanes] + value : value;
                    }
                }
            target.ClearHalo(strip.Image, 0, maps.Blocks, strip.FirstRow, strip.EndRow);
        }
    }

    static void Validate(in ActivationLayout maps, in ActivationLayout vector)
    {
        if (!vector.HasShapeOf(ActivationLayout.Blocked(maps.Channels * maps.Height * maps.Width, 1, 1)))
            throw new ArgumentException($"{vector} cannot hold the values of {maps} as a vector.", nameof(vector));
    }
}
