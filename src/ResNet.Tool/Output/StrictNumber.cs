using System.Buffers;
using System.Globalization;
using System.Numerics;

namespace ResNet.Tool.Output;

/// <summary>
/// The only reader of numbers that users write. What other cultures and programming languages would take for a number is none, rather than
/// another number than was meant: <c>0,05</c>, <c>1,000</c>, <c>1_000</c>, <c>0x10</c>, <c>1e400</c>, <c>NaN</c>, spaces.
/// </summary>
static class StrictNumber
{
    static readonly SearchValues<char> _characters = SearchValues.Create("0123456789+-.eE");

    /// <summary>Reads a whole number (<c>-12</c>) or, if the type has fractions, a decimal one (<c>0.05</c>, <c>1e-4</c>).</summary>
    /// <returns>False if the text is no such number, or too large or too small for the type.</returns>
    public static bool TryParse<T>(string text, out T value) where T : INumber<T>
    {
        value = T.Zero;
        var isWhole = IsWhole<T>();
        var styles = NumberStyles.AllowLeadingSign | (isWhole ? NumberStyles.None : NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent);
        // Names of infinity and the like are numbers in every style.
        if (text.AsSpan().ContainsAnyExcept(_characters) || !T.TryParse(text, styles, CultureInfo.InvariantCulture, out var parsed) || !T.IsFinite(parsed))
            return false;
        var digits = text.Split('e', 'E')[0];
        if (T.IsZero(parsed) && digits.AsSpan().ContainsAnyInRange('1', '9')) return false;
        value = parsed;
        return true;
    }

    /// <summary>Says how a text should have been: <c>a whole number from 1 to 9, written as 1000</c>.</summary>
    /// <param name="range">Follows the noun.</param>
    public static string Expected<T>(string range) where T : INumber<T> =>
        IsWhole<T>() ? $"a whole number {range}, written as 1000" : $"a number {range}, written as 1000, 0.05 or 1e-4";

    static bool IsWhole<T>() where T : INumber<T> => T.IsZero(T.One / (T.One + T.One));
}
