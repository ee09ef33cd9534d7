using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ResNet.Runtime.Optimizers;

/// <summary>Length of a gradient or another vector.</summary>
static class GradientNorm
{
    /// <summary>Computes the length of a vector.</summary>
    public static double Of(ReadOnlySpan<float> values) => Of(values, [new(0, values.Length, 1, 0)]);

    /// <summary>Computes the length of the gradient of some groups; finite exactly if all of it is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Of(ReadOnlySpan<float> gradients, ReadOnlySpan<ParameterGroup> groups)
    {
        // Sixteen partial sums on every machine, so that the same bits follow.
        var (lower, upper, rest) = (Vector512<double>.Zero, Vector512<double>.Zero, 0.0);
        foreach (var group in groups)
        {
            var g = gradients.Slice(group.Start, group.Length);
            ref var first = ref MemoryMarshal.GetReference(g);
            nuint i = 0, whole = (nuint)(g.Length - g.Length % Vector512<float>.Count);
            for (; i < whole; i += (nuint)Vector512<float>.Count)
            {
                var (low, high) = Vector512.Widen(Vector512.LoadUnsafe(ref first, i));
                lower += low * low;
                upper += high * high;
            }
            foreach (var value in g[(int)whole..]) rest += (double)value * value;
        }
        return Math.Sqrt(Vector512.Sum(lower + upper) + rest);
    }
}
