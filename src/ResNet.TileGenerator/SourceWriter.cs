using System.Text;

namespace ResNet.TileGenerator;

/// <summary>Lines of C#, indented by the braces among them.</summary>
sealed class SourceWriter
{
    readonly StringBuilder text = new();
    int indent;

    public void Line(string line = "")
    {
        if (line == "}") indent--;
        if (line.Length > 0) text.Append(' ', indent * 4).Append(line);
        text.Append('\n');
        if (line == "{") indent++;
    }

    public override string ToString() => text.ToString();
}
