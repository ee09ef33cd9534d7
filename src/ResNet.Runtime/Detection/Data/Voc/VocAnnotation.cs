using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace ResNet.Runtime.Detection.Data.Voc;

/// <summary>An object as its XML file has it.</summary>
/// <param name="Name">The name of its class.</param>
/// <param name="Corners">The first and the last pixel that it covers, counted from 1.</param>
/// <param name="Difficult">Whether it is hard to see.</param>
readonly record struct VocObject(string Name, Box Corners, bool Difficult)
{
    /// <summary>The same in continuous pixels, counted from 0.</summary>
    public Box Box => new(Corners.X1 - 1, Corners.Y1 - 1, Corners.X2, Corners.Y2);
}

/// <summary>An XML file of PASCAL VOC. Coordinates are not checked here.</summary>
/// <param name="Path">The file.</param>
/// <param name="FileName">The image that it names, or null.</param>
/// <param name="Size">Width and height of the image, or null where the file does not say.</param>
/// <param name="Objects">The objects.</param>
sealed record VocAnnotation(string Path, string? FileName, (int Width, int Height)? Size, IReadOnlyList<VocObject> Objects)
{
    // A hundred thousand objects. A document takes ten times as much memory as its file.
    const int MostCharacters = 1 << 24;

    // Annotations have four levels. A document's elements are added in a time that grows with their depth.
    const int MostDepth = 64;

    // A file may come from anywhere: it declares no entities and reads no other file.
    static readonly XmlReaderSettings _settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = MostCharacters };

    /// <summary>Reads a file.</summary>
    /// <exception cref="DatasetException">There is no such file, it is no XML, or something is missing in it.</exception>
    public static VocAnnotation Read(string path)
    {
        try
        {
            CheckDepth(path);
            using var reader = XmlReader.Create(path, _settings);
            var root = XDocument.Load(reader).Root!;
            if (root.Name.LocalName != "annotation") throw new DatasetException($"{path}: expected the element annotation, found {root.Name.LocalName}");
            return new(path, root.Element("filename")?.Value.Trim(), SizeOf(path, root), [.. root.Elements("object").Select((element, index) => ObjectOf(path, element, index))]);
        }
        catch (XmlException e)
        {
            throw new DatasetException($"{path}: expected XML, found a mistake: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException($"{path}: {(e is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : e.Message)}", e);
        }
    }

    /// <summary>The file and one of its objects, for messages; objects are counted from 1.</summary>
    public static string NameOf(string path, int index, string? className) => $"{path}: object {index + 1}{(className is null ? "" : $" ({className})")}";

    static void CheckDepth(string path)
    {
        using var reader = XmlReader.Create(path, _settings);
        while (reader.Read())
            if (reader.Depth > MostDepth) throw new DatasetException($"{path}: expected elements at most {MostDepth} deep, found more");
    }

    static (int, int)? SizeOf(string path, XElement root)
    {
        if (root.Element("size") is not { } size) return null;
        var (width, height) = (Number(path, size, "width"), Number(path, size, "height"));
        // Tools that did not know the size write zeros.
        if (width == 0 && height == 0) return null;
        return width is >= 1 and <= Image.MaxPixels && height is >= 1 and <= Image.MaxPixels && width == (int)width && height == (int)height ? ((int)width, (int)height)
            : throw new DatasetException(string.Create(CultureInfo.InvariantCulture, $"{path}: expected the size of an image, found {width}×{height}"));
    }

    static VocObject ObjectOf(string path, XElement element, int index)
    {
        var name = element.Element("name")?.Value.Trim();
        if (string.IsNullOrEmpty(name)) throw new DatasetException($"{NameOf(path, index, null)}: expected the element name, found none");
        var source = NameOf(path, index, name);
        var box = element.Element("bndbox") ?? throw new DatasetException($"{source}: expected the element bndbox, found none");
        var difficult = element.Element("difficult")?.Value.Trim() switch
        {
            null or "" or "0" => false,
            "1" => true,
            var other => throw new DatasetException($"{source}: expected 0 or 1 as difficult, found \"{other}\""),
        };
        return new(name, new(Number(source, box, "xmin"), Number(source, box, "ymin"), Number(source, box, "xmax"), Number(source, box, "ymax")), difficult);
    }

    static double Number(string source, XElement parent, string name)
    {
        var text = parent.Element(name)?.Value ?? throw new DatasetException($"{source}: expected the element {name}, found none");
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value
            : throw new DatasetException($"{source}: expected a number as {name}, found \"{text}\"");
    }
}
