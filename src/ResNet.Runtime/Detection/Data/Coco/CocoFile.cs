using System.Text.Json;

namespace ResNet.Runtime.Detection.Data.Coco;

/// <summary>An image of a file of instances.</summary>
/// <param name="Source">File and object, for messages.</param>
/// <param name="Id">The number by which objects name it.</param>
/// <param name="FileName">Its file, relative to the folder of images.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
readonly record struct CocoImage(CocoSource Source, long Id, string FileName, int Width, int Height);

/// <summary>A class of a file of instances.</summary>
/// <param name="Source">File and object, for messages.</param>
/// <param name="Id">The number by which objects name it.</param>
/// <param name="Name">Its name.</param>
readonly record struct CocoCategory(CocoSource Source, long Id, string Name);

/// <summary>An object of a file of instances.</summary>
/// <param name="Source">File and object, for messages.</param>
/// <param name="Image">The id of its image.</param>
/// <param name="Category">The id of its class.</param>
/// <param name="Box">The place.</param>
/// <param name="IsCrowd">Whether it is many.</param>
/// <param name="Area">The square pixels of its outline, or null.</param>
readonly record struct CocoObject(CocoSource Source, long Image, long Category, Box Box, bool IsCrowd, double? Area);

/// <summary>A JSON file of instances (Lin et al. 2014). Nothing is looked up here: its three lists may stand in any order.</summary>
sealed class CocoFile
{
    public List<CocoImage> Images { get; } = [];

    public List<CocoCategory> Categories { get; } = [];

    public List<CocoObject> Objects { get; } = [];

    /// <summary>Reads a file.</summary>
    /// <exception cref="DatasetException">There is no such file, it is no JSON, or something is missing in it.</exception>
    public static CocoFile Read(string path)
    {
        try
        {
            using var tokens = new JsonTokens(File.OpenRead(path));
            return Read(path, tokens);
        }
        // InvalidOperationException: text that is no valid Unicode, found when it is asked for.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new DatasetException($"{path}: expected JSON, found a mistake: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException($"{path}: {(e is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : e.Message)}", e);
        }
    }

    static CocoFile Read(string path, JsonTokens tokens)
    {
        if (tokens.Next() != JsonTokenType.StartObject) throw new DatasetException($"{path}: expected an object with images, annotations and categories, found {tokens.Type}");
        var (file, found) = (new CocoFile(), new HashSet<string>(StringComparer.Ordinal));
        while (tokens.Next() == JsonTokenType.PropertyName)
        {
            var name = tokens.Text!;
            tokens.Next();
            if (name is "images" or "annotations" or "categories" && !found.Add(name)) throw new DatasetException($"{path}: expected one list {name}, found two");
            switch (name)
            {
                case "images": ReadList(path, name, tokens, record => file.Images.Add(ImageOf(record))); break;
                case "annotations": ReadList(path, name, tokens, record => file.Objects.Add(ObjectOf(record))); break;
                case "categories": ReadList(path, name, tokens, record => file.Categories.Add(new(record.Source, record.Whole("id"), record.Text("name")))); break;
                default: tokens.Skip(); break;
            }
        }
        // The reader looks for what is left after the object.
        tokens.Read();
        foreach (var name in (string[])["images", "annotations", "categories"])
            if (!found.Contains(name)) throw new DatasetException($"{path}: expected a list {name}, found none");
        return file;
    }

    static void ReadList(string path, string name, JsonTokens tokens, Action<CocoRecord> add)
    {
        if (tokens.Type != JsonTokenType.StartArray) throw new DatasetException($"{path}: expected a list as {name}, found {tokens.Type}");
        var list = $"{path}: {name}";
        for (var index = 0; tokens.Next() != JsonTokenType.EndArray; index++) add(CocoRecord.Read(tokens, list, index));
    }

    static CocoImage ImageOf(CocoRecord record)
    {
        var (width, height) = (record.Whole("width"), record.Whole("height"));
        return width is >= 1 and <= Image.MaxPixels && height is >= 1 and <= Image.MaxPixels
            ? new(record.Source, record.Whole("id"), record.Text("file_name"), (int)width, (int)height)
            : throw new DatasetException($"{record.Source}: expected the size of an image, found {width}×{height}");
    }

    static CocoObject ObjectOf(CocoRecord record)
    {
        var crowd = record.Number("iscrowd") switch
        {
            null or 0 => false,
            1 => true,
            _ => throw new DatasetException($"{record.Source}: expected 0 or 1 as iscrowd, found {record.Number("iscrowd")}"),
        };
        return new(record.Source, record.Whole("image_id"), record.Whole("category_id"), record.Box(), crowd, record.Number("area"));
    }
}
