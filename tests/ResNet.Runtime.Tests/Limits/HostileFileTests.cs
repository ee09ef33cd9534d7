using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using ResNet.Runtime.Data;
using ResNet.Runtime.Data.Files;
using ResNet.Runtime.Data.Mnist;
using ResNet.Runtime.Tests.Formats;

namespace ResNet.Runtime.Tests.Limits;

/// <summary>Small files that ask for much. Each is refused with its name and the limit, before memory is taken.</summary>
public sealed class HostileFileTests : IDisposable
{
    const long MostAllocated = 16 << 20;

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>The reader of archives would take two gigabytes for the name of an entry, whose header says so in 512 bytes.</summary>
    [Theory]
    [InlineData('x')]
    [InlineData('g')]
    [InlineData('L')]
    [InlineData('K')]
    public async Task Archives_that_declare_names_of_gigabytes(char type)
    {
        var header = Header(type, "17777777777");
        var path = _folder.Write("a.tar", header);
        Refused<DatasetException>(() => WebDataset.Open(path, DatasetSplit.Train), path, "more than 1048576 bytes of name and attributes");
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true)) gzip.Write(header);
        var download = _folder.Write("a.tar.gz", packed.ToArray());
        var error = await Assert.ThrowsAsync<DatasetException>(() => TarArchive.UnpackAsync(download, _folder.File("unpacked"), default));
        Assert.Contains("more than 1048576 bytes of name and attributes", error.Message, StringComparison.Ordinal);
    }

    /// <summary>A size of which a bit says that it is binary may be of any number.</summary>
    [Fact]
    public void Archives_that_declare_names_in_binary() =>
        Refused<DatasetException>(() => WebDataset.Open(_folder.Write("a.tar", Header('L', "\x80\0\0\0\0\0\0\x01\0\0\0")), DatasetSplit.Train), "a.tar", "more than 1048576 bytes of name and attributes");

    [Fact]
    public void Archives_with_a_number_that_is_too_large()
    {
        var path = _folder.Write("a.tar", Header('0', "00000000000", mode: "\x80\x7f\xff\xff\xff\xff\xff\xff"));
        Refused<DatasetException>(() => WebDataset.Open(path, DatasetSplit.Train), path, "found it damaged");
    }

    /// <summary>Contents are passed over, whatever they look like.</summary>
    [Fact]
    public void Archives_within_archives_are_no_headers()
    {
        using var stream = new MemoryStream();
        using (var writer = new TarWriter(stream, TarEntryFormat.Ustar, leaveOpen: true))
            writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, "inner.tar") { DataStream = new MemoryStream(Header('L', "17777777777")) });
        Assert.Equal("inner.tar", Assert.Single(TarArchive.Files(_folder.Write("outer.tar", stream.ToArray()))).Name);
    }

    [Fact]
    public void Packed_files_are_unpacked_no_further_than_their_header_says()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write([0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 28, 0, 0, 0, 28]);
            for (var megabyte = 0; megabyte < 64; megabyte++) gzip.Write(new byte[1 << 20]);
        }
        Refused<DatasetException>(() => IdxFile.Read(_folder.Write("images", packed.ToArray()), rank: 3), "images", "expected 784 bytes after the header (1 × 28 × 28), found 785 or more");
        Refused<DatasetException>(() => IdxFile.Read(_folder.Write("images", [0, 0, 8, 3, 0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 28, 0, 0, 0, 28]), rank: 3), "images", "at most 1073741824 bytes in all");
    }

    /// <summary>Each quote, and each line of a row, once cost as much as the row was long.</summary>
    [Fact]
    public void Rows_cost_what_they_are_long()
    {
        Refused<DatasetException>(() => Open("a.png," + new string('x', 20_000) + new string('"', 20_000)), "list.csv, line 1", "expected the file");
        Refused<DatasetException>(() => Open("\"" + string.Concat(Enumerable.Repeat(new string('x', 500) + "\n", 900))), "list.csv, line 1", "expected a file and its class, found \"\"xxx");

        ImageList Open(string text)
        {
            var list = ImageList.Read(_folder.Write("list.csv", text), classes: null);
            list.Images(DatasetSplit.Train, classes: null);
            return list;
        }
    }

    [Fact]
    public void Messages_show_the_beginning_of_a_long_row()
    {
        var error = Assert.Throws<DatasetException>(() => ImageList.Read(_folder.Write("list.csv", new string(',', 100_000)), classes: null));
        Assert.InRange(error.Message.Length, 200, 1000);
    }

    [Fact]
    public void Annotations_of_many_levels()
    {
        _folder.Write("ImageSets/Main/train.txt", "a\n");
        var deep = string.Concat(Enumerable.Repeat("<a>", 20_000)) + string.Concat(Enumerable.Repeat("</a>", 20_000));
        var path = _folder.Write("Annotations/a.xml", $"<annotation>{deep}</annotation>");
        Refused<DatasetException>(() => VocDataset.Open(_folder.Path, "train"), path, "elements at most 64 deep");
    }

    [Fact]
    public void Annotations_that_are_no_valid_text()
    {
        byte[] bytes = [.. "{\"images\": [{\"file_name\": \""u8, 0xff, .. "\"}]}"u8];
        foreach (var content in (byte[][])[bytes, [.. "{\"\\ud800\": 1}"u8]])
        {
            var path = _folder.Write("instances.json", content);
            Refused<DatasetException>(() => CocoDataset.Open(path), path, "expected JSON, found a mistake");
        }
    }

    /// <summary>A stride of 0 makes of one number as many as the shape says.</summary>
    [Fact]
    public void Weights_that_repeat_a_number_a_billion_times()
    {
        const string size = "J\x30\x75\0\0J\x30\x75\0\0\x86";
        var content = TorchFiles.Zip(TorchFiles.OneTensor("K\x01", "K\0", size, "K\0K\0\x86"), ("0", [1f]));
        Refused<WeightsException>(() => WeightFile.Open(content, "weights.pth"), "weights.pth", "its 900000000 elements repeat those of a smaller storage; expected at most 16777216");
    }

    static void Refused<TException>(Func<object> open, string name, string limit) where TException : Exception
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<TException>(open);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostAllocated);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.Contains(limit, error.Message, StringComparison.Ordinal);
    }

    /// <summary>A header of GNU's or POSIX's archives, with its checksum.</summary>
    static byte[] Header(char type, string size, string mode = "0000644\0")
    {
        var header = new byte[512];
        Put(0, "a");
        Put(100, mode);
        Put(124, size);
        Put(148, "        ");
        header[156] = (byte)type;
        Put(257, type is 'x' or 'g' ? "ustar\0" + "00" : "ustar  \0");
        Put(148, Convert.ToString(header.Sum(value => value), 8).PadLeft(6, '0') + "\0 ");
        return header;

        void Put(int at, string text) => Encoding.Latin1.GetBytes(text).CopyTo(header, at);
    }
}
