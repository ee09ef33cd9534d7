using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;
using ResNet.Reports.Charts;

namespace ResNet.Reports;

/// <summary>A point of a curve.</summary>
/// <param name="X">Its place on the horizontal axis.</param>
/// <param name="Y">Its value.</param>
/// <param name="Low">The lower edge of the band around the curve; the value itself where there is no band.</param>
/// <param name="High">The upper edge.</param>
public readonly record struct CurvePoint(double X, double Y, double Low, double High)
{
    /// <summary>A point without a band.</summary>
    /// <param name="x">Its place on the horizontal axis.</param>
    /// <param name="y">Its value.</param>
    public CurvePoint(double x, double y) : this(x, y, y, y)
    {
    }
}

/// <summary>A curve, and a band around it where its points have one.</summary>
/// <param name="Name">Its name in the legend; empty for a curve that the legend leaves out.</param>
/// <param name="Points">Its points from left to right.</param>
public sealed record Curve(string Name, IReadOnlyList<CurvePoint> Points)
{
    /// <summary>Number of the color; colors repeat after six.</summary>
    public int Color { get; init; }

    /// <summary>Whether the line is dashed.</summary>
    public bool IsDashed { get; init; }

    /// <summary>Whether the line is dotted, in the place of dashed.</summary>
    public bool IsDotted { get; init; }

    /// <summary>Width of the line, in pixels.</summary>
    public double Width { get; init; } = 2;
}

/// <summary>A picture of curves over an axis that counts: steps, epochs, layers.</summary>
/// <param name="Name">A word for files and links: <c>error</c>.</param>
/// <param name="Caption">The description of the chart, in a sentence.</param>
/// <param name="XTitle">Quantity and unit of the horizontal axis.</param>
/// <param name="YTitle">Quantity and unit of the vertical axis.</param>
/// <param name="Curves">The curves.</param>
public sealed record LineChart(string Name, string Caption, string XTitle, string YTitle, IReadOnlyList<Curve> Curves)
{
    const int DocumentWidth = 720, DocumentHeight = 450;
    const byte BandOpacity = 48;

    /// <summary>Whether the vertical axis is logarithmic; values that are not positive are left out then.</summary>
    public bool IsLogarithmic { get; init; }

    /// <summary>Draws the chart as an SVG document.</summary>
    /// <param name="title">The text above it.</param>
    public string Draw(string title) => Chart.Document(Plot(title), DocumentWidth, DocumentHeight);

    /// <summary>The chart for a page or a document.</summary>
    internal PlotModel Plot(string? title = null)
    {
        var model = Chart.Create(title);
        var curves = Curves.Select(curve => curve with { Points = [.. curve.Points.Where(IsDrawn)] }).Where(curve => curve.Points.Count > 0).ToList();
        var points = curves.SelectMany(curve => curve.Points).DefaultIfEmpty(new(0, 1)).ToList();
        AddHorizontal(model, points.Min(point => point.X), points.Max(point => point.X));
        if (IsLogarithmic) AddLogarithmic(model, points.Min(point => point.Low), points.Max(point => point.High));
        else AddLinear(model, points.Min(point => point.Low), points.Max(point => point.High));
        foreach (var curve in curves.Where(HasBand)) model.Series.Add(Band(curve));
        foreach (var curve in curves) model.Series.Add(Line(curve));
        return model;
    }

    bool IsDrawn(CurvePoint point) =>
        double.IsFinite(point.X) && double.IsFinite(point.Y) && double.IsFinite(point.Low) && double.IsFinite(point.High) && (!IsLogarithmic || point.Low > 0);

    void AddHorizontal(PlotModel model, double first, double last)
    {
        // Steps, epochs and layers are counted.
        model.AddAxis(AxisPosition.Bottom, XTitle, Math.Max(last, first + 1), Chart.RoundStep(Math.Max(last - first, 1), 10));
        model.Axes[^1].Minimum = Math.Min(first, 1);
    }

    void AddLinear(PlotModel model, double least, double greatest)
    {
        // A negative zero would be written with its sign.
        var (bottom, length) = (Math.Min(0, least), Math.Max(greatest, 0) - Math.Min(0, least));
        var step = Chart.RoundStep(length > 0 ? length : 1, 6, 1e-6);
        model.AddAxis(AxisPosition.Left, YTitle, Math.Max(1, Math.Ceiling(greatest / step)) * step, step);
        model.Axes[^1].Minimum = bottom < 0 ? Math.Floor(bottom / step) * step : 0;
    }

    void AddLogarithmic(PlotModel model, double least, double greatest) => model.Axes.Add(new LogarithmicAxis
    {
        Position = AxisPosition.Left,
        Title = YTitle,
        // A little more, so that rounding does not take the labels of the ends away.
        Minimum = 0.999 * Math.Pow(10, Math.Floor(Math.Log10(least))),
        Maximum = 1.001 * Math.Pow(10, Math.Floor(Math.Log10(greatest)) + 1),
        // Numbers such as 0.001 and 100000 take no more room than powers.
        UseSuperExponentialFormat = false,
        StringFormat = "0.#######",
        MajorTickSize = 0,
        MinorTickSize = 0,
        MajorGridlineStyle = LineStyle.Solid,
        MajorGridlineColor = Chart.Line,
        AxisTitleDistance = 14,
    });

    static bool HasBand(Curve curve) => curve.Points.Count > 1 && curve.Points.Any(point => point.High > point.Low);

    static OxyColor ColorOf(Curve curve) => Chart.Palette[curve.Color % Chart.Palette.Count];

    static AreaSeries Band(Curve curve)
    {
        var band = new AreaSeries { StrokeThickness = 0, Fill = OxyColor.FromAColor(BandOpacity, ColorOf(curve)), RenderInLegend = false };
        band.Points.AddRange(curve.Points.Select(point => new DataPoint(point.X, point.High)));
        band.Points2.AddRange(curve.Points.Select(point => new DataPoint(point.X, point.Low)));
        return band;
    }

    static LineSeries Line(Curve curve) => new()
    {
        Title = curve.Name,
        RenderInLegend = curve.Name.Length > 0,
        Color = ColorOf(curve),
        StrokeThickness = curve.Width,
        LineStyle = curve.IsDotted ? LineStyle.Dot : curve.IsDashed ? LineStyle.Dash : LineStyle.Solid,
        ItemsSource = curve.Points.Select(point => new DataPoint(point.X, point.Y)).ToList(),
        // A single point is no line.
        MarkerType = curve.Points.Count == 1 ? MarkerType.Circle : MarkerType.None,
        MarkerSize = 2 + curve.Width,
        MarkerFill = ColorOf(curve),
    };
}
