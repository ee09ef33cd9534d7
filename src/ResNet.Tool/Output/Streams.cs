namespace ResNet.Tool.Output;

/// <summary>The streams of a command: results to <paramref name="Out"/>, progress and errors to <paramref name="Error"/>.</summary>
/// <param name="Out">For results.</param>
/// <param name="Error">For everything else.</param>
/// <param name="IsOutTerminal">Whether results may be colored.</param>
/// <param name="IsErrorTerminal">Whether progress may be drawn.</param>
sealed record Streams(TextWriter Out, TextWriter Error, bool IsOutTerminal = false, bool IsErrorTerminal = false)
{
    /// <summary>The standard input.</summary>
    public TextReader In { get; init; } = TextReader.Null;

    /// <summary>For what is wrong with a single image or file, which is told even where progress is not.</summary>
    public TextWriter Faults { get; init; } = Error;

    /// <summary>The streams of a process that leaves results and progress to another one.</summary>
    public Streams Silent() => this with { Out = TextWriter.Null, Error = TextWriter.Null, IsOutTerminal = false, IsErrorTerminal = false };

    public static Streams OfProcess()
    {
        // https://no-color.org; a dumb terminal has no cursor to move.
        var isPlain = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
            || Environment.GetEnvironmentVariable("TERM") == "dumb";
        return new(Console.Out, Console.Error, !isPlain && !Console.IsOutputRedirected, !isPlain && !Console.IsErrorRedirected) { In = Console.In };
    }

    /// <summary>Writes an error, which is one line.</summary>
    public void WriteError(string message) => Error.WriteLine(ErrorLine(message));

    /// <summary>An error as one line.</summary>
    public static string ErrorLine(string message) => $"error: {message.ReplaceLineEndings(" ")}";
}
