namespace ResNet.Runtime.Weights.Files;

/// <summary>The bytes that hold weights, wherever they lie. Every access is checked against their number.</summary>
abstract class WeightBytes(string name, long length) : IDisposable
{
    bool _disposed;

    /// <summary>The file's path, or what else messages call the source.</summary>
    public string Name { get; } = name;

    public long Length { get; } = length;

    /// <summary>
    /// The bytes from <paramref name="offset"/> on. They may be gone with this object: a caller that reads them keeps it alive and undisposed meanwhile.
    /// </summary>
    public ReadOnlySpan<byte> Slice(long offset, long length)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (offset < 0 || length < 0 || offset > Length - length)
            throw Invalid("the file is cut short", expected: $"{length} bytes at {offset}", found: $"{Length} bytes in all");
        if (length > int.MaxValue)
            throw Invalid($"a run of {length} bytes is more than the 2 GiB that can be read at once");
        return Bytes(offset, (int)length);
    }

    /// <summary>Copies the bytes from <paramref name="offset"/> on.</summary>
    public virtual void Read(long offset, Span<byte> to) => Slice(offset, to.Length).CopyTo(to);

    public WeightsException Invalid(string problem, string? tensor = null, string? expected = null, string? found = null) =>
        new(Name, problem, tensor, expected, found);

    public virtual void Dispose() => _disposed = true;

    protected void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_disposed, this);

    protected abstract ReadOnlySpan<byte> Bytes(long offset, int length);
}
