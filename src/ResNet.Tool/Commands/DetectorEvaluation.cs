using System.Diagnostics;
using System.Globalization;
using ResNet.Reports;
using ResNet.Runtime;
using ResNet.Runtime.Detection;
using ResNet.Runtime.Detection.Evaluation;
using ResNet.Tool.Output;

namespace ResNet.Tool.Commands;

/// <summary>Evaluates a detector for <c>resnet evaluate</c>.</summary>
/// <param name="name">The detector's name.</param>
/// <param name="weights">The origin of its weights.</param>
/// <param name="detector">The detector.</param>
/// <param name="data">The images.</param>
sealed class DetectorEvaluation(string name, string weights, Detector detector, DetectionDataset data)
{
    /// <summary>Detects and measures, and writes what was found.</summary>
    /// <param name="reportPath">An HTML file for people; null for none.</param>
    /// <param name="asJson">Whether the result is JSON.</param>
    /// <param name="streams">Receive result and progress.</param>
    /// <param name="cancellationToken">Stops between images.</param>
    public async Task RunAsync(string? reportPath, bool asJson, Streams streams, CancellationToken cancellationToken)
    {
        var timer = Stopwatch.StartNew();
        var scenes = await Progress.RunAsync(streams, "Evaluating", report => Task.Run(() => EvaluatedScenes.Of(detector, data,
            new DirectProgress<int>(done => report(new(done, data.Count, $"Evaluated {done} of {data.Count} images"))), cancellationToken), cancellationToken));
        var seconds = timer.Elapsed.TotalSeconds;
        var area = new VocEvaluator(data.Classes).Evaluate(scenes);
        var eleven = new VocEvaluator(data.Classes) { ElevenPoints = true }.Evaluate(scenes);
        var coco = new CocoEvaluator(data.Classes).Evaluate(scenes).Coco!;
        if (reportPath is not null) new DetectionReport { Model = name, Data = data, Scenes = scenes, Result = area }.Write(reportPath);
        var report = new DetectorEvaluateReport(
            name, weights, data.Description, detector.Trunk.Device.Name, scenes.Count, area.MeanAveragePrecision, eleven.MeanAveragePrecision, CocoReport.Of(coco),
            [.. area.Classes.Select(one => new ClassPrecisionReport(one.Name, one.Objects, one.AveragePrecision))], seconds, scenes.Count / seconds);
        if (asJson) ReportContext.Write(streams.Out, report);
        else WriteText(streams.Out, report);
    }

    static void WriteText(TextWriter output, DetectorEvaluateReport report)
    {
        output.WriteLine($"{report.Model} on {report.Data}");
        var figures = new TextTable(false, true, false);
        figures.Add("mAP", Percent(report.Map), "PASCAL VOC, overlap above 0.5, the area below the curve");
        figures.Add("", Percent(report.MapElevenPoints), "PASCAL VOC, overlap above 0.5, eleven points");
        foreach (var (figure, value, text) in Twelve(report.Coco)) figures.Add(figure, Percent(value), text);
        figures.WriteTo(output);
        output.WriteLine();
        var classes = new TextTable(false, true, true);
        classes.Add("class", "objects", "AP");
        foreach (var one in report.Classes) classes.Add(one.Name, one.Objects.ToString(CultureInfo.InvariantCulture), Percent(one.AveragePrecision));
        classes.WriteTo(output);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.Images} images, {report.ImagesPerSecond:F1} images/s, {report.Device}"));
    }

    static (string Name, double? Value, string Text)[] Twelve(CocoReport coco) =>
    [
        ("AP", coco.Ap, "COCO, overlaps of 0.5 to 0.95"),
        ("AP50", coco.Ap50, "COCO, overlap of 0.5"),
        ("AP75", coco.Ap75, "COCO, overlap of 0.75"),
        ("APs", coco.ApSmall, "COCO, objects of at most 32² pixels"),
        ("APm", coco.ApMedium, "COCO, objects of 32² to 96² pixels"),
        ("APl", coco.ApLarge, "COCO, objects of at least 96² pixels"),
        ("AR1", coco.Ar1, "COCO, recall with one detection per image and class"),
        ("AR10", coco.Ar10, "COCO, recall with ten"),
        ("AR100", coco.Ar100, "COCO, recall with a hundred"),
        ("ARs", coco.ArSmall, "COCO, recall of small objects"),
        ("ARm", coco.ArMedium, "COCO, recall of medium objects"),
        ("ARl", coco.ArLarge, "COCO, recall of large objects"),
    ];

    /// <summary>A percentage, or a hyphen if there is no object to find.</summary>
    static string Percent(double? value) => value is { } part ? string.Create(CultureInfo.InvariantCulture, $"{part * 100:F2} %") : "-";
}
