using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;
using ResNet.Runtime.Training;

namespace ResNet.Reports.Charts;

/// <summary>Charts of a run's measurements by epoch.</summary>
static class EpochCharts
{
    /// <summary>Error in percent, as in Figure 6 of He et al. 2015: thin while training, bold on validation.</summary>
    public static PlotModel Error(IReadOnlyList<EpochMetrics> epochs, string? title = null)
    {
        var training = Points(epochs, epoch => 100 * (1 - epoch.Accuracy));
        var validation = Points(epochs, epoch => 100 * (1 - epoch.Validation));
        var model = Chart.Create(title);
        AddAxes(model, epochs, "error (%)", training.Concat(validation));
        model.Series.Add(Curve("training", training, 1));
        if (validation.Count > 0) model.Series.Add(Curve("validation", validation, 3));
        return model;
    }

    /// <summary>Mean loss while training.</summary>
    public static PlotModel Loss(IReadOnlyList<EpochMetrics> epochs)
    {
        var training = Points(epochs, epoch => epoch.Loss);
        var model = Chart.Create();
        AddAxes(model, epochs, "loss", training);
        model.Series.Add(Curve("training loss", training, 1));
        return model;
    }

    static void AddAxes(PlotModel model, IReadOnlyList<EpochMetrics> epochs, string title, IEnumerable<DataPoint> points)
    {
        var last = epochs[^1].Epoch;
        model.AddAxis(AxisPosition.Bottom, "epoch", last, Chart.RoundStep(last, 10));
        var highest = points.Max(point => point.Y);
        var step = Chart.RoundStep(highest, 6, 0.01);
        // An axis without length cannot be drawn.
        model.AddAxis(AxisPosition.Left, title, Math.Max(1, Math.Ceiling(highest / step)) * step, step);
    }

    static List<DataPoint> Points(IReadOnlyList<EpochMetrics> epochs, Func<EpochMetrics, double?> value) =>
        [.. epochs.Where(epoch => value(epoch) is { } measured && double.IsFinite(measured)).Select(epoch => new DataPoint(epoch.Epoch, value(epoch)!.Value))];

    static LineSeries Curve(string title, List<DataPoint> points, int thickness) => new()
    {
        Title = title,
        Color = Chart.Right,
        StrokeThickness = thickness,
        ItemsSource = points,
        // A single point is no line.
        MarkerType = points.Count == 1 ? MarkerType.Circle : MarkerType.None,
        MarkerSize = 2 + thickness,
        MarkerFill = Chart.Right,
    };
}
