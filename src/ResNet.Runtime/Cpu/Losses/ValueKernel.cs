using ResNet.Runtime.Cpu.Memory;

namespace ResNet.Runtime.Cpu.Losses;

/// <summary>Losses of single values, a row of all channels at a time.</summary>
static unsafe class ValueKernel
{
    const int Lanes = ActivationLayout.BlockLanes;

    /// <summary>The loss of a row, before it is divided, and its gradient.</summary>
    /// <param name="values">NCHW16c.</param>
    /// <param name="gradient">Receives the gradient of the total.</param>
    /// <param name="image">Which image.</param>
    /// <param name="row">Which row of it.</param>
    /// <param name="targets">Targets and weights, NCHW.</param>
    /// <param name="loss">The loss of a value.</param>
    /// <returns>The weighted sum of the losses.</returns>
    public static double Run<T>(FeatureMaps values, FeatureMaps gradient, int image, int row, in LossTargets targets, T loss) where T : struct, IValueLoss
    {
        var layout = gradient.Layout;
        var total = 0.0;
        for (var channel = 0; channel < layout.Blocks * Lanes; channel++)
        {
            var from = values.At(image, channel / Lanes, row, 0) + channel % Lanes;
            var to = gradient.At(image, channel / Lanes, row, 0) + channel % Lanes;
            var first = ((image * layout.Channels + channel) * layout.Height + row) * layout.Width;
            for (var x = 0; x < layout.Width; x++)
            {
                var weight = channel < layout.Channels ? targets.Weight(first + x) : 0;
                if (weight == 0)
                {
                    to[x * Lanes] = 0;
                    continue;
                }
                var (own, slope) = loss.Of(from[x * Lanes], targets.Value(first + x));
                total += weight * own;
                to[x * Lanes] = (float)targets.Scale(slope, weight);
            }
        }
        gradient.ClearHalo(image, 0, layout.Blocks, row, row + 1);
        return total;
    }
}
