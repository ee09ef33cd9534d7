using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ResNet.Runtime.Imaging;

/// <summary>For each result position along one axis: the run of source positions that it sees, and their weights.</summary>
sealed class ResampleWeights
{
    /// <summary>Weights are fixed-point numbers with so many fractional bits: 8 bits are the pixel's, 2 are for overshoot.</summary>
    public const int FractionBits = 32 - 8 - 2;

    /// <summary>The start of a sum, so that dropping its fraction rounds.</summary>
    public const int Half = 1 << (FractionBits - 1);

    readonly int[] _first, _count, _weights;
    readonly int _maxCount;

    ResampleWeights(int length, int maxCount)
    {
        _first = new int[length];
        _count = new int[length];
        _weights = new int[(long)length * maxCount];
        _maxCount = maxCount;
    }

    public int Length => _first.Length;

    /// <summary>The first source position that result position <paramref name="at"/> sees.</summary>
    public int First(int at) => _first[at];

    /// <summary>The weights of the source positions from <see cref="First"/> on; they sum to about 1.</summary>
    public ReadOnlySpan<int> Taps(int at) => _weights.AsSpan(at * _maxCount, _count[at]);

    /// <summary>Drops the fraction and clips to 0 … 255.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Round(Vector128<int> sums) =>
        Vector128.Clamp(sums >> FractionBits, Vector128<int>.Zero, Vector128.Create(255));

    /// <inheritdoc cref="Round(Vector128{int})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Round(Vector256<int> sums) =>
        Vector256.Clamp(sums >> FractionBits, Vector256<int>.Zero, Vector256.Create(255));

    public static ResampleWeights Create(int source, int result, ResizeFilter filter) => filter switch
    {
        ResizeFilter.Nearest => CreateNearest(source, result),
        ResizeFilter.Box => Create(source, result, 0.5, static x => x is > -0.5 and <= 0.5 ? 1 : 0),
        ResizeFilter.Bilinear => Create(source, result, 1, static x => Math.Max(0, 1 - Math.Abs(x))),
        ResizeFilter.Bicubic => Create(source, result, 2, static x => Cubic(Math.Abs(x))),
        _ => throw new ArgumentOutOfRangeException(nameof(filter), filter, null),
    };

    static double Cubic(double x)
    {
        const double a = -0.5;
        return x < 1 ? ((a + 2) * x - (a + 3)) * x * x + 1
            : x < 2 ? (((x - 5) * x + 8) * x - 4) * a
            : 0;
    }

    static ResampleWeights CreateNearest(int source, int result)
    {
        var weights = new ResampleWeights(result, 1);
        double scale = (double)source / result, center = 0.5 * scale;
        // Pillow steps by addition, and its rounding errors decide at the borders between pixels.
        for (int at = 0; at < result; at++, center += scale)
        {
            weights._first[at] = Math.Min((int)center, source - 1);
            weights._count[at] = 1;
            weights._weights[at] = 1 << FractionBits;
        }
        return weights;
    }

    static ResampleWeights Create(int source, int result, double support, Func<double, double> filter)
    {
        double scale = (double)source / result, filterScale = Math.Max(scale, 1), inverseScale = 1 / filterScale;
        support *= filterScale;
        int maxCount = Math.Min(source, (int)Math.Ceiling(support) * 2 + 1);
        var weights = new ResampleWeights(result, maxCount);
        var exact = new double[maxCount];
        for (int at = 0; at < result; at++)
        {
            double center = (at + 0.5) * scale, sum = 0;
            int first = Math.Max(0, (int)(center - support + 0.5));
            int count = Math.Min(source, (int)(center + support + 0.5)) - first;
            for (int i = 0; i < count; i++)
                sum += exact[i] = filter((i + first - center + 0.5) * inverseScale);
            for (int i = 0; i < count; i++)
                weights._weights[at * maxCount + i] = ToFixed(sum == 0 ? exact[i] : exact[i] / sum);
            (weights._first[at], weights._count[at]) = (first, count);
        }
        return weights;
    }

    static int ToFixed(double weight) => (int)(weight * (1 << FractionBits) + (weight < 0 ? -0.5 : 0.5));
}
