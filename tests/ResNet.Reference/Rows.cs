using System.Numerics;
using System.Runtime.InteropServices;

namespace ResNet.Reference;

/// <summary>
/// The two inner loops of convolution over rows of equal length, one after another. They take vectors, and four rows at a time,
/// since tests wait for them.
/// </summary>
static class Rows
{
    const int AtATime = 4;

    /// <summary>y += Σ a[r] · rows[r].</summary>
    public static void AddScaled(ReadOnlySpan<double> a, ReadOnlySpan<double> rows, Span<double> y)
    {
        var ys = MemoryMarshal.Cast<double, Vector<double>>(y);
        var rest = ys.Length * Vector<double>.Count;
        var r = 0;
        for (; r <= a.Length - AtATime; r += AtATime)
        {
            ReadOnlySpan<double> row0 = Row(rows, r, y.Length), row1 = Row(rows, r + 1, y.Length), row2 = Row(rows, r + 2, y.Length), row3 = Row(rows, r + 3, y.Length);
            ReadOnlySpan<Vector<double>> x0 = Vectors(row0), x1 = Vectors(row1), x2 = Vectors(row2), x3 = Vectors(row3);
            var (a0, a1, a2, a3) = (a[r], a[r + 1], a[r + 2], a[r + 3]);
            for (var v = 0; v < ys.Length; v++) ys[v] += a0 * x0[v] + a1 * x1[v] + (a2 * x2[v] + a3 * x3[v]);
            for (var i = rest; i < y.Length; i++) y[i] += a0 * row0[i] + a1 * row1[i] + (a2 * row2[i] + a3 * row3[i]);
        }
        for (; r < a.Length; r++)
        {
            var x = Row(rows, r, y.Length);
            var vectors = Vectors(x);
            for (var v = 0; v < ys.Length; v++) ys[v] += a[r] * vectors[v];
            for (var i = rest; i < y.Length; i++) y[i] += a[r] * x[i];
        }
    }

    /// <summary>sums[r] = x · rows[r].</summary>
    public static void Multiply(ReadOnlySpan<double> x, ReadOnlySpan<double> rows, Span<double> sums)
    {
        var xs = Vectors(x);
        var rest = xs.Length * Vector<double>.Count;
        var r = 0;
        for (; r <= sums.Length - AtATime; r += AtATime)
        {
            ReadOnlySpan<Vector<double>> row0 = Vectors(Row(rows, r, x.Length)), row1 = Vectors(Row(rows, r + 1, x.Length)),
                row2 = Vectors(Row(rows, r + 2, x.Length)), row3 = Vectors(Row(rows, r + 3, x.Length));
            var (s0, s1, s2, s3) = (Vector<double>.Zero, Vector<double>.Zero, Vector<double>.Zero, Vector<double>.Zero);
            for (var v = 0; v < xs.Length; v++)
            {
                s0 += xs[v] * row0[v];
                s1 += xs[v] * row1[v];
                s2 += xs[v] * row2[v];
                s3 += xs[v] * row3[v];
            }
            (sums[r], sums[r + 1], sums[r + 2], sums[r + 3]) = (Vector.Sum(s0), Vector.Sum(s1), Vector.Sum(s2), Vector.Sum(s3));
        }
        for (; r < sums.Length; r++)
        {
            var vectors = Vectors(Row(rows, r, x.Length));
            var sum = Vector<double>.Zero;
            for (var v = 0; v < xs.Length; v++) sum += xs[v] * vectors[v];
            sums[r] = Vector.Sum(sum);
        }
        for (r = 0; r < sums.Length; r++)
        {
            var row = Row(rows, r, x.Length);
            for (var i = rest; i < x.Length; i++) sums[r] += x[i] * row[i];
        }
    }

    static ReadOnlySpan<double> Row(ReadOnlySpan<double> rows, int row, int length) => rows.Slice(row * length, length);

    static ReadOnlySpan<Vector<double>> Vectors(ReadOnlySpan<double> row) => MemoryMarshal.Cast<double, Vector<double>>(row);
}
