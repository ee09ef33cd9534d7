namespace ResNet.Tool.Output;

/// <summary>Comma-separated values.</summary>
static class Csv
{
    /// <summary>A field, quoted where it has to be (RFC 4180).</summary>
    public static string Field(string text) => text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"")}\"";
}
