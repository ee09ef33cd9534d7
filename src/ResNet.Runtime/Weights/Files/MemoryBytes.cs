namespace ResNet.Runtime.Weights.Files;

/// <summary>Weights that lie in memory, or were read there from a stream.</summary>
sealed class MemoryBytes(string name, ReadOnlyMemory<byte> content) : WeightBytes(name, content.Length)
{
    const int Piece = 1 << 20;

    /// <summary>Reads the rest of a stream.</summary>
    /// <exception cref="WeightsException">The stream is longer than an array can be, or cannot be read.</exception>
    public static MemoryBytes ReadAll(string name, Stream stream)
    {
        using var content = Begin(name, stream);
        var piece = new byte[Piece];
        try
        {
            while (stream.Read(piece) is > 0 and var count) Append(name, content, piece.AsSpan(0, count));
        }
        catch (Exception e) when (IsFailure(e))
        {
            throw Unreadable(name, e);
        }
        return End(name, content);
    }

    /// <inheritdoc cref="ReadAll"/>
    public static async Task<MemoryBytes> ReadAllAsync(string name, Stream stream, CancellationToken cancellationToken)
    {
        using var content = Begin(name, stream);
        var piece = new byte[Piece];
        try
        {
            while (await stream.ReadAsync(piece, cancellationToken).ConfigureAwait(false) is > 0 and var count) Append(name, content, piece.AsSpan(0, count));
        }
        catch (Exception e) when (IsFailure(e))
        {
            throw Unreadable(name, e);
        }
        return End(name, content);
    }

    protected override ReadOnlySpan<byte> Bytes(long offset, int length) => content.Span.Slice((int)offset, length);

    static MemoryStream Begin(string name, Stream stream)
    {
        if (!stream.CanSeek) return new();
        var rest = Math.Max(0, stream.Length - stream.Position);
        return rest <= Array.MaxLength ? new((int)rest) : throw TooLong(name);
    }

    static void Append(string name, MemoryStream content, ReadOnlySpan<byte> piece)
    {
        if (content.Length > Array.MaxLength - piece.Length) throw TooLong(name);
        content.Write(piece);
    }

    static MemoryBytes End(string name, MemoryStream content) => new(name, content.GetBuffer().AsMemory(0, (int)content.Length));

    static bool IsFailure(Exception e) => e is IOException or UnauthorizedAccessException or NotSupportedException;

    static WeightsException Unreadable(string name, Exception e) => new(name, $"the stream cannot be read: {e.Message}", inner: e);

    static WeightsException TooLong(string name) => new(name, "the stream is too long to be read into memory; save it as a file and load that", expected: $"at most {Array.MaxLength} bytes");
}
