using System.Globalization;
using System.Text;

namespace ResNet.Dsl;

/// <summary>Values as C# writes them.</summary>
static class Text
{
    public static string Of(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>A number for people, with thousands apart.</summary>
    public static string Grouped(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

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
}
