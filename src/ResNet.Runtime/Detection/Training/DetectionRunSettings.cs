using ResNet.Runtime.Optimizers;
using ResNet.Runtime.Runs;

namespace ResNet.Runtime.Detection.Training;

/// <summary>The settings that decide a <see cref="DetectionRun"/> beside detector and images. A <see cref="DetectionRecipe"/> fills in what belongs together.</summary>
public record DetectionRunSettings
{
    /// <summary>Passes over the training images.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Images of a step.</summary>
    public int Batch { get; init; } = 2;

    /// <summary>Learning rate, the greatest of the schedule.</summary>
    public double LearningRate { get; init; } = 0.005;

    /// <summary>A name of <see cref="Schedules"/>.</summary>
    public string Schedule { get; init; } = Schedules.Cosine;

    /// <summary>Steps of linear warm-up from a fiftieth of the learning rate.</summary>
    public int WarmUp { get; init; }

    /// <summary>Momentum, from 0 to below 1.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Whether the momentum is Nesterov's.</summary>
    public bool Nesterov { get; init; }

    /// <summary>L2 penalty.</summary>
    public double WeightDecay { get; init; } = 5e-4;

    /// <summary>Greatest norm of the gradient; 0 for no limit.</summary>
    public double Clip { get; init; }

    /// <summary>Name of the layer or scope of the trunk up to and including which weights stay as they are; null for none.</summary>
    public string? Freeze { get; init; }

    /// <summary>Whether a picture is mirrored in half of the epochs.</summary>
    public bool Flip { get; init; } = true;

    /// <summary>The most anchors of an image that the region proposal network learns from.</summary>
    public int Anchors { get; init; } = 256;

    /// <summary>The most regions of an image that the head learns from.</summary>
    public int Regions { get; init; } = 128;

    /// <summary>The most proposals of an image that those regions are drawn from.</summary>
    public int Proposals { get; init; } = ProposalOptions.Training.AfterSuppression;

    /// <summary>Decides the order of the images, flips, and which anchors and regions are learned from.</summary>
    public ulong Seed { get; init; }

    /// <summary>The options of the trainer.</summary>
    /// <param name="size">The size at which pictures are looked at.</param>
    /// <exception cref="ArgumentException">A value is out of range, or a name is none.</exception>
    public DetectionTrainerOptions ToOptions(DetectionSize size)
    {
        var schedule = Schedules.Parse(Schedule, LearningRate, Epochs);
        var options = new DetectionTrainerOptions
        {
            Epochs = Epochs,
            ImagesPerStep = Batch,
            Seed = Seed,
            Size = size,
            Flip = Flip,
            Schedule = WarmUp > 0 ? schedule.WithWarmUp(WarmUp, from: 0.02) : schedule,
            Optimizer = new Sgd(Momentum, Nesterov),
            WeightDecay = WeightDecay,
            MaxGradientNorm = Clip > 0 ? Clip : null,
            FreezeThrough = Freeze,
            Anchors = Anchors,
            Regions = Regions,
            // Suppression leaves about a sixth of overlapping boxes (Ren et al. 2015, section 3.3).
            Proposals = ProposalOptions.Training with { AfterSuppression = Proposals, BeforeSuppression = 6 * Proposals },
        };
        options.Check();
        return options;
    }
}
