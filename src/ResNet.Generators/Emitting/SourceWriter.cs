using System.Text;

namespace ResNet.Generators.Emitting;

/// <summary>Text with indentation and lines that end in LF on every system.</summary>
sealed class SourceWriter
{
    readonly StringBuilder _text = new();
    int _indentation;

    /// <summary>Writes lines; the newlines of raw string literals are this project's, LF.</summary>
    public SourceWriter Lines(string text)
    {
        foreach (var line in text.Split('\n')) Line(line);
        return this;
    }

    public SourceWriter Line(string text = "")
    {
        if (text.Length > 0) _text.Append(' ', 4 * _indentation).Append(text);
        _text.Append('\n');
        return this;
    }

    /// <summary>Writes statements with their comments in a column of its own.</summary>
    public SourceWriter Commented(IReadOnlyCollection<(string Code, string Comment)> lines)
    {
        var column = lines.Count == 0 ? 0 : lines.Max(line => line.Code.Length);
        foreach (var (code, comment) in lines)
            Line(comment.Length == 0 ? code : code.PadRight(column) + "  // " + comment);
        return this;
    }

    public SourceWriter Indent()
    {
        _indentation++;
        return this;
    }

    public SourceWriter Unindent()
    {
        _indentation--;
        return this;
    }

    public SourceWriter Open() => Line("{").Indent();

    public SourceWriter Close() => Unindent().Line("}");

    public override string ToString() => _text.ToString();
}
