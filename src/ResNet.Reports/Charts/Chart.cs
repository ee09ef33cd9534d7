using System.Globalization;
using System.Xml.Linq;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using ResNet.Reports.Html;

namespace ResNet.Reports.Charts;

/// <summary>The common look of all charts, and how they become SVG.</summary>
static class Chart
{
    public static readonly OxyColor Ink = OxyColor.FromRgb(27, 31, 36);
    public static readonly OxyColor Line = OxyColor.FromRgb(221, 225, 230);
    public static readonly OxyColor Right = OxyColor.FromRgb(31, 95, 168);
    public static readonly OxyColor Wrong = OxyColor.FromRgb(192, 74, 16);

    /// <summary>Colors of curves that are told apart, also by readers who confuse red and green.</summary>
    public static readonly IReadOnlyList<OxyColor> Palette =
    [
        Right, Wrong, OxyColor.FromRgb(26, 127, 86), OxyColor.FromRgb(125, 63, 163), OxyColor.FromRgb(184, 134, 11), OxyColor.FromRgb(89, 99, 110),
    ];

    // In a page, a color becomes the page's own, which differs by light and dark.
    static readonly Dictionary<string, string> _pageColors = new()
    {
        [Css(Ink)] = "var(--ink)",
        [Css(Line)] = "var(--line)",
        [Css(Right)] = "var(--right)",
        [Css(Wrong)] = "var(--wrong)",
        [Css(Palette[2])] = "var(--green)",
        [Css(Palette[3])] = "var(--purple)",
        [Css(Palette[4])] = "var(--ochre)",
        [Css(Palette[5])] = "var(--muted)",
    };

    /// <summary>Starts a chart.</summary>
    public static PlotModel Create(string? title = null)
    {
        var model = new PlotModel
        {
            Title = title,
            TitleFontSize = 15,
            Culture = CultureInfo.InvariantCulture,
            DefaultFont = "sans-serif",
            DefaultFontSize = 13,
            TextColor = Ink,
            PlotAreaBorderColor = Line,
            PlotAreaBorderThickness = new(0, 0, 0, 1),
            Padding = new(4, 8, 16, 4),
        };
        model.Legends.Add(new Legend
        {
            LegendPlacement = LegendPlacement.Outside,
            LegendPosition = LegendPosition.TopCenter,
            LegendOrientation = LegendOrientation.Horizontal,
            LegendItemSpacing = 48,
            LegendLineSpacing = 4,
            LegendMargin = 0,
            LegendPadding = 0,
        });
        return model;
    }

    /// <summary>Adds an axis from 0 to <paramref name="end"/> with ticks at multiples of <paramref name="step"/>.</summary>
    public static void AddAxis(this PlotModel model, AxisPosition position, string title, double end, double step, string? format = null) => model.Axes.Add(new LinearAxis
    {
        Position = position,
        Title = title,
        Minimum = 0,
        Maximum = end,
        MajorStep = step,
        StringFormat = format,
        MinorTickSize = 0,
        MajorTickSize = position == AxisPosition.Bottom ? 5 : 0,
        TicklineColor = Line,
        MajorGridlineStyle = position == AxisPosition.Bottom ? LineStyle.None : LineStyle.Solid,
        MajorGridlineColor = Line,
        AxisTitleDistance = position == AxisPosition.Bottom ? 4 : 14,
    });

    /// <summary>The least of 1, 2, 5, 10, 20, 50 … that cuts a length into few enough parts.</summary>
    /// <param name="length">The length, in the axis' unit.</param>
    /// <param name="parts">The most parts.</param>
    /// <param name="least">A power of ten that the step does not fall below.</param>
    public static double RoundStep(double length, int parts, double least = 1)
    {
        for (var power = least; ; power *= 10)
            foreach (var factor in (ReadOnlySpan<int>)[1, 2, 5])
                if (length <= factor * power * parts) return factor * power;
    }

    /// <summary>An SVG file.</summary>
    public static string Document(PlotModel model, int width, int height)
    {
        model.Background = OxyColors.White;
        return new XDeclaration("1.0", "utf-8", null) + "\n" + Render(model, width, height);
    }

    /// <summary>A chart within a page.</summary>
    /// <param name="model">The chart.</param>
    /// <param name="description">The text for a person who does not see it.</param>
    public static Markup Inline(PlotModel model, string description)
    {
        model.Background = OxyColors.Undefined;
        var svg = Render(model, 520, 340);
        svg.SetAttributeValue("role", "img");
        svg.SetAttributeValue("aria-label", description);
        foreach (var attribute in svg.Descendants().Attributes().Where(attribute => attribute.Name.LocalName is "fill" or "style"))
            foreach (var (color, pageColor) in _pageColors) attribute.Value = attribute.Value.Replace(color, pageColor, StringComparison.Ordinal);
        return Markup.Raw(svg.ToString(SaveOptions.DisableFormatting));
    }

    static XElement Render(PlotModel model, int width, int height)
    {
        var exporter = new SvgExporter { Width = width, Height = height, IsDocument = false, TextMeasurer = new WideText(width, height) };
        var svg = XElement.Parse(exporter.ExportToString(model));
        svg.SetAttributeValue("viewBox", $"0 0 {width} {height}");
        svg.SetAttributeValue("width", null);
        svg.SetAttributeValue("height", null);
        // Nothing is drawn outside of its frame, and names would have to differ among the charts of a page.
        svg.Descendants().Where(element => element.Name.LocalName == "defs").Remove();
        foreach (var element in svg.Descendants()) element.SetAttributeValue("clip-path", null);
        return svg;
    }

    static string Css(OxyColor color) => $"rgb({color.R},{color.G},{color.B})";

    /// <summary>Leaves room for the widest font that a viewer may have: the measures of the library are Arial's.</summary>
    sealed class WideText(double width, double height) : PdfRenderContext(width, height, OxyColors.Undefined)
    {
        public override OxySize MeasureText(string text, string fontFamily, double fontSize, double fontWeight)
        {
            var size = base.MeasureText(text, fontFamily, fontSize, fontWeight);
            return new(1.3 * size.Width, 1.2 * size.Height);
        }
    }
}
