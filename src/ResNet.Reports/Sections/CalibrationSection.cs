using ResNet.Reports.Charts;
using ResNet.Reports.Html;
using ResNet.Runtime.Evaluation;

namespace ResNet.Reports.Sections;

/// <summary>Whether the network is as often right as it claims to be.</summary>
static class CalibrationSection
{
    public static Markup Write(Findings findings)
    {
        var calibration = findings.Calibration;
        if (calibration.ExpectedError is not { } error) return Document.Section("calibration", "Calibration", $"<p>No probability is a number: the weights have diverged.</p>");
        return Document.Section("calibration", "Calibration", $"""
            <p>Of the images that the network is 80 % sure of, 80 % should be right. Accuracy and confidence differ by {error:P2} on average over the images (expected calibration error, {calibration.Bins.Count} bins, Guo et al. 2017) and by {calibration.MaximumError!.Value:P1} at most.{(calibration.Omitted > 0 ? $" {calibration.Omitted} images are left out, whose probability is not a number." : "")}</p>
            <div class="charts">
            <figure>
            {Chart.Inline(ConfidenceCharts.Reliability(calibration), "Reliability diagram: accuracy by confidence; the table below has the values")}
            <figcaption>Reliability: where the bar of confidence stands out above that of accuracy, the network claims too much.</figcaption>
            </figure>
            <figure>
            {Chart.Inline(ConfidenceCharts.Histogram(calibration), "Histogram of confidence, right and wrong answers; the table below has the values")}
            <figcaption>Confidence: how many images are classified with it, rightly and wrongly.</figcaption>
            </figure>
            </div>
            <details>
            <summary>Both as a table</summary>
            {Document.Scrolling("Calibration", $"""
                <table class="numbers">
                <thead><tr><th scope="col">Confidence</th><th scope="col">Images</th><th scope="col">Right</th><th scope="col">Accuracy</th><th scope="col">Mean confidence</th></tr></thead>
                <tbody>
                {calibration.Bins.Select(Row)}</tbody>
                </table>

                """)}</details>
            """);
    }

    static Markup Row(CalibrationBin bin) =>
        $"<tr><th scope=\"row\">{bin.Lower:P0} to {bin.Upper:P0}</th><td>{bin.Images}</td><td>{bin.Right}</td><td>{Findings.Percent(bin.Accuracy)}</td><td>{Findings.Percent(bin.Confidence)}</td></tr>\n";
}
