using ResNet.Runtime.Cpu.Convolutions;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Tests.Cpu;

/// <summary>The definition of a convolution, in double precision.</summary>
static class NaiveConvolution
{
    /// <summary>Sums, and for each the sum of magnitudes, which says how exact a float result can be.</summary>
    public static (double[] Sums, double[] Magnitudes) Run(
        ConvGeometry g, int batch, float[] input, float[] weights, float[] scale, float[] bias)
    {
        int inGroup = g.InChannels / g.Groups, outGroup = g.OutChannels / g.Groups;
        var sums = new double[batch * g.OutChannels * g.OutHeight * g.OutWidth];
        var magnitudes = new double[sums.Length];
        var i = 0;
        for (var n = 0; n < batch; n++)
            for (var o = 0; o < g.OutChannels; o++)
                for (var y = 0; y < g.OutHeight; y++)
                    for (var x = 0; x < g.OutWidth; x++, i++)
                    {
                        double sum = 0, magnitude = 0;
                        for (var c = 0; c < inGroup; c++)
                            for (var ky = 0; ky < g.Kernel; ky++)
                                for (var kx = 0; kx < g.Kernel; kx++)
                                {
                                    var yy = y * g.Stride - g.Padding + ky * g.Dilation;
                                    var xx = x * g.Stride - g.Padding + kx * g.Dilation;
                                    if (yy < 0 || xx < 0 || yy >= g.InHeight || xx >= g.InWidth) continue;
                                    var channel = o / outGroup * inGroup + c;
                                    double product = (double)input[((n * g.InChannels + channel) * g.InHeight + yy) * g.InWidth + xx]
                                        * weights[((o * inGroup + c) * g.Kernel + ky) * g.Kernel + kx];
                                    sum += product;
                                    magnitude += Math.Abs(product);
                                }
                        sums[i] = sum * scale[o] + bias[o];
                        magnitudes[i] = magnitude * Math.Abs(scale[o]) + Math.Abs(bias[o]);
                    }
        return (sums, magnitudes);
    }
}
