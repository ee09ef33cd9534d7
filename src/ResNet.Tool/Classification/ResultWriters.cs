using System.Globalization;
using ResNet.Tool.Output;

namespace ResNet.Tool.Classification;

/// <summary>Writes what files were classified as, each as it comes.</summary>
abstract class ResultWriter
{
    public abstract void Write(ClassifiedFile file);

    /// <summary>Writes what stands after the last file.</summary>
    public virtual void End()
    {
    }
}

/// <summary>The file's name and a line or a bar per class; of files that cannot be classified, nothing.</summary>
sealed class TextResults(Streams streams) : ResultWriter
{
    public override void Write(ClassifiedFile file)
    {
        if (file.Error is not null) return;
        streams.Out.WriteLine(file.Path);
        Bars.Write(streams, file.Predictions);
    }
}

/// <summary>One JSON object per line and file (https://jsonlines.org).</summary>
sealed class JsonLines(TextWriter output) : ResultWriter
{
    public override void Write(ClassifiedFile file) => ReportContext.WriteLine(output, file.Error is { } error
        ? new ClassifiedLine(file.Path, null, error)
        : new ClassifiedLine(file.Path, ClassifiedAs.Of(file.Predictions), null));
}

/// <summary>One CSV row per file and class, the likeliest first.</summary>
sealed class CsvRows : ResultWriter
{
    readonly TextWriter _output;

    public CsvRows(TextWriter output)
    {
        _output = output;
        output.WriteLine("file,rank,class,label,probability,error");
    }

    public override void Write(ClassifiedFile file)
    {
        if (file.Error is { } error) _output.WriteLine($"{Csv.Field(file.Path)},,,,,{Csv.Field(error)}");
        foreach (var (rank, one) in file.Predictions.Index())
            _output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Csv.Field(file.Path)},{rank + 1},{one.Class},{Csv.Field(one.Label)},{one.Probability},"));
    }
}

/// <summary>One JSON value of all files that can be classified.</summary>
sealed class JsonReport(TextWriter output, string model, string weights, string protocol, string? average) : ResultWriter
{
    readonly List<ClassifiedImage> _images = [];

    public override void Write(ClassifiedFile file)
    {
        if (file.Error is null) _images.Add(new(file.Path, ClassifiedAs.Of(file.Predictions)));
    }

    public override void End() => ReportContext.Write(output, new ClassifyReport(model, weights, protocol, average, _images));
}
