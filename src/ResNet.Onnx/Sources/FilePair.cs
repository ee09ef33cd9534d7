namespace ResNet.Onnx.Sources;

/// <summary>Writes two files that belong together.</summary>
static class FilePair
{
    /// <summary>Writes both files under other names, and moves them to their places when both are whole.</summary>
    /// <exception cref="IOException">A file cannot be written, or exists and may not be replaced.</exception>
    public static void Write(string first, Action<string> writeFirst, string second, Action<string> writeSecond, bool overwrite)
    {
        var ending = $".{Guid.NewGuid():N}.tmp";
        try
        {
            writeFirst(first + ending);
            writeSecond(second + ending);
            File.Move(first + ending, first, overwrite);
            try
            {
                File.Move(second + ending, second, overwrite);
            }
            catch when (!overwrite)
            {
                File.Delete(first);
                throw;
            }
        }
        finally
        {
            File.Delete(first + ending);
            File.Delete(second + ending);
        }
    }
}
