using System.Globalization;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;
using ResNet.Runtime.Detection.Evaluation;

namespace ResNet.Reports.Charts;

/// <summary>Charts of a detector's precision and recall.</summary>
static class DetectionCharts
{
    const int MostPoints = 200;

    /// <summary>Precision by recall, a curve per class; no more classes than the palette has colors.</summary>
    public static PlotModel Precision(IReadOnlyList<ClassPrecision> classes)
    {
        var model = Chart.Create();
        model.AddAxis(AxisPosition.Bottom, "recall (%)", 100, 20);
        model.AddAxis(AxisPosition.Left, "precision (%)", 100, 20);
        foreach (var (index, entry) in classes.Index())
        {
            // Some points of thousands show the same curve; the last one says where it ends.
            var step = (entry.Curve.Count + MostPoints - 1) / MostPoints;
            var points = entry.Curve.Where((_, at) => at % step == 0 || at == entry.Curve.Count - 1);
            model.Series.Add(new LineSeries
            {
                Title = entry.Name,
                Color = Chart.Palette[index],
                StrokeThickness = 2,
                ItemsSource = points.Select(point => new DataPoint(100 * point.Recall, 100 * point.Precision)).ToList(),
                // A single point is no line.
                MarkerType = entry.Curve.Count == 1 ? MarkerType.Circle : MarkerType.None,
                MarkerFill = Chart.Palette[index],
            });
        }
        return model;
    }

    /// <summary>Found and missed objects by size, side by side.</summary>
    public static PlotModel Sizes(IReadOnlyList<ObjectSizes> sizes)
    {
        const double space = 0.08;
        var model = Chart.Create();
        model.AddAxis(AxisPosition.Bottom, "side (pixels)", sizes.Count, 1);
        model.Axes[^1].LabelFormatter = at => (sizes[0].Least * Math.Pow(2, at)).ToString(CultureInfo.InvariantCulture);
        var most = Math.Max(1, sizes.Max(size => Math.Max(size.Found, size.Missed)));
        var step = Chart.RoundStep(most, 5);
        model.AddAxis(AxisPosition.Left, "objects", Math.Ceiling(most / step) * step, step);
        var (found, missed) = (Bars("found", Chart.Right), Bars("missed", Chart.Wrong));
        foreach (var (at, size) in sizes.Index())
        {
            found.Items.Add(new(at + space, 0, at + 0.5, size.Found));
            missed.Items.Add(new(at + 0.5, 0, at + 1 - space, size.Missed));
        }
        model.Series.Add(found);
        model.Series.Add(missed);
        return model;
    }

    static RectangleBarSeries Bars(string title, OxyColor color) => new() { Title = title, FillColor = color, StrokeThickness = 0 };
}
