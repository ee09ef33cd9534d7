using System.Globalization;
using ResNet.Tool.Output;

namespace ResNet.Tool.Benchmarking;

/// <summary>A benchmark's report as text: a table of the layers, then the whole.</summary>
static class BenchText
{
    public static void Write(TextWriter output, BenchReport report)
    {
        var isTraining = report.Work == Benchmark.TrainingStep;
        output.WriteLine(Format($"{report.Model}, {report.Work}, batch {report.Batch}, {report.Device}"));
        output.WriteLine(Format($"{report.MultiplyAddsPerImage / 1e9:F2} G multiply-adds per image; the peak of this device is {report.PeakGigaFlops:F0} GF/s"));
        output.WriteLine();
        (isTraining ? TrainingLayers(report) : ForwardLayers(report)).WriteTo(output);
        output.WriteLine();
        if (report.UpdateMilliseconds is { } update) output.WriteLine(Format($"gradient's norm and update {update:F2} ms"));
        output.WriteLine(Format($"made ready in {report.LoadMilliseconds:F0} ms, first {report.FirstPassMilliseconds:F0} ms, peak memory {report.PeakMemoryBytes / 1048576.0:F0} MiB"));
        output.WriteLine(Format($"{report.Passes} {(isTraining ? "steps" : "passes")} after {report.WarmUpPasses} of warm-up"));
        var table = new TextTable(false, true, true, true);
        table.Add("", "ms/image", "images/s", "GF/s");
        foreach (var (name, timing) in new[] { ("minimum", report.Minimum), ("median", report.Median) })
            table.Add(name, Format($"{timing.MillisecondsPerImage:F2}"), Format($"{timing.ImagesPerSecond:F1}"), Format($"{timing.GigaFlops:F0}"));
        table.WriteTo(output);
    }

    public static void Write(TextWriter output, DetectorBenchReport report)
    {
        Write(output, report.Trunk);
        output.WriteLine();
        Write(output, report.Head);
        output.WriteLine();
        output.WriteLine(Format($"a picture with {report.Regions} regions {report.MillisecondsPerPicture:F0} ms, at the medians"));
    }

    static TextTable ForwardLayers(BenchReport report)
    {
        var table = new TextTable(false, false, false, true, true, true, false);
        table.Add("layer", "", "output", "ms/pass", "GF/s", "of peak", "algorithm");
        foreach (var layer in report.Layers) Add(layer, layer.Forward?.Algorithm ?? "");
        Add(report.Sum, "");
        return table;

        void Add(LayerTimingReport layer, string algorithm) =>
            table.Add(NameOf(layer), layer.Kind, layer.Output, Time(layer.Forward), Rate(layer.Forward), Share(layer.Forward), algorithm);
    }

    static TextTable TrainingLayers(BenchReport report)
    {
        var table = new TextTable(false, false, true, true, true, true, true, true, false);
        table.Add("ms/step", "", "forward", "of peak", "input grad.", "of peak", "weight grad.", "of peak", "algorithm");
        foreach (var layer in report.Layers)
        {
            var algorithms = new[] { layer.Forward, layer.InputGradient, layer.WeightGradient }.Select(one => one?.Algorithm ?? "");
            Add(layer, string.Join("; ", algorithms.Where(name => name.Length > 0).Distinct()));
        }
        Add(report.Sum, "");
        return table;

        void Add(LayerTimingReport layer, string algorithm) => table.Add(
            NameOf(layer), layer.Kind, Time(layer.Forward), Share(layer.Forward), Time(layer.InputGradient), Share(layer.InputGradient),
            Time(layer.WeightGradient), Share(layer.WeightGradient), algorithm);
    }

    static string NameOf(LayerTimingReport layer) => layer.Repeats == 1 ? layer.Layer : Format($"{layer.Layer} ×{layer.Repeats}");

    static string Time(OperationReport? operation) => operation is null ? "" : Format($"{operation.Milliseconds:F3}");

    static string Rate(OperationReport? operation) => Format($"{operation?.GigaFlops:F0}");

    static string Share(OperationReport? operation) => operation?.ShareOfPeak is { } share ? Format($"{100 * share:F0} %") : "";

    static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
