using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ResNet.Runtime.Cpu.Memory;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Cpu.Convolutions;

/// <summary>A layer's weights in PyTorch's order, to be packed.</summary>
/// <param name="correlation">The convolution whose weights are packed.</param>
/// <param name="values">[out, in of group, tap of the kernel], in and out being the layer's.</param>
/// <param name="scale">Per output channel; empty for 1.</param>
readonly unsafe ref struct WeightSource(in Correlation correlation, ReadOnlySpan<float> values, ReadOnlySpan<float> scale)
{
    const int Lanes = ActivationLayout.BlockLanes;

    readonly Correlation _correlation = correlation;
    readonly ReadOnlySpan<float> _values = values;
    readonly ReadOnlySpan<float> _scale = scale;

    /// <summary>Floats from an input channel of a group to the next, and from an output channel to the next.</summary>
    (nint Input, nint Output) Strides
    {
        get
        {
            nint kernel = _correlation.Kernel * _correlation.Kernel;
            // The canonical order is [o][c of group][tap]; transposed, [c][o of group][tap].
            return _correlation.IsTransposed
                ? (_correlation.OutChannels / _correlation.Groups * kernel, kernel)
                : (kernel, _correlation.InChannels / _correlation.Groups * kernel);
        }
    }

    /// <summary>Copies the weights between neighboring input and neighboring output channels: [tap][input lane][output lane].</summary>
    /// <param name="firstIn">The first input channel.</param>
    /// <param name="inLanes">Input channels; those beyond the last get zeros.</param>
    /// <param name="firstOut">The first output channel.</param>
    /// <param name="outLanes">Output channels; those beyond the last, and those of other groups, get zeros.</param>
    /// <param name="target">Receives them.</param>
    /// <param name="byGroup">Whether the input channels are counted within each group; the groups then lie within the lanes.</param>
    public void CopyBlock(int firstIn, int inLanes, int firstOut, int outLanes, Span<float> target, bool byGroup = false)
    {
        var g = _correlation;
        if (g.Groups == 1 && firstIn + inLanes <= g.InChannels && firstOut + outLanes <= g.OutChannels)
        {
            CopyWhole(firstIn, inLanes, firstOut, outLanes, target);
            return;
        }
        // Lanes without a channel, and channels of different groups, meet zeros.
        target.Clear();
        int inGroup = g.InChannels / g.Groups, outGroup = g.OutChannels / g.Groups;
        var tapSize = (byGroup ? inGroup : inLanes) * outLanes;
        var (rows, columns) = (g.Rows, g.Columns);
        var firstTap = rows.FirstTap * g.Kernel + columns.FirstTap;
        var (inStride, outStride) = Strides;
        fixed (float* source = _values, to = target)
        {
            for (var o = firstOut; o < Math.Min(firstOut + outLanes, g.OutChannels); o++)
            {
                var group = o / outGroup;
                var firstOfGroup = group * inGroup;
                var first = Math.Max(firstIn, firstOfGroup);
                var end = Math.Min(firstIn + inLanes, firstOfGroup + inGroup);
                var factor = _scale.IsEmpty ? 1 : _scale[o];
                // Transposed, the layer's output channels, which are read, are counted through all groups.
                var (c0, o0) = g.IsTransposed ? (first, o % outGroup) : (first - firstOfGroup, o);
                var from = source + c0 * inStride + o0 * outStride + firstTap;
                var at = to + (first - (byGroup ? firstOfGroup : firstIn)) * outLanes + (o - firstOut);
                for (var c = first; c < end; c++, at += outLanes, from += inStride)
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

    /// <summary>The same where all channels exist and are connected: 16 output channels together.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void CopyWhole(int firstIn, int inLanes, int firstOut, int outLanes, Span<float> target)
    {
        var (rows, columns) = (_correlation.Rows, _correlation.Columns);
        var (inStride, outStride) = Strides;
        fixed (float* source = _values, to = target)
        {
            for (var o = 0; o < outLanes; o += Lanes)
            {
                var factor = _scale.IsEmpty ? Vector512<float>.One : Vector512.Create(_scale.Slice(firstOut + o, Lanes));
                var block = source + firstIn * inStride + (firstOut + o) * outStride + rows.FirstTap * _correlation.Kernel + columns.FirstTap;
                var into = to + o;
                for (var y = 0; y < rows.Taps; y++, block += rows.TapStep * _correlation.Kernel)
                    for (var x = 0; x < columns.Taps; x++)
                    {
                        var from = block + x * columns.TapStep;
                        for (var c = inLanes; c > 0; c--, from += inStride, into += outLanes)
                            (Gather(from, outStride) * factor).Store(into);
                    }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<float> Gather(float* from, nint stride)
    {
        float* by4 = from + 4 * stride, by8 = from + 8 * stride, by12 = from + 12 * stride;
        return Vector512.Create(
            from[0], from[stride], from[2 * stride], from[3 * stride], by4[0], by4[stride], by4[2 * stride], by4[3 * stride],
            by8[0], by8[stride], by8[2 * stride], by8[3 * stride], by12[0], by12[stride], by12[2 * stride], by12[3 * stride]);
    }
}
