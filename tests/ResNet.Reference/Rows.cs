using System.Numerics;
using System.Runtime.InteropServices;

namespace ResNet.Reference;

/// <summary>The two inner loops of convolution; they take vectors, since a test waits for them.</summary>
static class Rows
{
    /// <summary>y += a·x.</summary>
    public static void AddScaled(double a, ReadOnlySpan<double> x, Span<double> y)
    {
        var xs = Vectors(x);
        var ys = MemoryMarshal.Cast<double, Vector<double>>(y);
        for (var v = 0; v < xs.Length; v++) ys[v] += a * xs[v];
        for (var i = xs.Length * Vector<double>.Count; i < x.Length; i++) y[i] += a * x[i];
    }

    /// <summary>The sum of x·y.</summary>
    public static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var xs = Vectors(x);
        var ys = Vectors(y);
        // Two sums: an addition need not wait for the one before.
        var (even, odd) = (Vector<double>.Zero, Vector<double>.Zero);
        var v = 0;
        for (; v < xs.Length - 1; v += 2)
        {
            even += xs[v] * ys[v];
            odd += xs[v + 1] * ys[v + 1];
        }
        if (v < xs.Length) even += xs[v] * ys[v];
        var sum = Vector.Sum(even + odd);
        for (var i = xs.Length * Vector<double>.Count; i < x.Length; i++) sum += x[i] * y[i];
        return sum;
    }

    static ReadOnlySpan<Vector<double>> Vectors(ReadOnlySpan<double> row) => MemoryMarshal.Cast<double, Vector<double>>(row);
}
