using ResNet.Reports;

namespace ResNet.Experiments.Pages;

/// <summary>Curves of networks, with bands from the least to the greatest of the seeds.</summary>
static class Curves
{
    /// <summary>A curve in the network's color.</summary>
    public static Curve Of(Subject subject, string name, IReadOnlyList<CurvePoint> points) => new(name, points) { Color = subject.Color, IsDashed = subject.IsDashed, IsDotted = subject.IsDotted };

    /// <summary>The mean of what the seeds gave at a place.</summary>
    public static CurvePoint Mean(double x, IEnumerable<double> values)
    {
        var spread = Spread.Of([.. values]);
        return new(x, spread.Mean, spread.Least, spread.Greatest);
    }

    /// <summary>The means of rows of values, one of each seed, place by place.</summary>
    /// <param name="rows">The rows, of equal length.</param>
    /// <param name="first">The place of the first value.</param>
    public static IReadOnlyList<CurvePoint> Means(IReadOnlyList<IReadOnlyList<double>> rows, int first) =>
        [.. Enumerable.Range(0, rows[0].Count).Select(index => Mean(first + index, rows.Select(row => row[index])))];
}
