using System.Buffers.Binary;
using System.IO.Compression;
using ResNet.Runtime.Data.Files;

namespace ResNet.Runtime.Data.Mnist;

/// <summary>
/// A file of bytes in MNIST's idx format, plain or packed with gzip: two zeros, 8 for the type byte, the number of dimensions, each
/// dimension as a big-endian number of 4 bytes, then the values.
/// </summary>
sealed record IdxFile(string Path, int[] Shape, byte[] Values)
{
    const byte TypeByte = 8;

    // Twenty times MNIST.
    const int MostBytes = 1 << 30;

    /// <summary>Reads a file of a known number of dimensions.</summary>
    /// <exception cref="DatasetException">The file cannot be read, is of another format, is cut short or goes on after its end.</exception>
    public static IdxFile Read(string path, int rank)
    {
        var content = DatasetFile.ReadAll(path);
        using var plain = new MemoryStream(content);
        // A gzip file begins with 1F 8B; an idx file begins with zeros.
        if (content is not [0x1f, 0x8b, ..]) return Read(path, rank, plain);
        try
        {
            using var unpacked = new GZipStream(plain, CompressionMode.Decompress);
            return Read(path, rank, unpacked);
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw new DatasetException($"{path}: expected a file packed with gzip, found it damaged: {e.Message}", e);
        }
    }

    static IdxFile Read(string path, int rank, Stream stream)
    {
        var header = new byte[4 + 4 * rank];
        var length = stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        if (length < header.Length || header is not [0, 0, TypeByte, var found, ..] || found != rank)
            throw new DatasetException(
                $"{path}: expected an idx file of bytes in {rank} dimensions, which begins with 00 00 08 {rank:X2}, found {(length < header.Length ? $"{length} bytes" : Convert.ToHexString(header, 0, 4))}");

        var shape = new int[rank];
        long count = 1;
        for (var i = 0; i < rank; i++)
        {
            shape[i] = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4 + 4 * i));
            if (shape[i] <= 0 || (count *= shape[i]) > MostBytes)
                throw new DatasetException($"{path}: expected sizes of at most {MostBytes} bytes in all, found {shape[i]} in dimension {i}");
        }
        var values = ReadUpTo(stream, count + 1);
        return values.Length == count ? new(path, shape, values)
            : throw new DatasetException($"{path}: expected {count} bytes after the header ({string.Join(" × ", shape)}), found {values.Length}{(values.Length > count ? " or more" : "")}");
    }

    /// <summary>Reads a stream, no further than asked for: gzip packs a thousand zeros into a byte. Memory is taken as bytes arrive, since a header may lie.</summary>
    static byte[] ReadUpTo(Stream stream, long most)
    {
        using var content = new MemoryStream();
        var piece = new byte[1 << 16];
        while (content.Length < most && stream.Read(piece, 0, (int)Math.Min(piece.Length, most - content.Length)) is > 0 and var count) content.Write(piece, 0, count);
        return content.ToArray();
    }
}
