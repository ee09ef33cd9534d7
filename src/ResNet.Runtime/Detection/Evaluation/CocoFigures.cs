namespace ResNet.Runtime.Detection.Evaluation;

/// <summary>The twelve numbers of COCO's detection challenge, from 0 to 1; null where there is no object to find.</summary>
public sealed record CocoFigures
{
    /// <summary>Average precision, the mean of overlaps of 0.5, 0.55 … 0.95 and of the classes.</summary>
    public required double? AP { get; init; }

    /// <summary>Average precision at an overlap of 0.5.</summary>
    public required double? AP50 { get; init; }

    /// <summary>Average precision at an overlap of 0.75.</summary>
    public required double? AP75 { get; init; }

    /// <summary>Average precision of objects of at most 32² square pixels.</summary>
    public required double? APSmall { get; init; }

    /// <summary>Average precision of objects of 32² to 96² square pixels.</summary>
    public required double? APMedium { get; init; }

    /// <summary>Average precision of objects of at least 96² square pixels.</summary>
    public required double? APLarge { get; init; }

    /// <summary>Recall with one detection per image and class, the mean of overlaps and classes.</summary>
    public required double? AR1 { get; init; }

    /// <summary>Recall with ten detections per image and class.</summary>
    public required double? AR10 { get; init; }

    /// <summary>Recall with a hundred detections per image and class.</summary>
    public required double? AR100 { get; init; }

    /// <summary>Recall of objects of at most 32² square pixels.</summary>
    public required double? ARSmall { get; init; }

    /// <summary>Recall of objects of 32² to 96² square pixels.</summary>
    public required double? ARMedium { get; init; }

    /// <summary>Recall of objects of at least 96² square pixels.</summary>
    public required double? ARLarge { get; init; }
}
