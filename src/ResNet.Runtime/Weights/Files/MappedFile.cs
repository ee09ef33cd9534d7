using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace ResNet.Runtime.Weights.Files;

/// <summary>
/// A file's bytes, mapped into memory for reading. What is large and wanted as it is, is read from the file instead: a mapping
/// would fault page by page, and its pages would count as the process's. Every access is checked against the file's length.
/// </summary>
sealed unsafe class MappedFile : IDisposable
{
    readonly SafeFileHandle _handle;
    readonly MemoryMappedFile _map;
    readonly MemoryMappedViewAccessor _view;
    bool _disposed;

    MappedFile(string path, FileStream stream)
    {
        Path = path;
        Length = stream.Length;
        _handle = stream.SafeFileHandle;
        _map = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        _view = _map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
    }

    public string Path { get; }

    public long Length { get; }

    public static MappedFile Open(string path)
    {
        FileStream? stream = null;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
            // An empty file cannot be mapped, and holds no weights.
            return stream.Length > 0 ? new MappedFile(path, stream) : throw new WeightsException(path, "the file is empty");
        }
        catch (Exception e)
        {
            stream?.Dispose();
            if (e is FileNotFoundException or DirectoryNotFoundException)
                throw new WeightsException(path, "there is no such file", inner: e);
            if (e is IOException or UnauthorizedAccessException or NotSupportedException)
                throw new WeightsException(path, Directory.Exists(path) ? "this is a folder, not a file" : $"the file cannot be read: {e.Message}", inner: e);
            throw;
        }
    }

    /// <summary>
    /// The bytes from <paramref name="offset"/> on. They are gone with the mapping: whoever reads them keeps this object alive and undisposed meanwhile.
    /// </summary>
    public ReadOnlySpan<byte> Slice(long offset, long length)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (offset < 0 || length < 0 || offset > Length - length)
            throw Invalid("the file is cut short", expected: $"{length} bytes at {offset}", found: $"{Length} bytes in all");
        if (length > int.MaxValue)
            throw Invalid($"a run of {length} bytes is more than the 2 GiB that can be read at once");

        // Not AcquirePointer: its reference would keep the mapping for ever if nobody disposed this object.
        return new((byte*)_view.SafeMemoryMappedViewHandle.DangerousGetHandle() + offset, (int)length);
    }

    /// <summary>Reads the bytes from <paramref name="offset"/> on.</summary>
    public void Read(long offset, Span<byte> to)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        while (!to.IsEmpty)
        {
            var count = RandomAccess.Read(_handle, to, offset);
            if (count == 0) throw Invalid("the file is cut short", expected: $"{to.Length} bytes at {offset}", found: "its end");
            to = to[count..];
            offset += count;
        }
    }

    public WeightsException Invalid(string problem, string? tensor = null, string? expected = null, string? found = null) =>
        new(Path, problem, tensor, expected, found);

    public void Dispose()
    {
        _disposed = true;
        _view.Dispose();
        _map.Dispose();
    }
}
