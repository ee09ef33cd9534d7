namespace ResNet.Dsl;

/// <summary>
/// A two-stage detector (Ren et al. 2015, "Faster R-CNN"): two networks that share nothing but feature maps. The trunk yields them,
/// and the region proposal network's map; the head classifies regions of them and corrects their boxes.
/// </summary>
/// <param name="Name">Name of the detector, for people.</param>
/// <param name="Trunk">From an image to <see cref="FeaturesOutput"/>, <see cref="ObjectnessOutput"/> and <see cref="DeltasOutput"/>.</param>
/// <param name="Head">From a region of the feature maps to <see cref="ClassesOutput"/> and <see cref="BoxesOutput"/>.</param>
/// <param name="Settings">The sizes and rules by which it reads images and regions.</param>
public sealed record DetectorDefinition(string Name, NetworkDefinition Trunk, NetworkDefinition Head, DetectorSettings Settings)
{
    /// <summary>The trunk's output of feature maps.</summary>
    public const string FeaturesOutput = "features";

    /// <summary>The trunk's output of a logit for each anchor, one channel for each anchor of a position: sizes within ratios, and these within classes where each class has proposals of its own.</summary>
    public const string ObjectnessOutput = "objectness";

    /// <summary>The trunk's output of box corrections, four channels (dx, dy, dw, dh) for each anchor of a position.</summary>
    public const string DeltasOutput = "deltas";

    /// <summary>The head's input as an output, by which training passes gradients on to the trunk.</summary>
    public const string RegionsOutput = "regions";

    /// <summary>The head's output of logits: the background, then the classes.</summary>
    public const string ClassesOutput = "cls_score";

    /// <summary>The head's output of box corrections: dx, dy, dw, dh of the background, which mean nothing, then of each class.</summary>
    public const string BoxesOutput = "bbox_pred";

    /// <summary>Of a head with global context, what the whole image's features add to <see cref="ClassesOutput"/>.</summary>
    public const string ContextClassesOutput = "context_cls_score";

    /// <summary>Of a head with global context, what the whole image's features add to <see cref="BoxesOutput"/>.</summary>
    public const string ContextBoxesOutput = "context_bbox_pred";

    /// <summary>Holds a detector that no attribute has composed, such as one from a file, to the rules of its networks and settings.</summary>
    /// <exception cref="NetworkException">A network is none, an output is missing, or networks and settings do not fit each other.</exception>
    public void Validate()
    {
        Trunk.Validate();
        Head.Validate();
        Settings.Validate();
        var (features, anchors, columns) = (FeatureMaps, Settings.ScoresPerPosition, Settings.Classes + 1);
        Require(Find(Trunk, ObjectnessOutput) == features with { Channels = anchors }, ObjectnessOutput, $"has not a channel for each of {anchors} anchors");
        Require(Find(Trunk, DeltasOutput) == features with { Channels = 4 * anchors }, DeltasOutput, $"has not four channels for each of {anchors} anchors");
        Require(Find(Head, RegionsOutput) == Head.Input && Head.Input.Height == Head.Input.Width && Head.Input.Channels == features.Channels, RegionsOutput, $"is no square region of {features.Channels} feature maps");
        Require(Find(Head, ClassesOutput) == new Shape(columns, 1, 1), ClassesOutput, $"is no vector of {columns} logits");
        Require(Find(Head, BoxesOutput) == new Shape(4 * columns, 1, 1), BoxesOutput, $"is no vector of {4 * columns} corrections");
        if (Settings.GlobalContext)
        {
            Require(Find(Head, ContextClassesOutput) == new Shape(columns, 1, 1), ContextClassesOutput, $"is no vector of {columns} logits");
            Require(Find(Head, ContextBoxesOutput) == new Shape(4 * columns, 1, 1), ContextBoxesOutput, $"is no vector of {4 * columns} corrections");
        }
        RequireCount(Trunk, 3);
        RequireCount(Head, Settings.GlobalContext ? 5 : 3);
        CheckNames();
    }

    /// <summary>Checks that parameters have different names in both networks: a file has those of both.</summary>
    /// <exception cref="NetworkException">A name is there twice.</exception>
    internal void CheckNames()
    {
        var names = new HashSet<string>(NamesOf(Trunk));
        if (NamesOf(Head).FirstOrDefault(names.Contains) is { } twice)
            throw new NetworkException(ErrorIds.DuplicateName, $"Both the trunk and the head have a parameter \"{twice}\"; name the layers otherwise");

        static IEnumerable<string> NamesOf(NetworkDefinition network) => network.Layers().SelectMany(row => row.Parameters).Select(parameter => parameter.Name);
    }

    static Shape Find(NetworkDefinition network, string output) =>
        network.Outputs.FirstOrDefault(found => found.Name == output)?.Shape
            ?? throw new NetworkException(ErrorIds.NoFeatureMaps, $"The network {network.Name} of a detector has no output \"{output}\"");

    static void RequireCount(NetworkDefinition network, int count)
    {
        if (network.Outputs.Count != count)
            throw new NetworkException(ErrorIds.NoFeatureMaps, $"The network {network.Name} of a detector has {network.Outputs.Count} outputs instead of {count}");
    }

    static void Require(bool holds, string output, string problem)
    {
        if (!holds) throw new NetworkException(ErrorIds.NoFeatureMaps, $"The output \"{output}\" of a detector {problem}");
    }

    /// <summary>Rows and columns to which a region is resampled.</summary>
    public int RegionSize => Head.Input.Height;

    /// <summary>Shape of the trunk's feature maps.</summary>
    internal Shape FeatureMaps => Find(Trunk, FeaturesOutput);
}
