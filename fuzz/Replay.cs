using System.Diagnostics;

namespace ResNet.Fuzz;

/// <summary>Reads inputs one by one, without instrumentation, and reports the result of each.</summary>
static class Replay
{
    /// <summary>Reads the files and those in the folders.</summary>
    /// <returns>False if one of them breaks the property.</returns>
    public static bool Run(Format format, IEnumerable<string> paths, TextWriter output)
    {
        var isHeld = true;
        foreach (var path in paths.SelectMany(FilesOf))
        {
            var content = File.ReadAllBytes(path);
            var (before, clock) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.StartNew());
            var outcome = Outcome(format, content, ref isHeld);
            output.WriteLine($"{path}: {content.Length} bytes, {clock.ElapsedMilliseconds} ms, {(GC.GetAllocatedBytesForCurrentThread() - before) >> 10} KiB: {outcome}");
        }
        return isHeld;
    }

    static IEnumerable<string> FilesOf(string path) => Directory.Exists(path) ? Directory.GetFiles(path).Order(StringComparer.Ordinal) : [path];

    static string Outcome(Format format, byte[] content, ref bool isHeld)
    {
        try
        {
            return format.Check(content) ?? "read";
        }
#pragma warning disable CA1031 // the purpose is to see all exceptions
        catch (Exception e)
#pragma warning restore CA1031
        {
            isHeld = false;
            return $"BROKEN by {e}";
        }
    }
}
