namespace ResNet.Runtime.Detection.Data.Annotations;

/// <summary>An image file and its objects.</summary>
/// <param name="Path">The file.</param>
/// <param name="Width">Columns of the image, by its annotation.</param>
/// <param name="Height">Rows of the image, by its annotation.</param>
/// <param name="Objects">The objects.</param>
sealed record AnnotatedImage(string Path, int Width, int Height, IReadOnlyList<ObjectAnnotation> Objects)
{
    /// <exception cref="DatasetException">The image cannot be read, or has another size than its annotation says.</exception>
    public Image Load()
    {
        var image = Read(Path, path => Image.Load(path));
        // Boxes would lie elsewhere.
        if ((image.Width, image.Height) != (Width, Height))
            throw new DatasetException($"{Path}: expected an image of {Width}×{Height} pixels as its annotation says, found {image.Width}×{image.Height}");
        return image;
    }

    /// <summary>Reads an image or its header.</summary>
    /// <exception cref="DatasetException">It cannot be read.</exception>
    public static T Read<T>(string path, Func<string, T> read)
    {
        try
        {
            return read(path);
        }
        catch (ImageException e)
        {
            throw new DatasetException(e.Message, e); // names the file
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException($"{path}: {e.Message}", e);
        }
    }

    /// <summary>Joins a folder and a name that an annotation gives.</summary>
    /// <exception cref="DatasetException">The name leads out of the folder.</exception>
    public static string Join<TSource>(string folder, string name, TSource source)
    {
        if (name.Length == 0 || System.IO.Path.IsPathRooted(name) || name.Split('/', '\\').Contains(".."))
            throw new DatasetException($"{source}: expected the name of a file within {folder}, found \"{name}\"");
        return System.IO.Path.Combine(folder, name);
    }
}
