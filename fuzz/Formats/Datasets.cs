using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Parquet;
using Parquet.Schema;
using ResNet.Data.Parquet;
using ResNet.Runtime.Data;
using ResNet.Runtime.Data.Cifar;
using ResNet.Runtime.Data.Files;
using ResNet.Runtime.Data.Mnist;
using ResNet.Runtime.Tests.Data;

namespace ResNet.Fuzz.Formats;

/// <summary>Files of labeled images.</summary>
static class Datasets
{
    /// <summary>Tar files, read as a data set of WebDataset's layout and unpacked like a download. A name that the file system refuses is an <see cref="IOException"/>.</summary>
    public static Format Tar { get; } = new("tar", ReadTar, TarSeeds, typeof(DatasetException), typeof(IOException), typeof(PathTooLongException), typeof(DirectoryNotFoundException))
    {
        Words = ["ustar\0" + "00", "ustar  \0", "././@PaxHeader", "././@LongLink", "17 path=0001.png\n", "20 size=1234567890\n", "../", ".cls", ".json", ".png", "{\"label\":"],
    };

    public static Format Idx { get; } = new("idx", ReadIdx, IdxSeeds, typeof(DatasetException));

    public static Format Csv { get; } = new("csv", ReadList, CsvSeeds, typeof(DatasetException))
    {
        Words = ["file_name", "label", "a.png", "b.png", "\"\"", "\r\n", "{\"file_name\":\"a.png\",\"label\":1}", "99999", "-1", "\xef\xbb\xbf"],
    };

    public static Format Cifar { get; } = new("cifar", ReadCifar, CifarSeeds, typeof(DatasetException))
    {
        Words = ["cnumpy.core.multiarray\n_reconstruct\n", "cnumpy\nndarray\n", "cnumpy\ndtype\n", "U\x02u1", "labels", "fine_labels", "data"],
    };

    public static Format Parquet { get; } = new("parquet", ReadParquet, ParquetSeeds, typeof(DatasetException)) { Words = ["PAR1", "huggingface", "ClassLabel", "bytes", "label"] };

    static void ReadTar(byte[] content, string folder)
    {
        Checksums.RepairTar(content);
        try
        {
            Load(WebDataset.Open(Write(folder, "shard.tar", content), DatasetSplit.Train));
        }
        catch (DatasetException)
        {
            // The file is unpacked in any case.
        }
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(content);
        var target = Path.Combine(folder, "unpacked");
        try
        {
            TarArchive.UnpackAsync(Write(folder, "shard.tar.gz", packed.ToArray()), target, default).GetAwaiter().GetResult();
        }
        finally
        {
            if (Directory.Exists(target)) Directory.Delete(target, recursive: true);
        }
    }

    static IEnumerable<byte[]> TarSeeds() =>
        ((TarEntryFormat[])[TarEntryFormat.Pax, TarEntryFormat.Ustar, TarEntryFormat.Gnu, TarEntryFormat.V7]).Select(format =>
        {
            using var stream = new MemoryStream();
            using (var writer = new TarWriter(stream, format, leaveOpen: true))
            {
                Add("0001.cls", "1"u8);
                Add("0001.png", Seeds.Picture());
                Add("train/0002.json", "{\"label\": 0}"u8);
                Add("train/0002.png", Seeds.Picture());

                void Add(string name, ReadOnlySpan<byte> content)
                {
                    TarEntry entry = format switch
                    {
                        TarEntryFormat.Pax => new PaxTarEntry(TarEntryType.RegularFile, name),
                        TarEntryFormat.Gnu => new GnuTarEntry(TarEntryType.RegularFile, name),
                        TarEntryFormat.Ustar => new UstarTarEntry(TarEntryType.RegularFile, name),
                        _ => new V7TarEntry(TarEntryType.V7RegularFile, name),
                    };
                    entry.DataStream = new MemoryStream(content.ToArray());
                    writer.WriteEntry(entry);
                }
            }
            return stream.ToArray();
        });

    static void ReadIdx(byte[] content, string folder)
    {
        var path = Write(folder, "images", content);
        // The caller names the rank, and a file of another one is refused.
        IdxFile.Read(path, content is [_, _, _, 1, ..] ? 1 : 3);
    }

    static IEnumerable<byte[]> IdxSeeds()
    {
        byte[] images = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 2, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], labels = [0, 0, 8, 1, 0, 0, 0, 3, 1, 0, 2];
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true)) gzip.Write(images);
        return [images, labels, packed.ToArray()];
    }

    static void ReadList(byte[] content, string folder)
    {
        foreach (var name in (string[])["a.png", "b.png"])
            if (!File.Exists(Path.Combine(folder, name))) Write(folder, name, Seeds.Picture());
        Load(ImageList.Open(Write(folder, content is [(byte)'{', ..] ? "list.jsonl" : "list.csv", content), DatasetSplit.Train, classes: null));
    }

    static IEnumerable<byte[]> CsvSeeds() => ((string[])
    [
        "a.png,0\nb.png,1\n", "file_name,label\na.png,cat\nb.png,dog\n", "label,note,file_name\r\ncat,\"two\nlines, \"\"quoted\"\"\",a.png\r\n", "a.png,\"polar bear\"\n",
        "{\"file_name\": \"a.png\", \"label\": \"cat\"}\n{\"file_name\": \"b.png\", \"label\": \"dog\"}\n",
    ]).Select(Encoding.UTF8.GetBytes);

    static void ReadCifar(byte[] content, string folder) => CifarFile.Read(Write(folder, "batch.bin", content));

    static IEnumerable<byte[]> CifarSeeds() =>
        [new byte[3073], new byte[3074], .. Enum.GetValues<PickleStyle>().Select(style => PickleWriter.Batch(style, new byte[3072], [7]))];

    static void ReadParquet(byte[] content, string folder) => Load(ParquetDataset.Open(Write(folder, "part.parquet", content), DatasetSplit.Train));

    static IEnumerable<byte[]> ParquetSeeds() => ((CompressionMethod[])[CompressionMethod.None, CompressionMethod.Snappy]).Select(compression =>
    {
        var (image, label) = (new DataField("image", typeof(byte[])), new DataField<long>("label"));
        using var stream = new MemoryStream();
        Write().GetAwaiter().GetResult();
        return stream.ToArray();

        async Task Write()
        {
            await using var writer = await ParquetWriter.CreateAsync(new(image, label), stream, new() { CompressionMethod = compression }).ConfigureAwait(false);
            using var group = writer.CreateRowGroup();
            await group.WriteAsync(image, (byte[][])[Seeds.Picture(), Seeds.Picture()]).ConfigureAwait(false);
            await group.WriteAsync<long>(label, new long[] { 0, 1 }).ConfigureAwait(false);
        }
    });

    static void Load(ImageDataset dataset)
    {
        for (var index = 0; index < dataset.Count; index++) dataset.Load(index);
    }

    static string Write(string folder, string name, byte[] content)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllBytes(path, content);
        return path;
    }
}
