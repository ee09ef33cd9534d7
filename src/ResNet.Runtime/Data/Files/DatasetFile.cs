namespace ResNet.Runtime.Data.Files;

/// <summary>Files that are read whole.</summary>
static class DatasetFile
{
    /// <exception cref="DatasetException">The file cannot be read.</exception>
    public static byte[] ReadAll(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException($"{path}: {(e is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : e.Message)}", e);
        }
    }
}
