using System.Globalization;
using ResNet.Tool.Output;

namespace ResNet.Tool.Classification;

/// <summary>The file's name and a line or a bar per class; of files that cannot be classified, nothing.</summary>
sealed class TextResults(Streams streams) : ResultWriter<ClassifiedFile>
{
    public override void Write(ClassifiedFile file)
    {
        if (file.Error is not null) return;
        streams.Out.WriteLine(file.Path);
        Bars.Write(streams, file.Predictions);
    }
}

/// <summary>One JSON object per line and file (https://jsonlines.org).</summary>
sealed class JsonLines(TextWriter output, Scoring scoring) : ResultWriter<ClassifiedFile>
{
    readonly string? _protocol = scoring.Average is null ? null : scoring.Protocol;

    public override void Write(ClassifiedFile file) => ReportContext.WriteLine(output, file.Error is { } error
        ? new ClassifiedLine(file.Path, null, null, null, error)
        : new ClassifiedLine(file.Path, _protocol, scoring.Average, ClassifiedAs.Of(file.Predictions), null));
}

/// <summary>One CSV row per file and class, the likeliest first.</summary>
sealed class CsvRows : ResultWriter<ClassifiedFile>
{
    readonly TextWriter _output;
    readonly string _cells;

    public CsvRows(TextWriter output, Scoring scoring)
    {
        (_output, _cells) = (output, scoring.Cells);
        output.WriteLine("file,rank,class,label,probability,error" + scoring.Heading);
    }

    public override void Write(ClassifiedFile file)
    {
        if (file.Error is { } error) _output.WriteLine($"{Csv.Field(file.Path)},,,,,{Csv.Field(error)}{_cells}");
        foreach (var (rank, one) in file.Predictions.Index())
            _output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Csv.Field(file.Path)},{rank + 1},{one.Class},{Csv.Field(one.Label)},{one.Probability},{_cells}"));
    }
}

/// <summary>One JSON value of all files that can be classified.</summary>
sealed class JsonReport(TextWriter output, string model, string weights, Scoring scoring) : ResultWriter<ClassifiedFile>
{
    readonly List<ClassifiedImage> _images = [];

    public override void Write(ClassifiedFile file)
    {
        if (file.Error is null) _images.Add(new(file.Path, ClassifiedAs.Of(file.Predictions)));
    }

    public override void End() => ReportContext.Write(output, new ClassifyReport(model, weights, scoring.Protocol, scoring.Average, _images));
}
