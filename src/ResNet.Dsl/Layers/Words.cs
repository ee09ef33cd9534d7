using System.Globalization;

namespace ResNet.Dsl;

/// <summary>Parts of the texts that describe layers.</summary>
static class Words
{
    /// <summary>Text in the invariant culture.</summary>
    public static string Of(FormattableString text) => FormattableString.Invariant(text);

    /// <summary>A clause that a usual value goes without.</summary>
    public static string Unless(int usual, int value, string text) =>
        value == usual ? "" : ", " + string.Format(CultureInfo.InvariantCulture, text, value);
}
