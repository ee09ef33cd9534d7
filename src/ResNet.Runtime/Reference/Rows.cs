using System.Numerics;

namespace ResNet.Runtime.Reference;

/// <summary>The two inner loops of convolution; they take vectors where neighbours are neighbours, since a test waits for them.</summary>
static class Rows
{
    /// <summary>y[i·yStep] += a·x[i·xStep].</summary>
    public static void AddScaled(double a, ReadOnlySpan<double> x, int xStep, Span<double> y, int yStep, int count)
    {
        var i = 0;
        if (xStep == 1 && yStep == 1)
            for (; i <= count - Vector<double>.Count; i += Vector<double>.Count)
                (new Vector<double>(y[i..]) + a * new Vector<double>(x[i..])).CopyTo(y[i..]);
        for (; i < count; i++) y[i * yStep] += a * x[i * xStep];
    }

    /// <summary>The sum of x[i]·y[i·yStep].</summary>
    public static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y, int yStep)
    {
        var (sum, i) = (0.0, 0);
        if (yStep == 1)
        {
            var sums = Vector<double>.Zero;
            for (; i <= x.Length - Vector<double>.Count; i += Vector<double>.Count)
                sums += new Vector<double>(x[i..]) * new Vector<double>(y[i..]);
            sum = Vector.Sum(sums);
        }
        for (; i < x.Length; i++) sum += x[i] * y[i * yStep];
        return sum;
    }
}
