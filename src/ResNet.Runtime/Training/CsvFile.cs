using System.Globalization;
using System.Text;

namespace ResNet.Runtime.Training;

/// <summary>A log whose rows begin with the step and the epoch, and are in their order. A resumed run continues in the same file.</summary>
sealed class CsvFile : IDisposable
{
    readonly StreamWriter _writer;
    (long Step, int Epoch) _last;

    /// <summary>
    /// Opens or creates a file and keeps its rows up to a step. Rows are in order, so only the file's end is dropped: no kept row is written again,
    /// and a process that is killed here loses none.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="header">The names of the columns.</param>
    /// <param name="after">The step; 0 starts anew.</param>
    public CsvFile(string path, string header, long after)
    {
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        try
        {
            file.SetLength(after > 0 ? LengthUpTo(file, after) : 0);
            file.Position = file.Length;
            _writer = new(file) { NewLine = "\n" };
            if (file.Length > 0) return;
            _writer.WriteLine(header);
            _writer.Flush();
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Adds a row, unless the file has it: a run that was killed after this row, and before a checkpoint, makes it again.</summary>
    public void Write(long step, int epoch, FormattableString rest)
    {
        if ((step, epoch) == _last) return;
        _last = (step, epoch);
        _writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{step},{epoch},{rest.ToString(CultureInfo.InvariantCulture)}"));
    }

    /// <summary>Hands all rows to the system.</summary>
    public void Flush() => _writer.Flush();

    /// <summary>Closes the file.</summary>
    public void Dispose() => _writer.Dispose();

    /// <summary>The length in bytes of header and rows up to a step. The last row of a killed run may be incomplete.</summary>
    long LengthUpTo(FileStream file, long after)
    {
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        var length = 0;
        while (bytes.AsSpan(length).IndexOf((byte)'\n') is >= 0 and var end)
        {
            if (length > 0)
            {
                if (!TryParse(Encoding.UTF8.GetString(bytes, length, end), out var row) || row.Step > after) break;
                _last = row;
            }
            length += end + 1;
        }
        return length;
    }

    static bool TryParse(string row, out (long Step, int Epoch) parsed)
    {
        parsed = default;
        return row.Split(',') is [var step, var epoch, ..]
            && long.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out parsed.Step)
            && int.TryParse(epoch, NumberStyles.None, CultureInfo.InvariantCulture, out parsed.Epoch);
    }
}
