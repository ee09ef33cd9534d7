using ResNet.Runtime;
using ResNet.Runtime.Detection.Evaluation;
using ResNet.Runtime.Detection.Training;

namespace ResNet.Tool.Output;

// The output of --json for detectors. Scores, precisions and recalls run from 0 to 1, boxes are in pixels of the picture.

/// <summary>Both networks, and what a picture costs with some regions.</summary>
sealed record DetectorSummaryReport(
    string Model, int Classes, SummaryReport Trunk, SummaryReport Head, long Parameters, int Regions, long MultiplyAdds);

/// <summary>Both networks, and what a picture takes with some regions, at the medians.</summary>
sealed record DetectorBenchReport(string Model, BenchReport Trunk, BenchReport Head, int Regions, double MillisecondsPerPicture);

sealed record DetectReport(string Model, string Weights, double Threshold, IReadOnlyList<DetectedImage> Images);

sealed record DetectedImage(string File, string? Drawing, IReadOnlyList<FoundObject> Objects);

sealed record FoundObject(int Class, string Label, double Score, FoundBox Box)
{
    public static FoundObject Of(DetectedObject found) => new(found.Label, found.Name, found.Score, new(found.Box.X1, found.Box.Y1, found.Box.X2, found.Box.Y2));
}

sealed record FoundBox(double X1, double Y1, double X2, double Y2);

sealed record DetectorEvaluateReport(
    string Model, string Weights, string Data, string Device, int Images, double? Map, double? MapElevenPoints, CocoReport Coco,
    IReadOnlyList<ClassPrecisionReport> Classes, double Seconds, double ImagesPerSecond);

/// <summary>COCO's twelve numbers.</summary>
sealed record CocoReport(
    double? Ap, double? Ap50, double? Ap75, double? ApSmall, double? ApMedium, double? ApLarge,
    double? Ar1, double? Ar10, double? Ar100, double? ArSmall, double? ArMedium, double? ArLarge)
{
    public static CocoReport Of(CocoFigures coco) => new(
        coco.AP, coco.AP50, coco.AP75, coco.APSmall, coco.APMedium, coco.APLarge, coco.AR1, coco.AR10, coco.AR100, coco.ARSmall, coco.ARMedium, coco.ARLarge);
}

sealed record ClassPrecisionReport(string Name, int Objects, double? AveragePrecision);

sealed record DetectorTrainReport(
    string Model, string Folder, string Device, long Steps, int Epochs, int? BestEpoch, double? BestMap, double? LastMap, DetectionLosses? LastLosses,
    bool Cancelled, double Seconds, IReadOnlyList<string> Drawings);
