namespace ResNet.Fuzz;

/// <summary>A format whose reader is tested with damaged and hostile files.</summary>
/// <remarks>
/// The property: a file is read, or refused by one of the documented exceptions, in less than a second of processor time and with less than 256 MiB of
/// allocations. Memory is limited from outside, too (<c>DOTNET_GCHeapHardLimit</c>): more is an <see cref="OutOfMemoryException"/>.
/// </remarks>
/// <param name="name">The name on the command line.</param>
/// <param name="read">Reads a file by its content, in a folder that it may use.</param>
/// <param name="seeds">Valid files, small ones.</param>
/// <param name="refusals">The documented exceptions.</param>
sealed class Format(string name, Action<byte[], string> read, Func<IEnumerable<byte[]>> seeds, params Type[] refusals)
{
    /// <summary>The first inputs take longer, as the code that reads them is compiled.</summary>
    const int WarmUp = 20;

    const long MostAllocated = 256 << 20;

    static readonly TimeSpan _longest = TimeSpan.FromSeconds(1);

    readonly Lazy<string> _folder = new(() => Directory.CreateTempSubdirectory("resnet-fuzz-").FullName);
    int _inputs;

    public string Name { get; } = name;

    /// <summary>Words of the format, for mutation to put in.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>Reads an input.</summary>
    /// <returns>The message of the refusal; null if the input was read.</returns>
    /// <exception cref="TimeoutException">It took too long.</exception>
    /// <exception cref="InsufficientMemoryException">It took too much memory.</exception>
    public string? Check(byte[] content)
    {
        var (time, memory) = (Environment.CpuUsage.TotalTime, GC.GetAllocatedBytesForCurrentThread());
        var refusal = Read(content);
        (time, memory) = (Environment.CpuUsage.TotalTime - time, GC.GetAllocatedBytesForCurrentThread() - memory);
        if (memory > MostAllocated) throw new InsufficientMemoryException($"{Name}: an input of {content.Length} bytes took {memory >> 20} MiB");
        return _inputs++ < WarmUp || time < _longest ? refusal : throw new TimeoutException($"{Name}: an input of {content.Length} bytes took {time.TotalSeconds:F1} s of processor time");
    }

    /// <summary>Writes the seeds and, beside their folder, the words as AFL++ reads them.</summary>
    public void WriteSeeds(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var (number, content) in seeds().Index()) File.WriteAllBytes(Path.Combine(folder, $"{number:D3}"), content);
        File.WriteAllLines(Path.TrimEndingDirectorySeparator(folder) + ".dict", Words.Select(word => $"\"{string.Concat(word.Select(Escape))}\""));
    }

    string? Read(byte[] content)
    {
        try
        {
            read(content, _folder.Value);
            return null;
        }
        catch (Exception e) when (refusals.Contains(e.GetType()))
        {
            return e.Message;
        }
    }

    static string Escape(char c) => c is < ' ' or > '~' or '"' or '\\' ? $"\\x{(int)c:x2}" : c.ToString();
}
