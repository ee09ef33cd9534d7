using ResNet.Dsl;
using ResNet.Runtime.Networks;
using ResNet.Runtime.Optimizers;
using ResNet.Runtime.Training;

namespace ResNet.Runtime.Runs;

/// <summary>All that decides a <see cref="TrainingRun"/> beside network and images. A <see cref="Recipe"/> fills in what belongs together.</summary>
public record RunSettings
{
    /// <summary>Training images below which <see cref="FreezeStatistics"/> is set, if it is to follow from their number.</summary>
    const int FewImages = 2000;

    /// <summary>Passes over the training images.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Images of a step.</summary>
    public int Batch { get; init; } = 32;

    /// <summary>Learning rate, the greatest of the schedule.</summary>
    public double LearningRate { get; init; } = 0.1;

    /// <summary><c>constant</c>, <c>steps</c>, <c>fifths</c>, <c>plateau</c>, <c>cosine</c> or <c>one-cycle</c>; <c>steps:30,60</c> falls to a tenth at those epochs.</summary>
    public string Schedule { get; init; } = Schedules.Cosine;

    /// <summary>Steps of linear warm-up from a tenth of the learning rate.</summary>
    public int WarmUp { get; init; }

    /// <summary><c>crop-flip</c>, <c>scale-jitter</c> or <c>scale-aspect</c>, each also with <c>+color</c>, or <c>none</c>.</summary>
    public string Augment { get; init; } = Augmentations.ScaleAspect;

    /// <summary>Whether the mean of each pixel is subtracted from the images, and nothing divides them.</summary>
    public bool PixelMean { get; init; }

    /// <summary>Momentum, from 0 to below 1.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Whether the momentum is Nesterov's.</summary>
    public bool Nesterov { get; init; }

    /// <summary>L2 penalty.</summary>
    public double WeightDecay { get; init; } = 1e-4;

    /// <summary>Share of the target that is spread over all classes, from 0 to below 1.</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>Greatest norm of the gradient; 0 for no limit.</summary>
    public double Clip { get; init; }

    /// <summary>Decay of the weights' moving average; 0 for none.</summary>
    public double Average { get; init; }

    /// <summary>Name of the layer or scope up to and including which weights stay as they are; null for none.</summary>
    public string? Freeze { get; init; }

    /// <summary>
    /// Whether batch normalization uses the running statistics and does not move them: in the layers that <see cref="Freeze"/> freezes,
    /// or in all if it names none. Null for yes where there are fewer than 2,000 training images.
    /// </summary>
    public bool? FreezeStatistics { get; init; } = false;

    /// <summary>What the learning rate of all layers but the last dense one is multiplied by.</summary>
    public double BackboneRate { get; init; } = 1;

    /// <summary>Epochs without a better score after which the run ends; 0 for none.</summary>
    public int Patience { get; init; }

    /// <summary>Whether a last batch of an epoch that is smaller than the others is left out.</summary>
    public bool DropLast { get; init; }

    /// <summary>Decides order and augmentation of the images, and what dropout drops.</summary>
    public ulong Seed { get; init; }

    /// <summary>The options of the trainer.</summary>
    /// <param name="network">The network.</param>
    /// <param name="images">Number of training images.</param>
    /// <exception cref="ArgumentException">A value is out of range, or a name is none.</exception>
    public TrainerOptions ToOptions(NetworkDefinition network, int images)
    {
        ArgumentNullException.ThrowIfNull(network);
        var schedule = Schedules.Parse(Schedule, LearningRate, Epochs);
        var options = new TrainerOptions
        {
            Epochs = Epochs,
            Patience = Patience > 0 ? Patience : null,
            Seed = Seed,
            Schedule = WarmUp > 0 ? schedule.WithWarmUp(WarmUp) : schedule,
            Optimizer = new Sgd(Momentum, Nesterov),
            WeightDecay = WeightDecay,
            MaxGradientNorm = Clip > 0 ? Clip : null,
            AverageDecay = Average > 0 ? Average : null,
            LabelSmoothing = (float)LabelSmoothing,
            FreezeThrough = Freeze,
            FreezeStatistics = FreezeStatistics ?? images < FewImages,
            RateFactors = BackboneRate == 1 ? [] : RatesOf(network),
        };
        options.Check();
        return options;
    }

    /// <summary>The backbone's rate for every scope, and the full one again for the head: the last that fits a layer holds.</summary>
    List<RateFactor> RatesOf(NetworkDefinition network)
    {
        var layers = network.Layers().Where(layer => layer.Parameters.Count > 0).ToList();
        var factors = layers.Select(layer => layer.Name.Split('.')[0]).Distinct().Select(scope => new RateFactor(scope, BackboneRate)).ToList();
        if (network.FindHead() is { } head) factors.Add(new(head.Name, 1));
        return factors;
    }
}
