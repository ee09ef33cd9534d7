using System.Globalization;

namespace ResNet.Experiments;

/// <summary>Several measurements of one quantity.</summary>
/// <param name="Mean">Their mean.</param>
/// <param name="Deviation">Their standard deviation (n − 1); null of a single one.</param>
/// <param name="Least">The least.</param>
/// <param name="Greatest">The greatest.</param>
public readonly record struct Spread(double Mean, double? Deviation, double Least, double Greatest)
{
    /// <summary>Of one or more measurements.</summary>
    public static Spread Of(IReadOnlyCollection<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfZero(values.Count, nameof(values));
        var mean = values.Average();
        double? deviation = values.Count > 1 ? Math.Sqrt(values.Sum(value => Math.Pow(value - mean, 2)) / (values.Count - 1)) : null;
        return new(mean, deviation, values.Min(), values.Max());
    }

    /// <summary>Mean and, where there are several, deviation, with two decimals.</summary>
    public override string ToString() => Deviation is { } deviation
        ? string.Create(CultureInfo.InvariantCulture, $"{Mean:F2} ± {deviation:F2}")
        : Mean.ToString("F2", CultureInfo.InvariantCulture);
}
