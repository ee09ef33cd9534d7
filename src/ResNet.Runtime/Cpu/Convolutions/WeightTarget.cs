using System.Runtime.CompilerServices;
using ResNet.Runtime.Cpu.Memory;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Cpu.Convolutions;

/// <summary>A convolution's weight gradients in PyTorch's order, to be written block by block: the reverse of <see cref="WeightSource"/>.</summary>
/// <param name="geometry">Sizes.</param>
/// <param name="values">[out, in of group, tap].</param>
readonly unsafe ref struct WeightTarget(in ConvGeometry geometry, Span<float> values)
{
    const int Lanes = ActivationLayout.BlockLanes;

    readonly ConvGeometry _geometry = geometry;
    readonly Span<float> _values = values;

    /// <summary>Writes the gradients of a block of output channels by some input channels, as far as they share groups.</summary>
    /// <param name="outputBlock">The block of output channels.</param>
    /// <param name="firstIn">The first input channel.</param>
    /// <param name="inLanes">Input channels; those beyond the last are left out.</param>
    /// <param name="from">Gradients, 16 output channels after another.</param>
    /// <param name="places">The offset of those of each input channel and tap.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Write(int outputBlock, int firstIn, int inLanes, float* from, ReadOnlySpan<int> places)
    {
        int inGroup = _geometry.InChannels / _geometry.Groups, outGroup = _geometry.OutChannels / _geometry.Groups;
        var taps = _geometry.Kernel * _geometry.Kernel;
        fixed (int* rows = places)
            for (var lane = 0; lane < Math.Min(Lanes, _geometry.OutChannels - outputBlock * Lanes); lane++)
            {
                var o = outputBlock * Lanes + lane;
                var firstOfGroup = o / outGroup * inGroup;
                var first = Math.Max(firstIn, firstOfGroup);
                var end = Math.Min(firstIn + inLanes, firstOfGroup + inGroup);
                if (first >= end) continue;
                var to = _values.Slice((o * inGroup + first - firstOfGroup) * taps, (end - first) * taps);
                var row = rows + (first - firstIn) * taps;
                for (var i = 0; i < to.Length; i++) to[i] = from[row[i] + lane];
            }
    }
}
