namespace ResNet.Runtime.Data;

/// <summary>Image files whose classes are known.</summary>
sealed class ImageFileDataset(string description, IReadOnlyList<string> classes, IReadOnlyList<(string Path, int Class)> files, IReadOnlyList<string> warnings) : ImageDataset
{
    public override string Description => description;

    public override IReadOnlyList<string> Classes => classes;

    public override IReadOnlyList<string> Warnings => warnings;

    public override int Count => files.Count;

    public override int ClassOf(int index) => files[index].Class;

    public override string NameOf(int index) => files[index].Path;

    public override Image Load(int index)
    {
        try
        {
            return Image.Load(files[index].Path);
        }
        catch (ImageException e)
        {
            throw new DatasetException(e.Message, e); // names the file
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException($"{files[index].Path}: {e.Message}", e);
        }
    }
}
