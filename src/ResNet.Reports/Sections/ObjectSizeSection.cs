using ResNet.Reports.Charts;
using ResNet.Reports.Html;

namespace ResNet.Reports.Sections;

/// <summary>Whether small objects are missed.</summary>
static class ObjectSizeSection
{
    public static Markup Write(DetectionFindings findings)
    {
        var sizes = ObjectSizes.Of(findings.Result);
        if (sizes.Count == 0) return default;
        return Document.Section("sizes", "Sizes", $"""
            <p>Objects by the side of a square as large as their box, those that were found and those that were missed.</p>
            <div class="charts">
            <figure>
            {Chart.Inline(DetectionCharts.Sizes(sizes), "Found and missed objects by size; the table below has the values")}
            <figcaption>Found and missed objects by size, in pixels of the picture.</figcaption>
            </figure>
            </div>
            {Document.Scrolling("Sizes", $"""
                <table class="numbers">
                <thead><tr><th scope="col">Side in pixels</th><th scope="col">Found</th><th scope="col">Missed</th><th scope="col">Found of all</th></tr></thead>
                <tbody>
                {sizes.Select(Row)}</tbody>
                </table>

                """)}
            """);
    }

    static Markup Row(ObjectSizes sizes) =>
        $"<tr><th scope=\"row\">{sizes.Least} to {2 * sizes.Least}</th><td>{sizes.Found}</td><td>{sizes.Missed}</td><td>{Findings.Percent(sizes.Found + sizes.Missed > 0 ? (double)sizes.Found / (sizes.Found + sizes.Missed) : null)}</td></tr>\n";
}
