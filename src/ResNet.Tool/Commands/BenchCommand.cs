using System.CommandLine;
using System.Globalization;
using ResNet.Tool.Output;

namespace ResNet.Tool.Commands;

/// <summary><c>resnet bench</c>: how fast a network is.</summary>
static class BenchCommand
{
    public static Command Create(Streams streams)
    {
        var command = new ToolCommand("bench", "Time the forward pass or the training step, with random weights",
            "resnet bench resnet50",
            "resnet bench resnet18 --batch 8 --threads 1 --seconds 10",
            "resnet bench cifar-resnet20 --train --batch 128",
            "resnet bench resnet50 --batch 64 --device cuda");
        var model = CommonOptions.Model();
        var batch = CommonOptions.Batch(1);
        var seconds = CommonOptions.Number("--seconds", "How long to measure, after a second of warm-up", "S", least: 0.0, most: 3600.0, usual: 5.0);
        var train = new Option<bool>("--train") { Description = "Time the training step: forward, loss, backward, update" };
        var json = CommonOptions.Json();
        command.Add(model);
        command.Add(batch);
        var device = new DeviceOption(command);
        command.Add(seconds);
        command.Add(train);
        command.Add(json);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var on = device.Open(parsed);
            var report = await Progress.RunAsync(streams, "Measuring", _ => Task.Run(() => Benchmark.Run(
                parsed.GetRequiredValue(model), parsed.GetValue(batch), on, parsed.GetValue(seconds), parsed.GetValue(train), cancellation), cancellation));
            if (parsed.GetValue(json)) ReportContext.Write(streams.Out, report);
            else WriteText(streams.Out, report);
        });
        return command;
    }

    static void WriteText(TextWriter output, BenchReport report)
    {
        static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
        output.WriteLine(Format($"{report.Model}, {report.Work}, batch {report.Batch}, {report.Device}"));
        output.WriteLine(Format($"{report.MultiplyAddsPerImage / 1e9:F2} G multiply-adds per image"));
        output.WriteLine(Format($"made ready in {report.LoadMilliseconds:F0} ms, first {report.FirstPassMilliseconds:F0} ms, peak memory {report.PeakMemoryBytes / 1048576.0:F0} MiB"));
        output.WriteLine(Format($"{report.Passes} after {report.WarmUpPasses} of warm-up"));
        var table = new TextTable(false, true, true, true);
        table.Add("", "ms/image", "images/s", "GF/s");
        foreach (var (name, timing) in new[] { ("minimum", report.Minimum), ("median", report.Median) })
            table.Add(name, Format($"{timing.MillisecondsPerImage:F2}"), Format($"{timing.ImagesPerSecond:F1}"), Format($"{timing.GigaFlops:F0}"));
        table.WriteTo(output);
    }
}
