using ResNet.Tool.Output;

namespace ResNet.Tool.Detection;

/// <summary>The file's name, that of its drawing, and a line per object; of files that cannot be read, nothing.</summary>
sealed class DetectionText(TextWriter output) : ResultWriter<DetectedFile>
{
    public override void Write(DetectedFile file)
    {
        if (file.Error is not null) return;
        output.WriteLine(file.Drawing is null ? file.Path : $"{file.Path} → {file.Drawing}");
        if (file.Objects.Count == 0) output.WriteLine("  no objects");
        foreach (var found in file.Objects) output.WriteLine($"  {found}");
    }
}

/// <summary>One JSON value of all files that can be read.</summary>
sealed class DetectionJson(TextWriter output, string model, string weights, double threshold) : ResultWriter<DetectedFile>
{
    readonly List<DetectedImage> _images = [];

    public override void Write(DetectedFile file)
    {
        if (file.Error is null) _images.Add(new(file.Path, file.Drawing, [.. file.Objects.Select(FoundObject.Of)]));
    }

    public override void End() => ReportContext.Write(output, new DetectReport(model, weights, threshold, _images));
}
