using ResNet.Reports.Html;
using ResNet.Reports.Sections;
using ResNet.Runtime;
using ResNet.Runtime.Detection.Evaluation;
using ResNet.Runtime.Files;

namespace ResNet.Reports;

/// <summary>
/// The result of an evaluation of a detector, for people: one self-contained HTML file. It shows average precision by class, curves of precision and
/// recall, sizes of found and missed objects, and the worst mistakes as pictures.
/// </summary>
public sealed record DetectionReport
{
    /// <summary>The name of the detector.</summary>
    public required string Model { get; init; }

    /// <summary>The images; those of the worst mistakes are read again.</summary>
    public required DetectionDataset Data { get; init; }

    /// <summary>The detections and the truth of each image of <see cref="Data"/>, as they were evaluated.</summary>
    public required IReadOnlyList<EvaluatedScene> Scenes { get; init; }

    /// <summary>The result, of PASCAL VOC's measure or of COCO's.</summary>
    public required DetectionResult Result { get; init; }

    /// <summary>When the evaluation was made.</summary>
    public DateTimeOffset Date { get; init; } = DateTimeOffset.Now;

    /// <summary>Writes the report to a file.</summary>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <exception cref="InvalidOperationException">Images, scenes and result are not as many.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Write(string path) => WholeFile.WriteText(path, Page().ToString());

    /// <summary>Writes the report as an HTML document.</summary>
    /// <param name="writer">Receives the document.</param>
    /// <exception cref="InvalidOperationException">Images, scenes and result are not as many.</exception>
    public void Write(TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(Page().ToString());
    }

    Markup Page()
    {
        if (Result.Images != Scenes.Count || Result.Images > Data.Count)
            throw new InvalidOperationException($"The report needs the scenes of all {Result.Images} images that were evaluated, found {Scenes.Count} scenes of {Data.Count} images");
        var findings = new DetectionFindings(Model, Data, Scenes, Result, Date);
        return Document.Write($"{Model} on {Data.Description}",
        [
            DetectionHeadlineSection.Write(findings),
            PrecisionSection.Write(findings),
            ObjectSizeSection.Write(findings),
            WrongBoxSection.Write(findings),
        ]);
    }
}
