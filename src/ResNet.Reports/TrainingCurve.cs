using ResNet.Reports.Charts;
using ResNet.Runtime.Training;

namespace ResNet.Reports;

/// <summary>The picture of a run, as Figure 6 of He et al. 2015: error in percent by epoch, thin while training, bold on validation.</summary>
public static class TrainingCurve
{
    /// <summary>Draws the curve as an SVG document.</summary>
    /// <param name="epochs">The finished epochs; at least one.</param>
    /// <param name="title">The text above it.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no epoch.</exception>
    public static string Draw(IReadOnlyList<EpochMetrics> epochs, string title)
    {
        ArgumentNullException.ThrowIfNull(epochs);
        ArgumentNullException.ThrowIfNull(title);
        ArgumentOutOfRangeException.ThrowIfZero(epochs.Count, nameof(epochs));
        return Chart.Document(EpochCharts.Error(epochs, Printable(title)), 640, 400);
    }

    /// <summary>Leaves out what XML cannot hold.</summary>
    static string Printable(string text) => string.Concat(text.EnumerateRunes().Where(rune => rune.Value is >= ' ' and not (0xFFFE or 0xFFFF)));
}
