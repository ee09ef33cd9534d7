using Parquet;
using Parquet.Schema;

namespace ResNet.Formats.Tests.Parquet;

/// <summary>Writes files as the hub's are: a struct of bytes and path, and labels.</summary>
static class ParquetFiles
{
    public const string Hub = """
        {"info": {"features": {"img": {"_type": "Image"}, "label": {"names": ["cat", "dog", "polar bear"], "_type": "ClassLabel"}}}}
        """;

    /// <summary>Writes a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="images">Encoded images; null for none.</param>
    /// <param name="labels">Labels; null for none.</param>
    /// <param name="rows">Rows of a group.</param>
    /// <param name="hub">The hub's metadata; null for none.</param>
    /// <param name="compression">Compression of pages.</param>
    public static string Write(string path, byte[]?[] images, long?[] labels, int rows = 1000, string? hub = Hub, CompressionMethod compression = CompressionMethod.Snappy)
    {
        var (bytes, name, label) = (new DataField("bytes", typeof(byte[]), isNullable: true), new DataField("path", typeof(string), isNullable: true), new DataField<long?>("label"));
        Write(path, new(new StructField("img", bytes, name), label), images.Length, rows, hub, compression, async (group, first, count) =>
        {
            await group.WriteAsync(bytes, images[first..(first + count)]);
            await group.WriteAsync(name, Enumerable.Repeat<string?>(null, count).ToArray());
            await group.WriteAsync<long>(label, labels.AsMemory(first, count));
        });
        return path;
    }

    /// <summary>Writes a file of any columns.</summary>
    public static void Write(string path, ParquetSchema schema, int count, int rows, string? hub, CompressionMethod compression, Func<ParquetRowGroupWriter, int, int, Task> write)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var stream = File.Create(path);
        Write(stream).GetAwaiter().GetResult();

        async Task Write(Stream stream)
        {
            await using var writer = await ParquetWriter.CreateAsync(schema, stream, new() { CompressionMethod = compression });
            if (hub is not null) writer.CustomMetadata = new Dictionary<string, string> { ["huggingface"] = hub };
            for (var first = 0; first < count; first += rows)
            {
                using var group = writer.CreateRowGroup();
                await write(group, first, Math.Min(rows, count - first));
            }
        }
    }
}
