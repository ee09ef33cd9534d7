using System.Globalization;

namespace ResNet.Runtime.Tests.Detection.Data;

/// <summary>Writes data sets in PASCAL VOC's layout.</summary>
static class VocFiles
{
    /// <summary>Writes an image and its annotation.</summary>
    /// <param name="folder">The folder of <c>Annotations</c>.</param>
    /// <param name="name">The image's name.</param>
    /// <param name="objects">The elements <c>object</c>.</param>
    /// <param name="size">The element <c>size</c>; null for the image's.</param>
    public static void WriteVoc(this TemporaryFolder folder, string name, string objects, string? size = null)
    {
        var image = folder.Write($"JPEGImages/{name}.jpg", []);
        Image.FromRgb(20, 10, new byte[600]).SavePng(image);
        folder.Write($"Annotations/{name}.xml", $"<annotation><filename>{name}.jpg</filename>{size ?? "<size><width>20</width><height>10</height><depth>3</depth></size>"}{objects}</annotation>");
    }

    public static void WriteImageSet(this TemporaryFolder folder, string name, params string[] images) =>
        folder.Write($"ImageSets/Main/{name}.txt", string.Join('\n', images) + "\n");

    public static string Object(string name, double xmin, double ymin, double xmax, double ymax, string more = "") => string.Create(CultureInfo.InvariantCulture,
        $"<object><name>{name}</name>{more}<bndbox><xmax>{xmax}</xmax><xmin>{xmin}</xmin><ymin>{ymin}</ymin><ymax>{ymax}</ymax></bndbox></object>");
}
