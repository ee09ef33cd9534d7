using System.Text;

namespace ResNet.Runtime.Data.Folders;

/// <summary>A line of a CSV file (RFC 4180).</summary>
static class CsvLine
{
    /// <summary>Splits a line at its commas, those within quotes apart. Spaces around a field do not count.</summary>
    /// <returns>The fields; null if a quote is not closed.</returns>
    public static List<string>? Split(string line)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        var isQuoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '"' && isQuoted && i + 1 < line.Length && line[i + 1] == '"') field.Append(line[i++]);
            else if (line[i] == '"' && isQuoted) isQuoted = false;
            // A quote within a field is a character like others: 5" disk.
            else if (line[i] == '"' && string.IsNullOrWhiteSpace(field.ToString())) isQuoted = true;
            else if (line[i] == ',' && !isQuoted)
            {
                fields.Add(field.ToString().Trim());
                field.Clear();
            }
            else field.Append(line[i]);
        }
        fields.Add(field.ToString().Trim());
        return isQuoted ? null : fields;
    }
}
