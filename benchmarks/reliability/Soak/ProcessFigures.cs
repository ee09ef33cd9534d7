using System.Diagnostics;
using System.Globalization;
using ResNet.Reports;

namespace ResNet.Reliability.Soak;

/// <summary>The resources that a process holds at a time.</summary>
/// <param name="Minutes">The time since the beginning.</param>
/// <param name="Handles">Open files, sockets and the like: the entries of <c>/proc/PID/fd</c>.</param>
/// <param name="Threads">Its threads.</param>
/// <param name="Megabytes">Its resident memory, in MiB.</param>
readonly record struct Sample(double Minutes, int Handles, int Threads, double Megabytes);

/// <summary>The resources of a process over time, and their growth.</summary>
/// <param name="process">The process' number.</param>
sealed class ProcessFigures(int process)
{
    /// <summary>The growth that is no leak: pools that fill, a collection that is due.</summary>
    const int MoreHandles = 16, MoreThreads = 8;
    const double MoreMemory = 1.1, MoreMegabytes = 16;

    readonly Stopwatch _time = Stopwatch.StartNew();
    readonly List<Sample> _samples = [];

    public void Take()
    {
        var status = File.ReadAllLines($"/proc/{process}/status").Select(line => line.Split(':', 2)).ToDictionary(parts => parts[0], parts => parts[1].Trim());
        lock (_samples)
            _samples.Add(new(
                _time.Elapsed.TotalMinutes, Directory.GetFileSystemEntries($"/proc/{process}/fd").Length,
                int.Parse(status["Threads"], CultureInfo.InvariantCulture), int.Parse(status["VmRSS"].Split(' ')[0], CultureInfo.InvariantCulture) / 1024.0));
    }

    /// <summary>Reports the figures and writes the chart.</summary>
    /// <returns>Whether they are flat: the median of the last quarter is that of the second, except for growth that is no leak.</returns>
    public bool Tell(string title, string? chart, TextWriter output)
    {
        var (before, after) = (Quarter(1), Quarter(3));
        output.WriteLine();
        output.WriteLine("| | second quarter | last quarter |");
        output.WriteLine("|---|---:|---:|");
        foreach (var (name, value) in (ReadOnlySpan<(string, Func<Sample, double>)>)
            [("handles", sample => sample.Handles), ("threads", sample => sample.Threads), ("resident memory, MiB", sample => sample.Megabytes)])
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {Median(before, value):F0} | {Median(after, value):F0} |"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\n{_samples.Count} samples in {_samples[^1].Minutes:F1} minutes"));
        if (chart is not null) File.WriteAllText(chart, Draw(title));
        return Median(after, sample => sample.Handles) <= Median(before, sample => sample.Handles) + MoreHandles
            && Median(after, sample => sample.Threads) <= Median(before, sample => sample.Threads) + MoreThreads
            && Median(after, sample => sample.Megabytes) <= MoreMemory * Median(before, sample => sample.Megabytes) + MoreMegabytes;
    }

    List<Sample> Quarter(int number) => _samples[(number * _samples.Count / 4)..((number + 1) * _samples.Count / 4)];

    static double Median(List<Sample> samples, Func<Sample, double> value) => samples.Select(value).Order().ElementAt(samples.Count / 2);

    string Draw(string title)
    {
        Curve Of(string name, int color, Func<Sample, double> value) => new(name, [.. _samples.Select(sample => new CurvePoint(sample.Minutes, value(sample)))]) { Color = color };
        return new LineChart("soak", title, "minutes", "MiB; number",
        [
            Of("resident memory, MiB", 0, sample => sample.Megabytes), Of("handles", 1, sample => sample.Handles), Of("threads", 2, sample => sample.Threads),
        ]).Draw(title);
    }
}
