namespace ResNet.Runtime.Detection.Evaluation;

/// <summary>An image: the objects that a detector found in it, and those that are there.</summary>
/// <param name="Found">The detections, in any order.</param>
/// <param name="Truth">The true objects.</param>
public sealed record EvaluatedScene(IReadOnlyList<DetectedObject> Found, IReadOnlyList<ObjectAnnotation> Truth);

/// <summary>Recall and precision of all detections down to one.</summary>
/// <param name="Score">The score of that detection.</param>
/// <param name="Recall">The part of the objects that are found, from 0 to 1.</param>
/// <param name="Precision">The part of the detections that are right, from 0 to 1.</param>
public readonly record struct PrecisionPoint(double Score, double Recall, double Precision);

/// <summary>The average precision and the curve of a class.</summary>
/// <param name="Label">The class's index.</param>
/// <param name="Name">Its name.</param>
/// <param name="Objects">Number of objects that count.</param>
/// <param name="AveragePrecision">The area below the curve by the rules of the measure, from 0 to 1; null where there is no object.</param>
/// <param name="Curve">A point per detection, in order of falling score; empty where there is no object.</param>
public sealed record ClassPrecision(int Label, string Name, int Objects, double? AveragePrecision, IReadOnlyList<PrecisionPoint> Curve);

/// <summary>A true object.</summary>
/// <param name="Image">Index of its image.</param>
/// <param name="Object">The object.</param>
public readonly record struct SceneObject(int Image, ObjectAnnotation Object);

/// <summary>A detection.</summary>
/// <param name="Image">Index of its image.</param>
/// <param name="Detection">The detection.</param>
public readonly record struct SceneDetection(int Image, DetectedObject Detection);

/// <summary>The result of an evaluation of detections.</summary>
public sealed record DetectionResult
{
    /// <summary>The measure and its settings, in a few words.</summary>
    public required string Measure { get; init; }

    /// <summary>Number of images.</summary>
    public required int Images { get; init; }

    /// <summary>The classes, by index. Curves of COCO's measure are those of an overlap of 0.5.</summary>
    public required IReadOnlyList<ClassPrecision> Classes { get; init; }

    /// <summary>The objects that were found, class by class. Of COCO's measure, at an overlap of 0.5, as in the lists below.</summary>
    public required IReadOnlyList<SceneObject> Found { get; init; }

    /// <summary>The objects that were not found, class by class; neither difficult ones nor crowds that do not count.</summary>
    public required IReadOnlyList<SceneObject> Missed { get; init; }

    /// <summary>Detections of an object that was found already, in order of falling score.</summary>
    public required IReadOnlyList<SceneDetection> Duplicates { get; init; }

    /// <summary>Detections that overlap no object of their class enough, in order of falling score.</summary>
    public required IReadOnlyList<SceneDetection> Background { get; init; }

    /// <summary>COCO's twelve numbers; null of another measure.</summary>
    public CocoFigures? Coco { get; init; }

    /// <summary>mAP: the mean over the classes that have objects; null where none has.</summary>
    public double? MeanAveragePrecision => Classes.Average(entry => entry.AveragePrecision);
}
