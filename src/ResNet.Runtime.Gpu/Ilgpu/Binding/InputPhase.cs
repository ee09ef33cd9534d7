using System.Numerics;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Gpu.Binding;

/// <summary>
/// Every <c>stride</c>-th pixel of the input, from one of them: they have the same taps in common, so that their gradient is
/// a convolution without stride of the result's gradient with those taps.
/// </summary>
readonly record struct InputPhase(InputPhase.Axis Y, InputPhase.Axis X)
{
    /// <summary>Taps that a pixel has; may be none.</summary>
    public int Taps => Y.Taps * X.Taps;

    public static IReadOnlyList<InputPhase> Of(ConvGeometry geometry)
    {
        var phases =
            from y in Enumerable.Range(0, geometry.Stride)
            from x in Enumerable.Range(0, geometry.Stride)
            select new InputPhase(Axis.Of(geometry, y, geometry.InHeight), Axis.Of(geometry, x, geometry.InWidth));
        return [.. phases.Where(phase => phase.Y.Pixels > 0 && phase.X.Pixels > 0)];
    }

    /// <summary>A phase along one axis.</summary>
    /// <param name="First">The first pixel.</param>
    /// <param name="Pixels">Number of pixels.</param>
    /// <param name="FirstTap">The first tap that they have.</param>
    /// <param name="TapStep">From one tap to the next.</param>
    /// <param name="Taps">Number of taps.</param>
    /// <param name="Origin">The result's pixel that the first pixel reaches by the first tap.</param>
    /// <param name="Step">From the result's pixel of one tap to that of the next.</param>
    public readonly record struct Axis(int First, int Pixels, int FirstTap, int TapStep, int Taps, int Origin, int Step)
    {
        public static Axis Of(ConvGeometry geometry, int first, int size)
        {
            var pixels = first < size ? (size - first + geometry.Stride - 1) / geometry.Stride : 0;
            var taps = Enumerable.Range(0, geometry.Kernel).Where(tap => Reach(tap) % geometry.Stride == 0).ToList();
            // The same for every phase, also for one with a single tap: both axes share it.
            var step = geometry.Stride / (int)BigInteger.GreatestCommonDivisor(geometry.Stride, geometry.Dilation);
            return taps.Count == 0
                ? new(first, pixels, 0, step, 0, 0, 0)
                : new(first, pixels, taps[0], step, taps.Count, Reach(taps[0]) / geometry.Stride, -step * geometry.Dilation / geometry.Stride);

            int Reach(int tap) => first + geometry.Padding - tap * geometry.Dilation;
        }
    }
}
