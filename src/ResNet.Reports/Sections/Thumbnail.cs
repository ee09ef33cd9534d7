using ResNet.Reports.Html;
using ResNet.Runtime;

namespace ResNet.Reports.Sections;

/// <summary>Small pictures within a page.</summary>
static class Thumbnail
{
    /// <summary>Writes a picture.</summary>
    /// <param name="load">Reads the picture in its final size.</param>
    /// <param name="alt">The text for a person who does not see it.</param>
    /// <param name="tinySide">Pictures whose sides are all below this keep their pixels when they are enlarged.</param>
    public static Markup Write(Func<Image> load, string alt, int tinySide)
    {
        Image picture;
        try
        {
            picture = load();
        }
        catch (DatasetException)
        {
            // It was read a moment ago; the report is worth more than one of its pictures.
            return $"<p class=\"muted\">The picture can no longer be read.</p>";
        }
        using var png = new MemoryStream();
        picture.SavePng(png);
        var isTiny = Math.Max(picture.Width, picture.Height) < tinySide;
        return $"<img{(isTiny ? (Markup)$" class=\"tiny\"" : default)} src=\"data:image/png;base64,{Markup.Raw(Convert.ToBase64String(png.GetBuffer().AsSpan(0, (int)png.Length)))}\" width=\"{picture.Width}\" height=\"{picture.Height}\" alt=\"{alt}\">";
    }

    /// <summary>Scales a picture down until its longer side has a length.</summary>
    public static Image Shrink(Image picture, int side)
    {
        var scale = (double)side / Math.Max(picture.Width, picture.Height);
        return scale >= 1 ? picture : picture.Resize(Math.Max(1, (int)(picture.Width * scale)), Math.Max(1, (int)(picture.Height * scale)));
    }

    /// <summary>The file and its folder, which often is the class.</summary>
    public static string ShortName(string name) => string.Join('/', name.Split('/', '\\').TakeLast(2));
}
