namespace ResNet.Tool.Tests;

/// <summary>Cancels when a text is written.</summary>
sealed class WriterThatCancels(string text, CancellationTokenSource cancellation) : StringWriter
{
    public override void WriteLine(string? value)
    {
        base.WriteLine(value);
        if (value!.Contains(text, StringComparison.Ordinal)) cancellation.Cancel();
    }
}
