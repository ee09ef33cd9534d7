using System.Globalization;
using System.Text;
using ResNet.Dsl;

namespace ResNet.Generators.Emitting;

/// <summary>Values as C# and as prose.</summary>
static class Text
{
    public static string Of(long value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Of(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A string literal. Names of layers consist of letters, digits, <c>_</c>, <c>-</c> and dots, and need no escape.</summary>
    public static string Literal(string name) => "\"" + name.Replace("\\", "\\\\").Replace("\"", "\\\"") + "\"";

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
}
