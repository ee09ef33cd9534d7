using System.Formats.Tar;
using System.Globalization;

namespace ResNet.Runtime.Data.Files;

/// <summary>
/// An archive on its way to a <see cref="TarReader"/>, which takes memory for an entry's long name and attributes as its header declares them: in 512 bytes,
/// two gigabytes. A header that declares more than any archiver writes is refused here, before it is obeyed.
/// </summary>
/// <param name="archive">The archive, unpacked. It is closed with this stream.</param>
sealed class TarStream(Stream archive) : Stream
{
    const int HeaderBytes = 512, MostAttributes = 1 << 20;

    public override bool CanRead => true;

    public override bool CanSeek => archive.CanSeek;

    public override bool CanWrite => false;

    public override long Length => archive.Length;

    public override long Position { get => archive.Position; set => archive.Position = value; }

    public override int Read(Span<byte> buffer)
    {
        // The reader asks for a header at once, and gets it at once.
        var count = archive.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        Check(buffer[..count]);
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await archive.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        Check(buffer.Span[..count]);
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) => archive.Seek(offset, origin);

    public override void Flush() { }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) archive.Dispose();
        base.Dispose(disposing);
    }

    /// <exception cref="InvalidDataException">A header declares too much. Of other blocks, nearly none has a header's checksum.</exception>
    static void Check(ReadOnlySpan<byte> block)
    {
        if (block.Length != HeaderBytes || block[156] is not ((byte)'x' or (byte)'g' or (byte)'L' or (byte)'K') || !HasChecksum(block)) return;
        // A number that begins with a set bit is binary, for sizes of 8 GiB and more.
        if (block[124] >= 0x80 || Octal(block[124..136]) > MostAttributes)
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"an entry declares more than {MostAttributes} bytes of name and attributes"));
    }

    static bool HasChecksum(ReadOnlySpan<byte> header)
    {
        // The sum is made with spaces in its own place.
        var sum = 8 * ' ';
        for (var at = 0; at < header.Length; at++)
            if (at is < 148 or >= 156) sum += header[at];
        return Octal(header[148..156]) == sum;
    }

    static long Octal(ReadOnlySpan<byte> digits)
    {
        var value = 0L;
        foreach (var digit in digits.Trim("\0 "u8))
            value = digit is >= (byte)'0' and <= (byte)'7' ? 8 * value + digit - '0' : value;
        return value;
    }
}
