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

    /// <summary>Reads a file of a known number of dimensions.</summary>
    /// <exception cref="DatasetException">The file cannot be read, is of another format, is cut short or goes on after its end.</exception>
    public static IdxFile Read(string path, int rank)
    {
        var content = DatasetFile.ReadAll(path);
        // A gzip file begins with 1F 8B; an idx file begins with zeros.
        if (content is [0x1f, 0x8b, ..]) content = Unpack(path, content);
        var header = 4 + 4 * rank;
        if (content.Length < header || content is not [0, 0, TypeByte, var found, ..] || found != rank)
            throw new DatasetException(
                $"{path}: expected an idx file of bytes in {rank} dimensions, which begins with 00 00 08 {rank:X2}, found {(content.Length < header ? $"{content.Length} bytes" : Convert.ToHexString(content, 0, 4))}");

        var shape = new int[rank];
        long count = 1;
        for (var i = 0; i < rank; i++)
        {
            shape[i] = BinaryPrimitives.ReadInt32BigEndian(content.AsSpan(4 + 4 * i));
            if (shape[i] <= 0 || (count *= shape[i]) > Array.MaxLength)
                throw new DatasetException($"{path}: expected sizes that a file can have, found {shape[i]} in dimension {i}");
        }
        if (content.Length - header != count)
            throw new DatasetException($"{path}: expected {count} bytes after the header ({string.Join(" × ", shape)}), found {content.Length - header}");
        return new(path, shape, content[header..]);
    }

    static byte[] Unpack(string path, byte[] packed)
    {
        try
        {
            using var stream = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
            using var unpacked = new MemoryStream();
            stream.CopyTo(unpacked);
            return unpacked.ToArray();
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw new DatasetException($"{path}: expected a file packed with gzip, found it damaged: {e.Message}", e);
        }
    }
}
