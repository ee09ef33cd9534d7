using System.Globalization;
using System.Text;
using ResNet.Dsl;

namespace ResNet.Generators.Emitting;

/// <summary>Values as C# and as prose.</summary>
static class Text
{
    public static string Of(long value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Of(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    public static string Literal(string value)
    {
        var text = new StringBuilder("\"");
        foreach (var c in value)
        {
            if (c is '"' or '\\') text.Append('\\').Append(c);
            else if (IsPrintable(c)) text.Append(c);
            else text.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
        }
        return text.Append('"').ToString();
    }

    /// <summary>Text that a name of the user's cannot break out of: a line of a comment.</summary>
    public static string Comment(string text) => string.Concat(text.Select(c => IsPrintable(c) ? c : ' '));

    /// <summary>Text of a documentation comment.</summary>
    public static string Documentation(string text) =>
        Comment(text).Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;");

    /// <summary>An identifier in Pascal case that reads like the name: <c>Layer1</c>.</summary>
    public static string Identifier(string name)
    {
        var text = new StringBuilder();
        var upper = true;
        foreach (var c in name)
        {
            if (c < 128 && char.IsLetterOrDigit(c)) text.Append(upper ? char.ToUpperInvariant(c) : c);
            upper = c >= 128 || !char.IsLetterOrDigit(c);
        }
        if (text.Length == 0 || char.IsDigit(text[0])) text.Insert(0, "Stage");
        return text.ToString();
    }

    /// <summary>A layer's options as the paper writes them: <c>3×3, 64, stride 2</c>.</summary>
    public static string Describe(Layer layer) => layer switch
    {
        Conv2d conv => Window(conv.Kernel, conv.Stride, conv.Channels, conv.Dilation, conv.Groups),
        MaxPool pool => Window(pool.Kernel, pool.Stride),
        AveragePool pool => Window(pool.Kernel, pool.Stride),
        Dense dense => Of(dense.Units),
        ZeroPad pad => $"{Of(pad.Channels)}, stride {Of(pad.Stride)}",
        _ => "",
    };

    static string Window(int kernel, int stride, int? channels = null, int dilation = 1, int groups = 1) =>
        $"{Of(kernel)}×{Of(kernel)}"
        + (channels is { } count ? $", {Of(count)}" : "")
        + (stride > 1 ? $", stride {Of(stride)}" : "")
        + (dilation > 1 ? $", dilation {Of(dilation)}" : "")
        + (groups > 1 ? $", {Of(groups)} groups" : "");

    static bool IsPrintable(char c) => !(char.IsControl(c) || char.IsSurrogate(c) || CharUnicodeInfo.GetUnicodeCategory(c)
        is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Format or UnicodeCategory.OtherNotAssigned);
}
