using System.Text;

namespace ResNet.Runtime.Data.Folders;

/// <summary>A row of a CSV file (RFC 4180), which takes in line after line until no quote is open. Each character is looked at once, however long a row is.</summary>
/// <param name="number">The number of its first line.</param>
sealed class CsvRow(int number)
{
    readonly List<string> _fields = [];
    readonly StringBuilder _field = new(), _text = new();
    bool _isBlank = true;

    public int Number { get; } = number;

    /// <summary>Whether a quote is not closed: the next line goes on with the field.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>The lines as they are.</summary>
    public string Text => _text.ToString();

    /// <summary>The fields, without the quotes and spaces around them; null if a quote is not closed.</summary>
    public List<string>? Fields => IsOpen ? null : [.. _fields, Field()];

    /// <summary>Takes in a line: the first, or another while a quote is open.</summary>
    public void Add(string line)
    {
        if (IsOpen)
        {
            _text.Append('\n');
            Put('\n');
        }
        _text.Append(line);
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '"' && IsOpen && i + 1 < line.Length && line[i + 1] == '"') Put(line[i++]);
            else if (line[i] == '"' && IsOpen) IsOpen = false;
            // A quote within a field is a character like others: 5" disk.
            else if (line[i] == '"' && _isBlank) IsOpen = true;
            else if (line[i] == ',' && !IsOpen)
            {
                _fields.Add(Field());
                _field.Clear();
                _isBlank = true;
            }
            else Put(line[i]);
        }
    }

    string Field() => _field.ToString().Trim();

    void Put(char character)
    {
        _field.Append(character);
        _isBlank &= char.IsWhiteSpace(character);
    }
}
