using System.Globalization;
using ResNet.Runtime.Files;

namespace ResNet.Experiments.Probes;

/// <summary>Numbers that a probe has measured, a row for each layer or unit.</summary>
/// <param name="Columns">The names of the columns.</param>
/// <param name="Rows">The rows.</param>
public sealed record ProbeTable(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<double>> Rows)
{
    /// <summary>The values of a column.</summary>
    public IReadOnlyList<double> this[string column]
    {
        get
        {
            var index = Columns.ToList().IndexOf(column);
            if (index < 0) throw new ArgumentException($"There is no column {column}; there are {string.Join(", ", Columns)}", nameof(column));
            return [.. Rows.Select(row => row[index])];
        }
    }

    /// <summary>Writes the table as comma-separated values.</summary>
    public void Write(string path)
    {
        var lines = Rows.Select(row => string.Join(',', row.Select(value => value.ToString("R", CultureInfo.InvariantCulture))));
        WholeFile.WriteText(path, string.Concat(lines.Prepend(string.Join(',', Columns)).Select(line => line + "\n")));
    }

    /// <summary>Reads what <see cref="Write"/> has written.</summary>
    /// <exception cref="InvalidDataException">It is no such table.</exception>
    public static ProbeTable Read(string path)
    {
        var lines = File.ReadAllLines(path);
        if (lines.Length == 0) throw new InvalidDataException($"{path}: expected a table, found an empty file");
        var columns = lines[0].Split(',');
        return new(columns, [.. lines.Skip(1).Select(line => Row(path, line, columns.Length))]);
    }

    static double[] Row(string path, string line, int columns)
    {
        var cells = line.Split(',');
        var values = cells.Select(cell => double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : (double?)null).ToList();
        return values.Count == columns && values.TrueForAll(value => value is not null)
            ? [.. values.Select(value => value!.Value)]
            : throw new InvalidDataException($"{path}: expected {columns} numbers in a row, found \"{line}\"");
    }
}
