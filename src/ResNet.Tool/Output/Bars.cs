using ResNet.Runtime;
using Spectre.Console;

namespace ResNet.Tool.Output;

/// <summary>Shows predictions: as bars on a terminal, else as lines of text.</summary>
static class Bars
{
    const int Width = 72;

    public static void Write(Streams streams, IReadOnlyList<Prediction> predictions)
    {
        if (streams.IsOutTerminal) WriteChart(streams, predictions);
        else
        {
            foreach (var prediction in predictions) streams.Out.WriteLine($"  {prediction}");
        }
    }

    // In a method of its own, so that Spectre.Console is loaded only if there is a terminal.
    static void WriteChart(Streams streams, IReadOnlyList<Prediction> predictions)
    {
        var chart = new BarChart().Width(Width).WithMaxValue(100).UseValueFormatter((value, culture) => value.ToString("F2", culture) + " %");
        foreach (var (prediction, rank) in predictions.Select((prediction, rank) => (prediction, rank)))
            chart.AddItem(Markup.Escape(prediction.Label), prediction.Probability * 100, rank == 0 ? Color.Green : Color.Grey);
        AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(streams.Out) }).Write(chart);
    }
}
