using System.Globalization;
using System.Text;

namespace ResNet.Runtime.Detection.Drawing;

/// <summary>
/// The printable ASCII characters as lines of a pen, so that text of any size needs no file of fonts. A point is two digits to base 17, column and row:
/// capitals stand from row 0 to the base line, row 12 (c); small letters begin in row 4, and descend to row 16 (g). Lines are separated by spaces.
/// </summary>
static class StrokeFont
{
    /// <summary>Rows from the top of capitals to the base line.</summary>
    public const int CapHeight = 12;

    /// <summary>Rows below the base line.</summary>
    public const int Descent = 4;

    const int SpaceWidth = 4, Gap = 3;
    const char Unknown = '\uFFFD';
    const string Digits = "0123456789abcdefg";

    // Unicode's own decompositions are missing where a program runs without culture data.
    static readonly Dictionary<int, string> _plainLetters = new (string, string)[]
    {
        ("A", "ÀÁÂÃÄÅĀĂĄ"), ("C", "ÇĆĈĊČ"), ("D", "ÐĎĐ"), ("E", "ÈÉÊËĒĔĖĘĚ"), ("G", "ĜĞĠĢ"), ("H", "ĤĦ"), ("I", "ÌÍÎÏĨĪĬĮİ"), ("J", "Ĵ"), ("K", "Ķ"), ("L", "ĹĻĽĿŁ"),
        ("N", "ÑŃŅŇ"), ("O", "ÒÓÔÕÖØŌŎŐ"), ("R", "ŔŖŘ"), ("S", "ŚŜŞŠȘ"), ("T", "ŢŤŦȚ"), ("U", "ÙÚÛÜŨŪŬŮŰŲ"), ("W", "Ŵ"), ("Y", "ÝŶŸ"), ("Z", "ŹŻŽ"), ("AE", "Æ"), ("OE", "Œ"),
        ("a", "àáâãäåāăą"), ("c", "çćĉċč"), ("d", "ðďđ"), ("e", "èéêëēĕėęě"), ("g", "ĝğġģ"), ("h", "ĥħ"), ("i", "ìíîïĩīĭįı"), ("j", "ĵ"), ("k", "ķ"), ("l", "ĺļľŀł"),
        ("n", "ñńņň"), ("o", "òóôõöøōŏő"), ("r", "ŕŗř"), ("s", "śŝşšș"), ("t", "ţťŧț"), ("u", "ùúûüũūŭůűų"), ("w", "ŵ"), ("y", "ýÿŷ"), ("z", "źżž"), ("ae", "æ"), ("oe", "œ"), ("ss", "ß"),
    }.SelectMany(entry => entry.Item2.Select(letter => ((int)letter, entry.Item1))).ToDictionary();

    static readonly Dictionary<char, (double X, double Y)[][]> _glyphs = new (char, string)[]
    {
        (' ', ""), (Unknown, "000c7c7000"),
        ('!', "0008 0c0c"), ('"', "0003 3033"), ('#', "301c 604c 0474 0878"), ('$', "82715030110315365677897b5c3c1b0a 404c"),
        ('%', "102031332414030110 900c 7888999b8c7c6b6978"), ('&', "8c14122040525317091b3c5c88"), ('\'', "0003"), ('(', "301306193c"), (')', "002336290c"),
        ('*', "3137 0266 6206"), ('+', "343a 0767"), (',', "1b1c0e"), ('-', "0757"), ('.', "0c0c"), ('/', "600c"),
        ('0', "2050727a5c2c0a0220"), ('1', "02303c"), ('2', "02205072740c7c"), ('3', "01205072745636 56787a5c2c0b"), ('4', "5c500878"),
        ('5', "7010052454767a5c2c0b"), ('6', "604021040a2c5c7a77552507"), ('7', "00703c"), ('8', "205072745626040220 26080a2c5c7a7856"),
        ('9', "1c3c5b787250200205275775"), (':', "0505 0c0c"), (';', "1515 1b1c0e"), ('<', "63076b"), ('=', "0565 0969"), ('>', "03670b"),
        ('?', "02204062643738 3c3c"), ('@', "8b5c2b0804215081a4a7997974 755435385978"),
        ('A', "0c408c 1878"), ('B', "0c005071745606 5677897b5c0c"), ('C', "827150301204081a3c5c7b8a"), ('D', "00407284887a4c0c00"), ('E', "80000c8c 0666"),
        ('F', "80000c 0666"), ('G', "827150301204081a3c5c7b8a8757"), ('H', "000c 808c 0686"), ('I', "000c"), ('J', "60695b4c2c0a"), ('K', "000c 8008 358c"),
        ('L', "000c7c"), ('M', "0c0047808c"), ('N', "0c008c80"), ('O', "30507284887a5c3c1a08041230"), ('P', "0c0050718384765707"),
        ('Q', "30507284887a5c3c1a08041230 598d"), ('R', "0c0050718384765707 478c"), ('S', "82715030110315365677897b5c3c1b0a"), ('T', "0080 404c"),
        ('U', "00081a3c5c7a8880"), ('V', "004c80"), ('W', "002c538ca0"), ('X', "008c 800c"), ('Y', "004680 464c"), ('Z', "00800c8c"),
        ('[', "30000c3c"), ('\\', "006c"), (']', "00303c0c"), ('^', "043064"), ('_', "0e7e"), ('`', "0022"),
        ('a', "747c 765424060a2c5c7a"), ('b', "000c 062454767a5c2c0a"), ('c', "765424060a2c5c7a"), ('d', "707c 765424060a2c5c7a"), ('e', "0878765424060a2c5c7b"),
        ('f', "5040222c 0454"), ('g', "747e5g2g0f 765424060a2c5c7a"), ('h', "000c 062454767c"), ('i', "040c 0101"), ('j', "242e0g 2121"), ('k', "000c 6409 276c"),
        ('l', "000a2c"), ('m', "040c 062434565c 567484a6ac"), ('n', "040c 062454767c"), ('o', "2454767a5c2c0a0624"), ('p', "040g 062454767a5c2c0a"),
        ('q', "747g 765424060a2c5c7a"), ('r', "040c 062454"), ('s', "6554240628587a5c2c0b"), ('t', "212a4c5c 0454"), ('u', "040a2c5c7a 747c"), ('v', "043c64"),
        ('w', "042c568ca4"), ('x', "046c 640c"), ('y', "043c 643c2f0g"), ('z', "04640c6c"),
        ('{', "40212506272b4c"), ('|', "000e"), ('}', "00212546272b0c"), ('~', "08264866"),
    }.ToDictionary(entry => entry.Item1, entry => Array.ConvertAll(entry.Item2.Split(' ', StringSplitOptions.RemoveEmptyEntries), Points));

    /// <summary>
    /// Returns the text in characters that can be drawn: accents of Latin letters are dropped, dashes and quotation marks become plain, and whatever else is unknown becomes
    /// an empty frame.
    /// </summary>
    /// <param name="text">Any text.</param>
    /// <param name="unknown">Number of frames.</param>
    public static string Plain(string text, out int unknown)
    {
        var plain = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
            if (_plainLetters.TryGetValue(rune.Value, out var letters)) plain.Append(letters);
            else if (Plain(rune) is { } character) plain.Append(character);
        var result = plain.ToString();
        unknown = result.Count(character => character == Unknown);
        return result;
    }

    /// <summary>Columns that a plain text takes.</summary>
    public static double Width(string text) => text.Length == 0 ? 0 : text.Sum(Advance) - Gap;

    /// <summary>Lays out a plain text: the lines of each character, moved to its place.</summary>
    public static IEnumerable<(double X, double Y)[][]> Layout(string text)
    {
        var left = 0.0;
        foreach (var character in text)
        {
            var start = left;
            yield return Array.ConvertAll(_glyphs[character], line => Array.ConvertAll(line, point => (point.X + start, point.Y)));
            left += Advance(character);
        }
    }

    static double Advance(char character) =>
        Gap + _glyphs[character].SelectMany(line => line).Select(point => point.X).DefaultIfEmpty(SpaceWidth).Max();

    static char? Plain(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format => null,
        _ when rune.IsAscii && _glyphs.ContainsKey((char)rune.Value) => (char)rune.Value,
        UnicodeCategory.DashPunctuation => '-',
        UnicodeCategory.InitialQuotePunctuation or UnicodeCategory.FinalQuotePunctuation => '\'',
        UnicodeCategory.SpaceSeparator or UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => ' ',
        _ => Unknown,
    };

    static (double X, double Y)[] Points(string line) =>
        [.. line.Chunk(2).Select(point => ((double)Digits.IndexOf(point[0], StringComparison.Ordinal), (double)Digits.IndexOf(point[1], StringComparison.Ordinal)))];
}
