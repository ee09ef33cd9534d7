using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;
using ResNet.Runtime.Evaluation;

namespace ResNet.Reports.Charts;

/// <summary>Charts of a network's confidence and of its calibration.</summary>
static class ConfidenceCharts
{
    /// <summary>The reliability diagram of Guo et al. 2017, Figure 1: accuracy by confidence, before what it would have to be.</summary>
    public static PlotModel Reliability(Calibration calibration)
    {
        var model = Chart.Create();
        AddConfidenceAxis(model);
        model.AddAxis(AxisPosition.Left, "accuracy (%)", 100, 20);
        // The claim is drawn below the truth: its visible part is overconfidence.
        var (confidence, accuracy) = (Bars("confidence", OxyColor.FromAColor(110, Chart.Wrong)), Bars("accuracy", Chart.Right));
        foreach (var bin in calibration.Bins.Where(bin => bin.Images > 0))
        {
            confidence.Items.Add(Bar(bin, 0, 100 * bin.Confidence!.Value));
            accuracy.Items.Add(Bar(bin, 0, 100 * bin.Accuracy!.Value));
        }
        model.Series.Add(confidence);
        model.Series.Add(accuracy);
        model.Series.Add(new LineSeries
        {
            Title = "perfect",
            Color = Chart.Ink,
            StrokeThickness = 1,
            LineStyle = LineStyle.Dash,
            Points = { new(0, 0), new(100, 100) },
        });
        return model;
    }

    /// <summary>Draws the number of images by confidence, classified correctly and wrongly.</summary>
    public static PlotModel Histogram(Calibration calibration)
    {
        var model = Chart.Create();
        AddConfidenceAxis(model);
        var most = Math.Max(1, calibration.Bins.Max(bin => bin.Images));
        var step = Chart.RoundStep(most, 5);
        model.AddAxis(AxisPosition.Left, "images", Math.Ceiling(most / step) * step, step);
        var (right, wrong) = (Bars("right", Chart.Right), Bars("wrong", Chart.Wrong));
        foreach (var bin in calibration.Bins)
        {
            right.Items.Add(Bar(bin, 0, bin.Right));
            wrong.Items.Add(Bar(bin, bin.Right, bin.Images));
        }
        model.Series.Add(right);
        model.Series.Add(wrong);
        return model;
    }

    static void AddConfidenceAxis(PlotModel model) => model.AddAxis(AxisPosition.Bottom, "confidence (%)", 100, 20);

    static RectangleBarSeries Bars(string title, OxyColor color) => new() { Title = title, FillColor = color, StrokeThickness = 0 };

    static RectangleBarItem Bar(CalibrationBin bin, double from, double to)
    {
        const double space = 0.4;
        return new(100 * bin.Lower + space, from, 100 * bin.Upper - space, to);
    }
}
