using System.Runtime.CompilerServices;
using Parquet;
using Parquet.Schema;
using ResNet.Runtime;
using ResNet.Runtime.Imaging.Formats;

namespace ResNet.Data.Parquet.Reading;

/// <summary>A row group of images.</summary>
/// <param name="File">Its file.</param>
/// <param name="Number">Its number in the file.</param>
/// <param name="FirstRow">The number of its first row in the file.</param>
/// <param name="Rows">Number of rows.</param>
/// <param name="Bytes">Bytes of its images, as encoded, about.</param>
sealed record ImageBlock(ParquetFile File, int Number, int FirstRow, int Rows, long Bytes);

/// <summary>
/// A Parquet file of labeled images. Its labels are read when it is opened, its images by the row group. No handle stays open between; each reading
/// goes by the file's footer again, which is small beside a row group of images.
/// </summary>
sealed class ParquetFile
{
    // More than a row group can have, and little enough to add up.
    const long MostBytes = 1L << 40;

    readonly ParquetDatasetOptions _options;

    ParquetFile(string path, ParquetDatasetOptions options)
    {
        (Path, _options) = (path, options);
        Rows = Read("", ReadLabels);
    }

    public string Path { get; }

    public int Rows { get; }

    public string ImageColumn { get; private set; } = "";

    public string LabelColumn { get; private set; } = "";

    /// <summary>Names of the classes, where the file has them.</summary>
    public IReadOnlyList<string>? Names { get; private set; }

    /// <summary>The labels, if they are texts.</summary>
    public List<string> Texts { get; } = [];

    /// <summary>The labels, if they are integers.</summary>
    public List<long> Integers { get; } = [];

    public List<ImageBlock> Blocks { get; } = [];

    /// <summary>Opens a file and reads its labels.</summary>
    /// <exception cref="DatasetException">The file cannot be read, is damaged, or has no such columns.</exception>
    // An ahead-of-time compiler knows this feature to be absent, and so leaves Parquet.Net, which makes types at run time, out of the program.
    public static ParquetFile Open(string path, ParquetDatasetOptions options) => RuntimeFeature.IsDynamicCodeSupported ? new(path, options) : throw NeedsJit(path);

    /// <summary>Reads the encoded images of a row group; null where a row has none.</summary>
    /// <exception cref="DatasetException">The file cannot be read or is damaged.</exception>
    public ReadOnlyMemory<byte>?[] Images(ImageBlock block)
    {
        if (!RuntimeFeature.IsDynamicCodeSupported) throw NeedsJit(Path);
        return Read($", rows {block.FirstRow} to {block.FirstRow + block.Rows - 1}, column {ImageColumn}", reader =>
        {
            if (block.Number >= reader.RowGroupCount || RowsOf(reader, block.Number) != block.Rows) throw new DatasetException($"{Path}: the file has changed since it was opened");
            return new ColumnReader(Path, reader.OpenRowGroupReader(block.Number), block.FirstRow).Bytes(ColumnsOf(reader).Image);
        });
    }

    /// <summary>Reads the labels and lists the row groups.</summary>
    /// <returns>The number of rows.</returns>
    int ReadLabels(ParquetReader reader)
    {
        var columns = ColumnsOf(reader);
        (Names, ImageColumn, LabelColumn) = (columns.Names, columns.Image.Path.ToString(), columns.Label.Path.ToString());
        var row = 0;
        for (var number = 0; number < reader.RowGroupCount; number++)
        {
            var group = reader.OpenRowGroupReader(number);
            // Only as true as the file.
            var bytes = Math.Clamp(group.GetMetadata(columns.Image)?.MetaData?.TotalUncompressedSize ?? 0, 0, MostBytes);
            var block = new ImageBlock(this, number, row, RowsOf(reader, number), bytes);
            var column = new ColumnReader(Path, group, row);
            if (ImageColumns.IsText(columns.Label)) Texts.AddRange(column.Texts(columns.Label));
            else Integers.AddRange(column.Integers(columns.Label));
            Blocks.Add(block);
            row = checked(row + block.Rows);
        }
        return row;
    }

    ImageColumns ColumnsOf(ParquetReader reader) => ImageColumns.Find(Path, reader.Schema.Fields, HubFeatures.Read(Path, reader.CustomMetadata), _options);

    /// <summary>The rows of a group: a number that follows from nothing but the footer, for which arrays are made.</summary>
    int RowsOf(ParquetReader reader, int group)
    {
        var rows = reader.OpenRowGroupReader(group).RowCount;
        return rows >= 0 && rows <= new FileInfo(Path).Length
            ? (int)rows
            : throw new DatasetException($"{Path}: expected at most as many rows as the file has bytes, found {rows} in row group {group}");
    }

    /// <summary>Opens the file for one reading.</summary>
    /// <param name="place">The part that is read, for messages.</param>
    /// <param name="read">The reading.</param>
    T Read<T>(string place, Func<ParquetReader, T> read)
    {
        try
        {
            using var file = new SynchronousFile(Path);
            return read(ParquetReader.CreateAsync(file).GetAwaiter().GetResult());
        }
        catch (DatasetException)
        {
            throw;
        }
        catch (FileNotFoundException e)
        {
            throw new DatasetException($"{Path}: there is no such file", e);
        }
#pragma warning disable CA1031 // a damaged file makes the reader fail in any way, also by asking for arrays that there are not
        catch (Exception e)
#pragma warning restore CA1031
        {
            throw new DatasetException($"{Path}{place}: expected a Parquet file, found {Found() ?? $"it damaged or unreadable: {e.Message}"}", e);
        }
    }

    static DatasetException NeedsJit(string path) => new(
        $"{path}: expected a data set that a program compiled ahead of time can read, found a Parquet file, whose reader needs the JIT; publish without PublishAot");

    /// <summary>The kind of a file that does not begin as Parquet does, as a pointer of Git LFS; null for one that does, or cannot be read.</summary>
    string? Found()
    {
        try
        {
            using var file = File.OpenRead(Path);
            var start = new byte[256];
            var count = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
            return start.AsSpan().StartsWith("PAR1"u8) ? null : ForeignFile.Describe(start.AsSpan(0, count));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
