using ResNet.Runtime.Cpu.Convolutions;
using ResNet.Runtime.Cpu.Convolutions.Choice;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Gpu.Tests;

/// <summary>
/// A convolution by its definition, in double precision: each product of an input, a weight and a result, one by one.
/// Images are NHWC, weights OIHW.
/// </summary>
static class Products
{
    public static double[] Forward(ConvGeometry geometry, int batch, float[] input, float[] weights)
    {
        var sums = new double[batch * geometry.OutHeight * geometry.OutWidth * geometry.OutChannels];
        Each(geometry, batch, (from, weight, to) => sums[to] += (double)input[from] * weights[weight]);
        return sums;
    }

    public static double[] InputGradient(ConvGeometry geometry, int batch, float[] gradient, float[] weights)
    {
        var sums = new double[batch * geometry.InHeight * geometry.InWidth * geometry.InChannels];
        Each(geometry, batch, (from, weight, to) => sums[from] += (double)gradient[to] * weights[weight]);
        return sums;
    }

    public static double[] WeightGradient(ConvGeometry geometry, int batch, float[] input, float[] gradient)
    {
        var sums = new double[geometry.WeightCount];
        Each(geometry, batch, (from, weight, to) => sums[weight] += (double)input[from] * gradient[to]);
        return sums;
    }

    static void Each(ConvGeometry g, int batch, Action<int, int, int> product)
    {
        var (inGroup, outGroup) = (g.InChannels / g.Groups, g.OutChannels / g.Groups);
        for (var image = 0; image < batch; image++)
            for (var y = 0; y < g.OutHeight; y++)
                for (var x = 0; x < g.OutWidth; x++)
                    for (var t = 0; t < g.Kernel; t++)
                        for (var u = 0; u < g.Kernel; u++)
                        {
                            var (row, column) = (y * g.Stride - g.Padding + t * g.Dilation, x * g.Stride - g.Padding + u * g.Dilation);
                            if (row < 0 || row >= g.InHeight || column < 0 || column >= g.InWidth) continue;
                            for (var o = 0; o < g.OutChannels; o++)
                                for (var i = 0; i < inGroup; i++)
                                    product(
                                        ((image * g.InHeight + row) * g.InWidth + column) * g.InChannels + o / outGroup * inGroup + i,
                                        ((o * inGroup + i) * g.Kernel + t) * g.Kernel + u,
                                        ((image * g.OutHeight + y) * g.OutWidth + x) * g.OutChannels + o);
                        }
    }
}
