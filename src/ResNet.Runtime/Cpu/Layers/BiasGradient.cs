using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ResNet.Runtime.Cpu.Memory;
using ResNet.Runtime.Cpu.Threads;

namespace ResNet.Runtime.Cpu.Layers;

/// <summary>The gradient of a bias: the sum of the output's gradient.</summary>
static class BiasGradient
{
    /// <summary>Sums one of several parts, as many as <paramref name="sums"/> has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void Run(FeatureMaps gradient, ChannelSums sums, int batch, int part)
    {
        var layout = gradient.Layout;
        sums.Clear(part);
        var (first, end) = WorkSplit.Slice(batch * layout.Height, part, sums.Parts);
        foreach (var strip in new ImageStrips(first, end, layout.Height))
            for (var block = 0; block < layout.Blocks; block++)
                for (var y = strip.FirstRow; y < strip.EndRow; y++)
                {
                    var row = gradient.At(strip.Image, block, y, 0);
                    var sum = Vector512<float>.Zero;
                    for (var x = 0; x < layout.Width; x++) sum += Vector512.Load(row + x * ActivationLayout.BlockLanes);
                    sums.Add(part, block, sum, Vector512<float>.Zero);
                }
    }

    /// <summary>Adds up the parts.</summary>
    public static void Reduce(ChannelSums sums, Span<float> gradient)
    {
        for (var channel = 0; channel < gradient.Length; channel++) gradient[channel] = (float)sums[channel].First;
    }
}
