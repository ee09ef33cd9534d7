using ResNet.Dsl;
using ResNet.Runtime.Detection.Boxes;
using ResNet.Runtime.Detection.Regions;

namespace ResNet.Runtime.Detection.Training;

/// <summary>
/// Draws what a step learns from in an image. Where each class has proposals of its own, it is drawn for each class that the image shows, with the objects of
/// that class (He et al. 2015, Appendix C); of other classes nothing is learned from the image.
/// </summary>
/// <param name="settings">The sizes and rules by which the detector reads images and regions.</param>
/// <param name="options">The options of training.</param>
sealed class SampleDraw(DetectorSettings settings, DetectionTrainerOptions options)
{
    readonly AnchorSampling _anchors = new() { Draw = new(options.Anchors, 0.5) };
    readonly RegionSampling _regions = new() { Draw = new(options.Regions, 0.25) };

    /// <summary>Draws anchors.</summary>
    /// <param name="scene">The image.</param>
    /// <param name="anchors">All anchors.</param>
    /// <param name="step">Number of the step.</param>
    /// <param name="place">Index of the image among those of the step.</param>
    public AnchorSample Anchors(TrainingScene scene, Box[] anchors, long step, int place)
    {
        return settings.PerClassProposals
            ? AnchorSample.Join([.. Shown(scene).Select(label => (label, Choose(Of(scene, label), $"anchors {label}")))], settings.AnchorsPerPosition, settings.Classes)
            : Choose(scene.Objects, "anchors");

        AnchorSample Choose(IReadOnlyList<ObjectAnnotation> objects, string stream) =>
            _anchors.Choose(anchors, objects, scene.Width, scene.Height, BalancedDraw.Stream(options.Seed, stream, step, place));
    }

    /// <summary>Draws regions.</summary>
    /// <param name="scene">The image.</param>
    /// <param name="propose">Proposes regions for a class, or for all where none has its own.</param>
    /// <param name="step">Number of the step.</param>
    /// <param name="place">Index of the image among those of the step.</param>
    public RegionSample Regions(TrainingScene scene, Func<int?, ScoredBox[]> propose, long step, int place)
    {
        return settings.PerClassProposals
            ? RegionSample.Join([.. Shown(scene).Select(label => (label, Choose(label, Of(scene, label), $"regions {label}")))])
            : Choose(null, scene.Objects, "regions");

        RegionSample Choose(int? label, IReadOnlyList<ObjectAnnotation> objects, string stream) =>
            _regions.Choose(Array.ConvertAll(propose(label), proposal => proposal.Box), objects, BalancedDraw.Stream(options.Seed, stream, step, place));
    }

    /// <summary>The classes of which there is an object to find.</summary>
    static IEnumerable<int> Shown(TrainingScene scene) =>
        scene.Objects.Where(item => !item.Difficult && !item.Crowd).Select(item => item.Label).Distinct().Order();

    static ObjectAnnotation[] Of(TrainingScene scene, int label) => [.. scene.Objects.Where(item => item.Label == label)];
}
