using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace ResNet.Reports.Html;

/// <summary>
/// A piece of HTML, written as an interpolated string. Interpolated values are escaped unless they are pieces of HTML,
/// so that the name of a class or a file cannot become markup.
/// </summary>
[InterpolatedStringHandler]
readonly struct Markup(int literalLength, int formattedCount)
{
    // All scripts stay readable; what HTML gives a meaning is escaped in any case.
    static readonly HtmlEncoder _encoder = HtmlEncoder.Create(UnicodeRanges.All);

    readonly StringBuilder? _text = new(literalLength + 16 * formattedCount);

    /// <summary>Takes text that is HTML already.</summary>
    public static Markup Raw(string html)
    {
        var markup = new Markup(html.Length, 0);
        markup.AppendLiteral(html);
        return markup;
    }

    public void AppendLiteral(string html) => _text!.Append(html);

    public void AppendFormatted(Markup markup) => _text!.Append(markup._text);

    public void AppendFormatted(IEnumerable<Markup> pieces)
    {
        foreach (var piece in pieces) _text!.Append(piece._text);
    }

    public void AppendFormatted(string? text) => _text!.Append(text is null ? "" : _encoder.Encode(text));

    public void AppendFormatted<T>(T value, string? format = null) where T : IFormattable =>
        AppendFormatted(value.ToString(format, CultureInfo.InvariantCulture));

    public override string ToString() => _text?.ToString() ?? "";
}
