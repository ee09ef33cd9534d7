using System.Numerics;
using System.Runtime.InteropServices;

namespace ResNet.Reference;

/// <summary>The two inner loops of convolution; they take vectors where neighbours are neighbours, since a test waits for them.</summary>
static class Rows
{
    /// <summary>y[i·yStep] += a·x[i·xStep].</summary>
    public static void AddScaled(double a, Span<double> x, int xStep, Span<double> y, int yStep, int count)
    {
        var i = 0;
        if (xStep == 1 && yStep == 1)
        {
            var xs = Vectors(x[..count]);
            var ys = Vectors(y[..count]);
            for (var v = 0; v < xs.Length; v++) ys[v] += a * xs[v];
            i = xs.Length * Vector<double>.Count;
        }
        for (; i < count; i++) y[i * yStep] += a * x[i * xStep];
    }

    /// <summary>The sum of x[i]·y[i·yStep].</summary>
    public static double Dot(Span<double> x, Span<double> y, int yStep)
    {
        var i = 0;
        var sum = 0.0;
        if (yStep == 1)
        {
            var xs = Vectors(x);
            var ys = Vectors(y[..x.Length]);
            var sums = Vector<double>.Zero;
            for (var v = 0; v < xs.Length; v++) sums += xs[v] * ys[v];
            sum = Vector.Sum(sums);
            i = xs.Length * Vector<double>.Count;
        }
        for (; i < x.Length; i++) sum += x[i] * y[i * yStep];
        return sum;
    }

    static Span<Vector<double>> Vectors(Span<double> row) => MemoryMarshal.Cast<double, Vector<double>>(row);
}
