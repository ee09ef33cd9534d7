using ResNet.Runtime.Optimizers;
using ResNet.Runtime.Training;

namespace ResNet.Runtime.Detection.Training;

/// <summary>The options of training a detector: both stages together (Ren et al. 2015, section 3.2, "approximate joint training").</summary>
public sealed record DetectionTrainerOptions
{
    /// <summary>Passes over the training images.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Images whose gradients make a step. Those of one size are computed together, so that batch normalization that is not frozen sees all of them.</summary>
    public int ImagesPerStep { get; init; } = 2;

    /// <summary>Seed of all that is drawn: the order of images, flips, anchors, regions, dropout.</summary>
    public ulong Seed { get; init; }

    /// <summary>Which of the two networks learn. Both by default.</summary>
    public DetectionStage Stage { get; init; }

    /// <summary>The size at which pictures are looked at.</summary>
    public DetectionSize Size { get; init; } = new();

    /// <summary>Whether a picture is mirrored in half of the epochs.</summary>
    public bool Flip { get; init; } = true;

    /// <summary>The learning rate over the run. The paper divides 0.001 by 10 after three quarters of the steps.</summary>
    public LearningRateSchedule Schedule { get; init; } = new CosineSchedule(0.005);

    /// <summary>The optimizer.</summary>
    public Optimizer Optimizer { get; init; } = new Sgd();

    /// <summary>L2 penalty. The paper has 5e-4.</summary>
    public double WeightDecay { get; init; } = 5e-4;

    /// <summary>Greatest norm of the whole gradient; a longer one is scaled down to it. Null leaves gradients as they are.</summary>
    public double? MaxGradientNorm { get; init; }

    /// <summary>
    /// Name of the layer or scope of the trunk up to and including the last layer of which the weights stay as they are: the backward pass ends
    /// there. Null freezes nothing.
    /// </summary>
    public string? FreezeThrough { get; init; }

    /// <summary>Which anchors become regions. The paper's numbers for training by default.</summary>
    public ProposalOptions Proposals { get; init; } = ProposalOptions.Training;

    /// <summary>
    /// Anchors of an image that the region proposal network learns from (Ren et al. 2015, section 3.1.3), at most half of them with an object. Where each class has
    /// proposals of its own, of each class that the image shows; the paper then has 8 (He et al. 2015, Appendix C).
    /// </summary>
    public int Anchors { get; init; } = 256;

    /// <summary>
    /// Regions of an image that the head learns from (Girshick 2015, section 2.3), at most a quarter of them with an object. Where each class has proposals of its own, of
    /// each class that the image shows.
    /// </summary>
    public int Regions { get; init; } = 128;

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message names it.</exception>
    internal void Check()
    {
        Require(ImagesPerStep is >= 1 and <= 4096, nameof(ImagesPerStep), ImagesPerStep, "1 to 4096");
        Require(Enum.IsDefined(Stage), nameof(Stage), Stage, "a stage");
        Require(Size is not null, nameof(Size), null, "a size");
        Require(Proposals is { BeforeSuppression: > 0, AfterSuppression: > 0 }, nameof(Proposals), Proposals, "positive numbers of regions");
        Require(Anchors >= 1, nameof(Anchors), Anchors, "at least 1");
        Require(Regions >= 1, nameof(Regions), Regions, "at least 1");
        ForNetwork(FreezeThrough, []).Check();
    }

    /// <summary>The options of the optimizer of one of the networks.</summary>
    /// <param name="freezeThrough">Its last frozen layer.</param>
    /// <param name="factors">Learning rates of layers.</param>
    internal TrainerOptions ForNetwork(string? freezeThrough, IReadOnlyList<RateFactor> factors) => new()
    {
        Epochs = Epochs,
        Schedule = Schedule,
        Optimizer = Optimizer,
        WeightDecay = WeightDecay,
        MaxGradientNorm = MaxGradientNorm,
        FreezeThrough = freezeThrough,
        RateFactors = factors,
    };

    static void Require(bool holds, string name, object? value, string expected)
    {
        if (!holds) throw new ArgumentException($"{name} is {value ?? "null"}; expected {expected}");
    }
}

/// <summary>Which parts of a detector a run trains (Ren et al. 2015, section 3.2).</summary>
public enum DetectionStage
{
    /// <summary>All of it together, "approximate joint training".</summary>
    Joint,

    /// <summary>The trunk by the region proposal network's losses; the head stays as it is.</summary>
    Proposals,

    /// <summary>The head, and the feature maps by its losses; the region proposal network stays as it is.</summary>
    Regions,
}
