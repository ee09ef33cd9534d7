using System.Text;

namespace ResNet.TileGenerator;

/// <summary>Lines of C#, indented by the braces among them.</summary>
sealed class SourceWriter
{
    readonly StringBuilder _text = new();
    int _indent;

    public void Line(string line = "")
    {
        if (line == "}") _indent--;
        if (line.Length > 0) _text.Append(' ', _indent * 4).Append(line);
        _text.Append('\n');
        if (line == "{") _indent++;
    }

    public override string ToString() => _text.ToString();
}
