using System.Runtime.CompilerServices;
using ResNet.Runtime.Cpu.Threads;

namespace ResNet.Runtime.Cpu.Memory;

/// <summary>Between PyTorch's NCHW and the layouts of <see cref="ActivationLayout"/>, blocked or compact.</summary>
static unsafe class LayoutConversion
{
    /// <summary>Fills one of several parts of an activation, its halo and unused lanes included.</summary>
    /// <param name="source">[batch, channels, height, width].</param>
    /// <param name="target">The destination.</param>
    /// <param name="batch">Images.</param>
    /// <param name="part">Which part to convert.</param>
    /// <param name="parts">Number of parts of the work.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FromNchw(ReadOnlySpan<float> source, FeatureMaps target, int batch, int part, int parts)
    {
        Validate(source.Length, target.Layout, batch);
        var layout = target.Layout;
        var (first, end) = WorkSplit.Slice(batch * layout.Height, part, parts);
        foreach (var strip in new ImageStrips(first, end, layout.Height))
        {
            for (var y = strip.FirstRow; y < strip.EndRow; y++)
                for (var channel = 0; channel < layout.Blocks * layout.Lanes; channel++)
                {
                    var to = target.At(strip.Image, channel / layout.Lanes, y, 0) + channel % layout.Lanes;
                    if (channel < layout.Channels)
                    {
                        var row = source.Slice(((strip.Image * layout.Channels + channel) * layout.Height + y) * layout.Width, layout.Width);
                        for (var x = 0; x < row.Length; x++) to[x * layout.Lanes] = row[x];
                    }
                    else
                    {
                        for (var x = 0; x < layout.Width; x++) to[x * layout.Lanes] = 0;
                    }
                }
            target.ClearHalo(strip.Image, 0, layout.Blocks, strip.FirstRow, strip.EndRow);
        }
    }

    /// <summary>Reads one of several parts of an activation.</summary>
    /// <param name="source">The source.</param>
    /// <param name="target">[batch, channels, height, width].</param>
    /// <param name="batch">Images.</param>
    /// <param name="part">Which part to convert.</param>
    /// <param name="parts">Number of parts of the work.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ToNchw(FeatureMaps source, Span<float> target, int batch, int part, int parts)
    {
        Validate(target.Length, source.Layout, batch);
        var layout = source.Layout;
        var (first, end) = WorkSplit.Slice(batch * layout.Channels, part, parts);
        for (var i = first; i < end; i++)
        {
            var (image, channel) = Math.DivRem(i, layout.Channels);
            for (var y = 0; y < layout.Height; y++)
            {
                var from = source.At(image, channel / layout.Lanes, y, 0) + channel % layout.Lanes;
                var row = target.Slice((i * layout.Height + y) * layout.Width, layout.Width);
                for (var x = 0; x < row.Length; x++) row[x] = from[x * layout.Lanes];
            }
        }
    }

    static void Validate(int length, in ActivationLayout layout, int batch)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batch);
        var expected = (long)batch * layout.Channels * layout.Height * layout.Width;
        if (length != expected)
            throw new ArgumentException($"{batch} × {layout} has {expected} values, not {length}.");
    }
}
