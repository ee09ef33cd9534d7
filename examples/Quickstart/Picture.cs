using System.Globalization;
using System.Net;
using System.Text;
using ResNet.Runtime;

/// <summary>Images with a caption each, side by side, as an SVG file that every browser shows.</summary>
static class Picture
{
    const int Side = 128, Gap = 16, Caption = 40, Columns = 4;

    public static void Save(string path, IReadOnlyList<(Image Image, string Caption, bool IsRight)> tiles)
    {
        var rows = (tiles.Count + Columns - 1) / Columns;
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Columns * (Side + Gap) + Gap}\" height=\"{rows * (Side + Caption) + Gap}\" font-family=\"sans-serif\" font-size=\"14\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
        foreach (var (tile, place) in tiles.Select((tile, place) => (tile, place)))
        {
            var (x, y) = (Gap + place % Columns * (Side + Gap), Gap + place / Columns * (Side + Caption));
            using var png = new MemoryStream();
            tile.Image.SavePng(png);
            svg.Append(CultureInfo.InvariantCulture, $"<image x=\"{x}\" y=\"{y}\" width=\"{Side}\" height=\"{Side}\" style=\"image-rendering:pixelated\" href=\"data:image/png;base64,{Convert.ToBase64String(png.ToArray())}\"/>\n");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x}\" y=\"{y + Side + 18}\" fill=\"{(tile.IsRight ? "#1a7f37" : "#cf222e")}\">{WebUtility.HtmlEncode(tile.Caption)}</text>\n");
        }
        File.WriteAllText(path, svg.Append("</svg>\n").ToString());
    }
}
