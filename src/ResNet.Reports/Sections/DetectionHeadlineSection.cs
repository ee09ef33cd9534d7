using ResNet.Reports.Html;
using ResNet.Runtime.Detection.Evaluation;

namespace ResNet.Reports.Sections;

/// <summary>The figures of a detector that are asked for first.</summary>
static class DetectionHeadlineSection
{
    public static Markup Write(DetectionFindings findings)
    {
        var result = findings.Result;
        var objects = result.Found.Count + result.Missed.Count;
        return $"""
            <header>
            <p class="kicker">Detection report</p>
            <h1>{findings.Model}</h1>
            <p class="data">{findings.Data.Description}</p>
            <p class="muted" id="measure">{result.Measure}</p>
            <p class="muted"><time datetime="{findings.Date:yyyy-MM-ddTHH:mm:sszzz}">{findings.Date:yyyy-MM-dd HH:mm}</time></p>
            </header>
            <dl class="cards">
            {Card("map", "mAP", Findings.Percent(result.MeanAveragePrecision), $"the mean of {result.Classes.Count(entry => entry.AveragePrecision is not null)} classes")}
            {Card("found", "Objects found", $"{result.Found.Count}", $"of {objects} in {result.Images} images, by detections of any score")}
            {Card("background", "On background", $"{result.Background.Count}", $"detections of any score that lie on no object of their class, or on too little of it")}
            {Card("duplicates", "Duplicates", $"{result.Duplicates.Count}", $"detections of an object that was found already")}
            </dl>
            {(result.Coco is { } coco ? Twelve(coco) : default)}
            """;
    }

    static Markup Card(string id, string name, Markup value, Markup note) => $"""
        <div><dt>{name}</dt><dd id="{id}" class="figure">{value}</dd><dd class="muted">{note}</dd></div>

        """;

    static Markup Twelve(CocoFigures coco) => Document.Section("coco", "COCO's twelve numbers", Document.Scrolling("COCO's twelve numbers", $"""
        <table class="numbers">
        <thead><tr><th scope="col"></th><th scope="col">all</th><th scope="col">small</th><th scope="col">medium</th><th scope="col">large</th><th scope="col">overlap 0.5</th><th scope="col">overlap 0.75</th><th scope="col">1 detection</th><th scope="col">10 detections</th></tr></thead>
        <tbody>
        <tr><th scope="row">Average precision</th>{Cells(coco.AP, coco.APSmall, coco.APMedium, coco.APLarge, coco.AP50, coco.AP75)}<td></td><td></td></tr>
        <tr><th scope="row">Average recall</th>{Cells(coco.AR100, coco.ARSmall, coco.ARMedium, coco.ARLarge)}<td></td><td></td>{Cells(coco.AR1, coco.AR10)}</tr>
        </tbody>
        </table>

        """));

    static Markup Cells(params ReadOnlySpan<double?> values)
    {
        var cells = new List<Markup>();
        foreach (var value in values) cells.Add($"<td>{Findings.Percent(value)}</td>");
        return $"{cells}";
    }
}
