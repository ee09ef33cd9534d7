using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using ResNet.Runtime;

namespace ResNet.Tool.Output;

// The output of --json. Accuracies and probabilities run from 0 to 1.

sealed record ModelReport(string Name, string Description, string Input, long Parameters, long MultiplyAdds, string? Weights);

sealed record SummaryReport(string Model, string Input, string Output, long Parameters, long MultiplyAdds, IReadOnlyList<LayerReport> Layers);

sealed record LayerReport(string Name, string Kind, string Output, long Parameters, long MultiplyAdds);

sealed record ClassifyReport(string Model, string Weights, string Protocol, string? Average, IReadOnlyList<ClassifiedImage> Images);

sealed record ClassifiedImage(string File, IReadOnlyList<ClassifiedAs> Predictions);

sealed record ClassifiedAs(int Class, string Label, float Probability)
{
    public static IReadOnlyList<ClassifiedAs> Of(IEnumerable<Prediction> predictions) => [.. predictions.Select(one => new ClassifiedAs(one.Class, one.Label, one.Probability))];
}

sealed record SimilarReport(string Model, string Index, int Indexed, IReadOnlyList<SimilarImages> Images);

sealed record SimilarImages(string File, IReadOnlyList<SimilarImage> Similar);

sealed record SimilarImage(string File, float Similarity);

/// <summary>One of the lines of <c>--format jsonl</c>.</summary>
sealed record ClassifiedLine(string File, string? Protocol, string? Average, IReadOnlyList<ClassifiedAs>? Predictions, string? Error);

sealed record EvaluateReport(
    string Model, string Weights, string Data, string Protocol, string? Average, string Device, int Batch, int Images, double Top1, double Top5,
    int Top1Images, int Top5Images, int Broken, double Seconds, double ImagesPerSecond);

sealed record ProbeReport(
    string Model, string Weights, string Data, string Probe, int TrainImages, int Images, int Features, double Top1, double Top5);

sealed record BenchReport(
    string Model, string Work, string Device, int Batch, int? Threads, long MultiplyAddsPerImage, double LoadMilliseconds, double FirstPassMilliseconds,
    int WarmUpPasses, int Passes, TimingReport Minimum, TimingReport Median, long PeakMemoryBytes, double PeakGigaFlops,
    IReadOnlyList<LayerTimingReport> Layers, LayerTimingReport Sum, double? UpdateMilliseconds);

sealed record LayerTimingReport(
    string Layer, int Repeats, string Kind, string Output, OperationReport? Forward, OperationReport? InputGradient, OperationReport? WeightGradient);

sealed record OperationReport(double Milliseconds, double? GigaFlops, double? ShareOfPeak, string Algorithm);

sealed record TimingReport(double MillisecondsPerImage, double ImagesPerSecond, double GigaFlops);

sealed record TrainReport(
    string Model, string Folder, string Device, long Steps, int Epochs, int? BestEpoch, double? BestAccuracy, double? LastAccuracy,
    bool Cancelled, bool StoppedEarly, double Seconds);

sealed record ConvertReport(string File, int Tensors, long Bytes, string? NamesOf, int LeftOut);

sealed record ExperimentEntry(string Name, string Title, string Source, string Claim, IReadOnlyList<string> Networks);

sealed record ReproductionReport(string Experiment, string Folder, IReadOnlyList<ReproducedRun> Runs);

sealed record ReproducedRun(string Network, ulong Seed, int Epochs, double? Error);

sealed record DryRunReport(
    string Model, string Data, string Train, string? Validation, int TrainImages, int ValidationImages, IReadOnlyList<ClassReport> Classes, string Input, string Device,
    int Batch, int StepsPerEpoch, int Epochs, long MemoryBytes, double SecondsPerStep, double Seconds, IReadOnlyList<string> Warnings);

sealed record ClassReport(string Name, int Train, int Validation);

[JsonSerializable(typeof(IReadOnlyList<ModelReport>))]
[JsonSerializable(typeof(ConvertReport))]
[JsonSerializable(typeof(DryRunReport))]
[JsonSerializable(typeof(IReadOnlyList<ExperimentEntry>))]
[JsonSerializable(typeof(ReproductionReport))]
[JsonSerializable(typeof(SummaryReport))]
[JsonSerializable(typeof(ClassifyReport))]
[JsonSerializable(typeof(ClassifiedLine))]
[JsonSerializable(typeof(SimilarReport))]
[JsonSerializable(typeof(EvaluateReport))]
[JsonSerializable(typeof(BenchReport))]
[JsonSerializable(typeof(ProbeReport))]
[JsonSerializable(typeof(TrainReport))]
[JsonSerializable(typeof(DetectReport))]
[JsonSerializable(typeof(DetectorSummaryReport))]
[JsonSerializable(typeof(DetectorBenchReport))]
[JsonSerializable(typeof(DetectorEvaluateReport))]
[JsonSerializable(typeof(DetectorTrainReport))]
sealed partial class ReportContext : JsonSerializerContext
{
    static readonly ReportContext _indented = new(Settings(isIndented: true)), _lines = new(Settings(isIndented: false));

    /// <summary>Writes an indented JSON value.</summary>
    public static void Write<T>(TextWriter writer, T report) => Write(writer, report, _indented);

    /// <summary>Writes a JSON value that is one line and leaves out what is null.</summary>
    public static void WriteLine<T>(TextWriter writer, T report) => Write(writer, report, _lines);

    static void Write<T>(TextWriter writer, T report, ReportContext context) =>
        writer.WriteLine(JsonSerializer.Serialize(report, (JsonTypeInfo<T>)context.GetTypeInfo(typeof(T))!));

    static JsonSerializerOptions Settings(bool isIndented) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = isIndented,
        DefaultIgnoreCondition = isIndented ? JsonIgnoreCondition.Never : JsonIgnoreCondition.WhenWritingNull,
        // The output is no part of a web page: file names stay readable.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        // Weights that have diverged give probabilities that are not a number.
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };
}
