using System.Globalization;
using System.Text;

namespace ResNet.Runtime.Training;

/// <summary>The picture of a run, as in the paper's Figure 6: error in percent by epoch, thin while training, bold on validation.</summary>
public static class TrainingCurve
{
    const int Width = 640, Height = 400, Left = 56, Right = 16, Top = 36, Bottom = 44;

    /// <summary>Draws the curve as an SVG document.</summary>
    /// <param name="epochs">The finished epochs; at least one.</param>
    /// <param name="title">What stands above it.</param>
    public static string Draw(IReadOnlyList<EpochMetrics> epochs, string title)
    {
        ArgumentNullException.ThrowIfNull(epochs);
        ArgumentOutOfRangeException.ThrowIfZero(epochs.Count, nameof(epochs));
        var training = epochs.Select(epoch => (epoch.Epoch, Error: 100 * (1 - epoch.Accuracy))).ToList();
        var validation = epochs.Where(epoch => epoch.Validation is not null).Select(epoch => (epoch.Epoch, Error: 100 * (1 - epoch.Validation!.Value))).ToList();
        var last = epochs[^1].Epoch;
        var top = Math.Max(1, Math.Ceiling(training.Concat(validation).Max(point => point.Error) / 5) * 5);
        double X(double epoch) => Left + (Width - Left - Right) * epoch / last;
        double Y(double error) => Height - Bottom - (Height - Top - Bottom) * error / top;

        var svg = new StringBuilder();
        void Add(FormattableString line) => svg.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
        void Curve(List<(int Epoch, double Error)> points, int width) =>
            Add($"<polyline fill=\"none\" stroke=\"#1f5fa8\" stroke-width=\"{width}\" points=\"{string.Join(' ', points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{X(point.Epoch):F1},{Y(point.Error):F1}")))}\"/>");

        Add($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" font-family=\"sans-serif\" font-size=\"12\">");
        Add($"<rect width=\"{Width}\" height=\"{Height}\" fill=\"white\"/>");
        Add($"<text x=\"{Width / 2}\" y=\"22\" text-anchor=\"middle\" font-size=\"14\">{Escape(title)}</text>");
        for (var i = 0; i <= 5; i++)
        {
            var error = top * i / 5;
            Add($"<line x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(error):F1}\" y2=\"{Y(error):F1}\" stroke=\"#dddddd\"/>");
            Add($"<text x=\"{Left - 6}\" y=\"{Y(error) + 4:F1}\" text-anchor=\"end\">{error:0.#}</text>");
        }
        for (var i = 0; i <= Math.Min(last, 5); i++)
        {
            var epoch = last * i / Math.Min(last, 5);
            Add($"<text x=\"{X(epoch):F1}\" y=\"{Height - Bottom + 18}\" text-anchor=\"middle\">{epoch}</text>");
        }
        Add($"<text x=\"{Width / 2}\" y=\"{Height - 8}\" text-anchor=\"middle\">epoch</text>");
        Add($"<text transform=\"translate(16 {Height / 2}) rotate(-90)\" text-anchor=\"middle\">error (%)</text>");
        Curve(training, 1);
        if (validation.Count > 0) Curve(validation, 3);
        Add($"</svg>");
        return svg.ToString();
    }

    static string Escape(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
}
