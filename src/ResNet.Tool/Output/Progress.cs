using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace ResNet.Tool.Output;

/// <summary>The progress of an activity.</summary>
/// <param name="Done">The part that is done.</param>
/// <param name="Total">Of how much, or null if that is unknown.</param>
/// <param name="Text">The present activity; empty if it is the same as before.</param>
/// <param name="Line">A line that stays.</param>
readonly record struct Step(double Done, double? Total, string Text, string? Line = null);

/// <summary>Shows progress on the error stream: a bar on a terminal, else now and then a line.</summary>
static class Progress
{
    // Beside the longest description, there is no more room on a line of 80 characters.
    const int BarWidth = 10;

    static readonly TimeSpan _timeBetweenLines = TimeSpan.FromSeconds(10);

    public static Task<T> RunAsync<T>(Streams streams, string title, Func<Action<Step>, Task<T>> work) =>
        streams.IsErrorTerminal ? WithBar(streams, title, work) : work(Lines(streams));

    // In a method of its own, so that Spectre.Console is loaded only if there is a terminal.
    static Task<T> WithBar<T>(Streams streams, string title, Func<Action<Step>, Task<T>> work)
    {
        var console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(streams.Error) });
        return console
            .Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = BarWidth }, new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(context =>
            {
                var bar = context.AddTask(Markup.Escape(title));
                bar.IsIndeterminate = true;
                return work(step =>
                {
                    bar.IsIndeterminate = step.Total is null;
                    bar.MaxValue = step.Total ?? double.MaxValue;
                    bar.Value = step.Done;
                    if (step.Text.Length > 0) bar.Description = Markup.Escape(step.Text);
                    if (step.Line is { } line) console.WriteLine(line);
                });
            });
    }

    static Action<Step> Lines(Streams streams)
    {
        var (sinceStart, sinceLast) = (Stopwatch.StartNew(), Stopwatch.StartNew());
        double? first = null;
        return step =>
        {
            first ??= step.Done;
            if (step.Line is { } line) streams.Error.WriteLine(line);
            if (step.Text.Length == 0 || sinceLast.Elapsed < _timeBetweenLines) return;
            sinceLast.Restart();
            streams.Error.WriteLine(step.Text + (step.Total is { } total ? Part(step.Done, total, first.Value, sinceStart.Elapsed) : ""));
        };
    }

    /// <summary>Returns the part that is done, and the time of the rest at the average speed since the start.</summary>
    static string Part(double done, double total, double first, TimeSpan elapsed)
    {
        var left = done > first ? elapsed * ((total - done) / (done - first)) : (TimeSpan?)null;
        return string.Create(CultureInfo.InvariantCulture, $" ({done / total:P0}{(left is { } time ? $", {(int)time.TotalHours}:{time:mm\\:ss} left" : "")})");
    }
}

/// <summary>Reports on the thread that makes progress; the class of the base library of that name does so some time later.</summary>
sealed class DirectProgress<T>(Action<T> report) : IProgress<T>
{
    public void Report(T value) => report(value);
}
