using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace ResNet.Runtime.Weights.Files;

/// <summary>
/// A file's bytes, mapped into memory for reading. What is large and wanted as it is, is read from the file instead: a mapping
/// would fault page by page, and its pages would count as the process's.
/// </summary>
sealed unsafe class MappedFile : WeightBytes
{
    readonly SafeFileHandle _handle;
    readonly MemoryMappedFile _map;
    readonly MemoryMappedViewAccessor _view;

    MappedFile(string path, FileStream stream) : base(path, stream.Length)
    {
        _handle = stream.SafeFileHandle;
        _map = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        _view = _map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
    }

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
                throw new WeightsException(path, $"the file cannot be read: {e.Message}", inner: e);
            throw;
        }
    }

    /// <summary>Reads the bytes from <paramref name="offset"/> on from the file itself.</summary>
    public override void Read(long offset, Span<byte> to)
    {
        ThrowIfDisposed();
        while (!to.IsEmpty)
        {
            var count = RandomAccess.Read(_handle, to, offset);
            if (count == 0) throw Invalid("the file is cut short", expected: $"{to.Length} bytes at {offset}", found: "its end");
            to = to[count..];
            offset += count;
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        _view.Dispose();
        _map.Dispose();
    }

    // Not AcquirePointer: its reference would keep the mapping for ever if nothing disposed this object.
    protected override ReadOnlySpan<byte> Bytes(long offset, int length) =>
        new((byte*)_view.SafeMemoryMappedViewHandle.DangerousGetHandle() + offset, length);
}
