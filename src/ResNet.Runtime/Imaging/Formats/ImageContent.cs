namespace ResNet.Runtime.Imaging.Formats;

/// <summary>Reads files and streams into memory, up to a limit.</summary>
static class ImageContent
{
    const int Piece = 1 << 16;

    /// <summary>Opens a file for reading, or says what else the path leads to.</summary>
    public static FileStream Open(string path, FileOptions options = FileOptions.None)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
            throw new ImageException("this is a folder, not an image; name the images in it.");
        return new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, options);
    }

    /// <summary>Reads what is left of a stream, or at least its first <paramref name="enough"/> bytes.</summary>
    public static void Read(Stream stream, MemoryStream content, ImageOptions options, long enough = long.MaxValue)
    {
        var piece = new byte[Piece];
        while (content.Length < enough && stream.Read(piece) is > 0 and var count)
            Append(content, piece.AsSpan(0, count), options);
    }

    /// <inheritdoc cref="Read"/>
    public static async Task ReadAsync(Stream stream, MemoryStream content, ImageOptions options, CancellationToken cancellationToken)
    {
        var piece = new byte[Piece];
        while (await stream.ReadAsync(piece, cancellationToken).ConfigureAwait(false) is > 0 and var count)
            Append(content, piece.AsSpan(0, count), options);
    }

    public static ReadOnlySpan<byte> Bytes(MemoryStream content) => content.GetBuffer().AsSpan(0, (int)content.Length);

    static void Append(MemoryStream content, ReadOnlySpan<byte> piece, ImageOptions options)
    {
        if (content.Length + piece.Length > options.MaxBytes)
            throw new ImageException($"Expected an image of at most {options.MaxBytes} bytes; found a longer file.");
        content.Write(piece);
    }
}
