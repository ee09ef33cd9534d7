using System.Runtime.CompilerServices;

namespace ResNet.Runtime.Cpu;

/// <summary>A convolution's weights in PyTorch's order, to be packed.</summary>
/// <param name="geometry">Sizes of the convolution that is packed.</param>
/// <param name="values">[out, in of group, tap], or, transposed, [in, out of group, last tap … first tap].</param>
/// <param name="scale">Per output channel; empty for 1.</param>
/// <param name="isTransposed">Whether they are those of the convolution whose input's gradient is computed.</param>
readonly unsafe ref struct WeightSource(in ConvGeometry geometry, ReadOnlySpan<float> values, ReadOnlySpan<float> scale, bool isTransposed)
{
    readonly ConvGeometry geometry = geometry;
    readonly ReadOnlySpan<float> values = values;
    readonly ReadOnlySpan<float> scale = scale;

    /// <summary>Copies the weights between neighbouring input and neighbouring output channels: [tap][input lane][output lane].</summary>
    /// <param name="firstIn">The first input channel.</param>
    /// <param name="inLanes">Input channels; those beyond the last get zeros.</param>
    /// <param name="firstOut">The first output channel.</param>
    /// <param name="outLanes">Output channels; those beyond the last, and those of other groups, get zeros.</param>
    /// <param name="target">Receives them.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void CopyBlock(int firstIn, int inLanes, int firstOut, int outLanes, Span<float> target)
    {
        var g = geometry;
        var taps = g.Kernel * g.Kernel;
        int inGroup = g.InChannels / g.Groups, outGroup = g.OutChannels / g.Groups;
        var tapSize = inLanes * outLanes;
        var (nextChannel, nextTap) = isTransposed ? (outGroup * taps, -1) : (taps, 1);
        // Lanes without a channel, and channels of different groups, meet zeros.
        if (g.Groups > 1 || firstIn + inLanes > g.InChannels || firstOut + outLanes > g.OutChannels)
            target.Clear();
        fixed (float* source = values, to = target)
        {
            for (var o = firstOut; o < Math.Min(firstOut + outLanes, g.OutChannels); o++)
            {
                var firstOfGroup = o / outGroup * inGroup;
                var first = Math.Max(firstIn, firstOfGroup);
                var end = Math.Min(firstIn + inLanes, firstOfGroup + inGroup);
                var factor = scale.IsEmpty ? 1 : scale[o];
                // The canonical order is [o][c of group][tap]; transposed, [c][o of group][last tap … first tap].
                var from = source + (isTransposed ? (((nint)first * outGroup + o % outGroup) + 1) * taps - 1 : ((nint)o * inGroup + first - firstOfGroup) * taps);
                var at = to + (first - firstIn) * outLanes + (o - firstOut);
                for (var c = first; c < end; c++, at += outLanes, from += nextChannel)
                    for (var tap = 0; tap < taps; tap++) at[tap * tapSize] = from[tap * nextTap] * factor;
            }
        }
    }
}
