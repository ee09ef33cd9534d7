namespace ResNet.Data.Parquet.Reading;

/// <summary>
/// A file for Parquet.Net, whose reader is asynchronous throughout. Here every read is over when it returns, so the caller's thread never waits for
/// another one, of which all may be waiting. Reading beyond the end is an error, so that a damaged file ends.
/// </summary>
sealed class SynchronousFile(string path) : Stream
{
    readonly FileStream _file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => _file.Length;

    public override long Position { get => _file.Position; set => _file.Position = value; }

    public override int Read(Span<byte> buffer) => _file.Read(buffer) is > 0 and var count || (count = buffer.Length) == 0
        ? count
        : throw new EndOfStreamException("the file ends too early");

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => Task.FromResult(Read(buffer, offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

    public override long Seek(long offset, SeekOrigin origin) => _file.Seek(offset, origin);

    public override void Flush() { }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) _file.Dispose();
        base.Dispose(disposing);
    }
}
