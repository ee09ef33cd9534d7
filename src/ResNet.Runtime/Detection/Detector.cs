using ResNet.Dsl;
using ResNet.Runtime.Detection;
using ResNet.Runtime.Detection.Boxes;
using ResNet.Runtime.Detection.Data;

namespace ResNet.Runtime;

/// <summary>
/// Finds objects in pictures (Ren et al. 2015, "Faster R-CNN"; He et al. 2015, Appendix A): a trunk yields feature maps and proposes regions, a
/// head classifies the regions and corrects their boxes. A class under <c>[FasterRcnn]</c> or <c>[Detector]</c> derives from it in its generated part;
/// <see cref="Create"/> makes a detector of a definition that is known only at run time. Each picture is computed by itself and without padding, so that
/// no result depends on other pictures. Its methods may be called from several threads at once.
/// </summary>
public abstract partial class Detector : IDisposable
{
    readonly DetectorPass _pass;
    IReadOnlyList<string>? _labels;

    /// <summary>Creates a detector of its two networks, which it disposes.</summary>
    /// <param name="name">Name of the detector, for people.</param>
    /// <param name="trunk">From an image to feature maps and the region proposal network's map.</param>
    /// <param name="head">From regions to classes and boxes.</param>
    /// <param name="settings">The sizes and rules by which it reads images and regions.</param>
    protected Detector(string name, Network trunk, Network head, DetectorSettings settings)
    {
        ArgumentNullException.ThrowIfNull(trunk);
        ArgumentNullException.ThrowIfNull(head);
        ArgumentNullException.ThrowIfNull(settings);
        (Trunk, Head, Definition) = (trunk, head, new(name, trunk.Definition, head.Definition, settings));
        DetectorInitializer.Initialize(trunk);
        DetectorInitializer.Initialize(head);
        _pass = new(trunk, head, settings);
        Options = new() { Size = new(settings.ShorterSide, settings.LongerSide) };
    }

    /// <summary>Creates a detector whose programs are planned at run time: the same operations, bits and memory as of a compiled one.</summary>
    /// <param name="definition">The detector.</param>
    /// <param name="device">The device; <see cref="CpuDevice.Shared"/> by default.</param>
    /// <exception cref="NetworkException">The definition was not made by a builder, and one of its networks is none.</exception>
    public static Detector Create(DetectorDefinition definition, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(definition);
        definition.Validate();
        return new PlannedDetector(definition, device);
    }

    /// <summary>The two networks and the settings that the class was compiled from.</summary>
    public DetectorDefinition Definition { get; }

    /// <summary>From an image to feature maps and the region proposal network's map.</summary>
    public Network Trunk { get; }

    /// <summary>From regions to classes and boxes.</summary>
    public Network Head { get; }

    /// <summary>The options of the search; may be changed between calls.</summary>
    public DetectionOptions Options
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    }

    /// <summary>One name per class, without the background: those that the program has set, or those that came with the weights, or else <c>class 0</c>, <c>class 1</c> …</summary>
    /// <exception cref="ArgumentException">The number of names is not the number of classes.</exception>
    public IReadOnlyList<string> Labels
    {
        get => _labels ??= [.. Enumerable.Range(0, Definition.Settings.Classes).Select(index => $"class {index}")];
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            if (value.Count != Definition.Settings.Classes)
                throw new ArgumentException($"There are {value.Count} names for {Definition.Settings.Classes} classes", nameof(value));
            _labels = value;
        }
    }

    /// <summary>Finds the objects of a picture.</summary>
    /// <param name="image">A picture of any size.</param>
    /// <param name="threshold">Least score of an object, from 0 to 1.</param>
    /// <returns>The objects, the best first, their boxes in the picture's pixels.</returns>
    public IReadOnlyList<DetectedObject> Detect(Image image, double threshold = 0.5)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (!(threshold is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "A score is from 0 to 1");
        var options = Options;
        return [.. RegionClassifier.Select(_pass.FindCandidates(image, options), options).Where(found => found.Score >= threshold).Select(Name)];
    }

    /// <summary>Finds the objects of pictures, which may be of different sizes.</summary>
    /// <param name="images">The pictures.</param>
    /// <param name="threshold">Least score of an object, from 0 to 1.</param>
    /// <param name="cancellationToken">Stops between pictures.</param>
    /// <returns>For each picture what <see cref="Detect(Image, double)"/> finds, to the bit.</returns>
    /// <exception cref="OperationCanceledException">It was canceled.</exception>
    public IReadOnlyList<IReadOnlyList<DetectedObject>> Detect(IReadOnlyList<Image> images, double threshold = 0.5, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        var found = new List<IReadOnlyList<DetectedObject>>(images.Count);
        foreach (var image in images)
        {
            cancellationToken.ThrowIfCancellationRequested();
            found.Add(Detect(image, threshold));
        }
        return found;
    }

    /// <summary>Finds where a picture shows classes that it is known to show (He et al. 2015, Appendix C, "ImageNet Localization").</summary>
    /// <param name="image">A picture of any size.</param>
    /// <param name="labels">Indices of the classes.</param>
    /// <returns>The best box of each class, in their order and in the picture's pixels, however small its score is. A class without any box is left out.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    /// <exception cref="InvalidOperationException">Proposals alone are asked for, and those of the detector name no class.</exception>
    public IReadOnlyList<DetectedObject> Localize(Image image, params IReadOnlyList<int> labels)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(labels);
        foreach (var label in labels)
            if ((uint)label >= Definition.Settings.Classes) throw new ArgumentOutOfRangeException(nameof(labels), label, $"There are {Definition.Settings.Classes} classes, from 0 on");
        var options = Options with { ScoreThreshold = double.NegativeInfinity, Most = 1 };
        var byLabel = _pass.FindCandidates(image, options, labels).ToLookup(candidate => candidate.Label);
        return [.. labels.SelectMany(label => RegionClassifier.Select([.. byLabel[label]], options)).Select(Name)];
    }

    /// <inheritdoc cref="Localize(Image, IReadOnlyList{int})"/>
    // C# before 13 and other languages list arguments for arrays alone.
    public IReadOnlyList<DetectedObject> Localize(Image image, params int[] labels) => Localize(image, (IReadOnlyList<int>)labels);

    /// <summary>The two networks at work.</summary>
    internal DetectorPass Pass => _pass;

    /// <summary>Releases both networks.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what the detector holds.</summary>
    /// <param name="disposing">Whether <see cref="Dispose()"/> was called.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing) return;
        _pass.Dispose();
        Trunk.Dispose();
        Head.Dispose();
    }

    internal DetectedObject Name(ScoredBox found) => new(found.Label, Labels[found.Label], found.Score, found.Box);
}
