using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ResNet.Runtime.Cpu.Memory;

namespace ResNet.Runtime.Cpu.Layers;

/// <summary>
/// Two sums per channel over the pixels of a batch, made by several threads: rows in single precision, everything beyond in
/// double. The threads' sums are added in their order, so that the same number of parts gives the same bits.
/// </summary>
/// <param name="blocks">Channel blocks.</param>
/// <param name="parts">Number of parts of the work.</param>
sealed class ChannelSums(int blocks, int parts)
{
    const int Lanes = ActivationLayout.BlockLanes;

    // For each part: the first sums of all channels, then the second.
    readonly double[] _sums = new double[parts * 2 * blocks * Lanes];

    public int Parts => parts;

    /// <summary>The totals of a channel, once all parts are done.</summary>
    public (double First, double Second) this[int channel]
    {
        get
        {
            var (first, second) = (0.0, 0.0);
            for (var part = 0; part < parts; part++)
            {
                first += _sums[part * 2 * blocks * Lanes + channel];
                second += _sums[(part * 2 + 1) * blocks * Lanes + channel];
            }
            return (first, second);
        }
    }

    /// <summary>Forgets the sums of a part.</summary>
    public void Clear(int part) => _sums.AsSpan(part * 2 * blocks * Lanes, 2 * blocks * Lanes).Clear();

    /// <summary>Adds a row's sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe void Add(int part, int block, Vector512<float> first, Vector512<float> second)
    {
        fixed (double* to = &_sums[(part * 2 * blocks + block) * Lanes])
        {
            Add(to, first);
            Add(to + blocks * Lanes, second);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static unsafe void Add(double* to, Vector512<float> row)
    {
        var (lower, upper) = Vector512.Widen(row);
        (Vector512.Load(to) + lower).Store(to);
        (Vector512.Load(to + Vector512<double>.Count) + upper).Store(to + Vector512<double>.Count);
    }
}
