using ResNet.Runtime.Detection.Evaluation;

namespace ResNet.Runtime.Detection;

/// <summary>The images of a data set with the objects that a detector finds in them, for the evaluators.</summary>
public static class EvaluatedScenes
{
    /// <summary>Detects the objects of all images, one after the other, with every score above <see cref="DetectionOptions.ScoreThreshold"/>.</summary>
    /// <param name="detector">The detector.</param>
    /// <param name="data">Images of the detector's classes.</param>
    /// <param name="progress">Receives the number of images that are done, after each image.</param>
    /// <param name="cancellationToken">Stops between images.</param>
    /// <returns>A scene for each image, in their order.</returns>
    /// <exception cref="ArgumentException">The images have another number of classes than the detector.</exception>
    /// <exception cref="DatasetException">An image cannot be read.</exception>
    /// <exception cref="OperationCanceledException">It was canceled.</exception>
    public static IReadOnlyList<EvaluatedScene> Of(Detector detector, DetectionDataset data, IProgress<int>? progress = null, CancellationToken cancellationToken = default) =>
        Of(detector, data, (image, _) => detector.Detect(image, threshold: 0), progress, cancellationToken);

    /// <summary>
    /// Finds the best box of each class that an image shows, which the caller gives, one image after the other ("oracle" testing; He et al. 2015, Appendix C).
    /// </summary>
    /// <inheritdoc cref="Of(Detector, DetectionDataset, IProgress{int}?, CancellationToken)"/>
    public static IReadOnlyList<EvaluatedScene> Localized(Detector detector, DetectionDataset data, IProgress<int>? progress = null, CancellationToken cancellationToken = default) =>
        Of(detector, data, (image, objects) => detector.Localize(image, [.. objects.Where(item => item is { Crowd: false, Difficult: false }).Select(item => item.Label).Distinct()]), progress, cancellationToken);

    static List<EvaluatedScene> Of(
        Detector detector, DetectionDataset data, Func<Image, IReadOnlyList<ObjectAnnotation>, IReadOnlyList<DetectedObject>> find, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(detector);
        ArgumentNullException.ThrowIfNull(data);
        if (data.Classes.Count != detector.Definition.Settings.Classes)
            throw new ArgumentException($"The detector has {detector.Definition.Settings.Classes} classes, the images {data.Classes.Count}", nameof(data));
        var scenes = new List<EvaluatedScene>(data.Count);
        for (var index = 0; index < data.Count; index++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var objects = data.Objects(index);
            scenes.Add(new(find(data.Load(index), objects), objects));
            progress?.Report(scenes.Count);
        }
        return scenes;
    }
}
