using System.Runtime.CompilerServices;

namespace ResNet.Runtime.Cpu;

/// <summary>A layer's weights in PyTorch's order, to be packed.</summary>
/// <param name="correlation">What is packed.</param>
/// <param name="values">[out, in of group, tap of the kernel], in and out being the layer's.</param>
/// <param name="scale">Per output channel; empty for 1.</param>
readonly unsafe ref struct WeightSource(in Correlation correlation, ReadOnlySpan<float> values, ReadOnlySpan<float> scale)
{
    readonly Correlation correlation = correlation;
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
        var g = correlation;
        int inGroup = g.InChannels / g.Groups, outGroup = g.OutChannels / g.Groups;
        var tapSize = inLanes * outLanes;
        // Lanes without a channel, and channels of different groups, meet zeros.
        if (g.Groups > 1 || firstIn + inLanes > g.InChannels || firstOut + outLanes > g.OutChannels)
            target.Clear();
        nint kernel = g.Kernel * g.Kernel;
        var (rows, columns) = (g.Rows, g.Columns);
        var firstTap = rows.FirstTap * g.Kernel + columns.FirstTap;
        fixed (float* source = values, to = target)
        {
            for (var o = firstOut; o < Math.Min(firstOut + outLanes, g.OutChannels); o++)
            {
                var firstOfGroup = o / outGroup * inGroup;
                var first = Math.Max(firstIn, firstOfGroup);
                var end = Math.Min(firstIn + inLanes, firstOfGroup + inGroup);
                var factor = scale.IsEmpty ? 1 : scale[o];
                // The canonical order is [o][c of group][tap]; transposed, [c][o of group][tap].
                var (pair, next) = g.IsTransposed ? ((nint)first * outGroup + o % outGroup, outGroup) : ((nint)o * inGroup + first - firstOfGroup, (nint)1);
                var from = source + pair * kernel + firstTap;
                var at = to + (first - firstIn) * outLanes + (o - firstOut);
                for (var c = first; c < end; c++, at += outLanes, from += next * kernel)
                {
                    var into = at;
                    for (var y = 0; y < rows.Taps; y++)
                    {
                        var tap = from + y * rows.TapStep * g.Kernel;
                        for (var x = columns.Taps; x > 0; x--, tap += columns.TapStep, into += tapSize) *into = *tap * factor;
                    }
                }
            }
        }
    }
}
