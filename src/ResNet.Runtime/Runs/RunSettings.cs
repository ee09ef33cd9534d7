using ResNet.Dsl;
using ResNet.Runtime.Training;

namespace ResNet.Runtime.Runs;

/// <summary>The settings that decide a <see cref="TrainingRun"/> beside network and images. A <see cref="Recipe"/> fills in what belongs together.</summary>
public record RunSettings
{
    /// <summary>Training images below which <see cref="FreezeStatistics"/> is set, if it is to follow from their number.</summary>
    const int FewImages = 2000;

    /// <summary>Passes over the training images.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Images of a batch; of several ranks, each has as many.</summary>
    public int Batch { get; init; } = 32;

    /// <summary>Batches of a step, whose gradients are averaged.</summary>
    public int Accumulate { get; init; } = 1;

    /// <summary>Learning rate, the greatest of the schedule.</summary>
    public double LearningRate { get; init; } = 0.1;

    /// <summary><c>constant</c>, <c>steps</c>, <c>fifths</c>, <c>plateau</c>, <c>cosine</c> or <c>one-cycle</c>; <c>steps:30,60</c> falls to a tenth at those epochs, <c>restarts:10,2</c> restarts its cosine after 10, 20, 40, … epochs.</summary>
    public string Schedule { get; init; } = Schedules.Cosine;

    /// <summary>Steps of linear warm-up from a tenth of the learning rate.</summary>
    public int WarmUp { get; init; }

    /// <summary>The same in epochs, fractions allowed; where <see cref="WarmUp"/> is 0.</summary>
    public double WarmUpEpochs { get; init; }

    /// <summary>
    /// <c>crop-flip</c>, <c>scale-jitter</c> or <c>scale-aspect</c>, each also with <c>+color</c>, <c>+trivial</c> or <c>+rand:9</c> (TrivialAugment, RandAugment of a
    /// magnitude), <c>+erase:0.1</c> (random erasing with a probability), or <c>none</c>.
    /// </summary>
    public string Augment { get; init; } = Augmentations.ScaleAspect;

    /// <summary>Whether the mean of each pixel is subtracted from the images, and nothing divides them.</summary>
    public bool PixelMean { get; init; }

    /// <summary>The optimizer: <c>sgd</c>, <c>adamw</c>, <c>lamb</c> or <c>lars</c>.</summary>
    public string Optimizer { get; init; } = OptimizerNames.Sgd;

    /// <summary>Momentum of <c>sgd</c> and <c>lars</c>, from 0 to below 1.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Whether the momentum of <c>sgd</c> is Nesterov's.</summary>
    public bool Nesterov { get; init; }

    /// <summary>L2 penalty.</summary>
    public double WeightDecay { get; init; } = 1e-4;

    /// <summary>Whether <see cref="WeightDecay"/> also holds for biases and batch normalization.</summary>
    public bool DecayNormAndBias { get; init; } = true;

    /// <summary>Share of the target that is spread over all classes, from 0 to below 1.</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>Mixup: α of the distribution of the images' shares; 0 for none.</summary>
    public double Mixup { get; init; }

    /// <summary>CutMix: α of the distribution of the images' shares; 0 for none.</summary>
    public double CutMix { get; init; }

    /// <summary>Probability that a batch is mixed.</summary>
    public double MixProbability { get; init; } = 1;

    /// <summary>Probability that a mixed batch is mixed by <see cref="CutMix"/>, where there is both.</summary>
    public double CutMixShare { get; init; } = 0.5;

    /// <summary>Whether each class is a question of its own, by the cross-entropy of its sigmoid.</summary>
    public bool BinaryCrossEntropy { get; init; }

    /// <summary>With <see cref="BinaryCrossEntropy"/>, the target above which a class counts as there; 0 for targets as they are.</summary>
    public double TargetThreshold { get; init; }

    /// <summary>Weights of the classes in the loss: <c>balanced</c>, or a number for each class as in <c>1,2.5,1</c>; null for none.</summary>
    public string? ClassWeights { get; init; }

    /// <summary>Whether each image is drawn from a class drawn before, so that all classes come equally often.</summary>
    public bool Balanced { get; init; }

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

    /// <summary>The factor of the learning rate of all layers but the last dense one.</summary>
    public double BackboneRate { get; init; } = 1;

    /// <summary>The factor of the learning rate from residual unit to residual unit, down from the last layers; 1 for the same rate.</summary>
    public double LayerDecay { get; init; } = 1;

    /// <summary>Epochs without a better score after which the run ends; 0 for none.</summary>
    public int Patience { get; init; }

    /// <summary>Number of the best epochs whose weights are kept, each in a file of its own; 0 for the best weights alone.</summary>
    public int KeepBest { get; init; }

    /// <summary>The ratio of a side of validated images to a side of the network's input (Touvron et al. 2019); weights are saved for the network's own size.</summary>
    public double TestScale { get; init; } = 1;

    /// <summary>Whether a last batch of an epoch that is smaller than the others is left out.</summary>
    public bool DropLast { get; init; }

    /// <summary>Whether batch normalization of several ranks has the statistics of all of them.</summary>
    public bool SyncBatchNorm { get; init; }

    /// <summary>Bytes of gradients that several ranks exchange at a time.</summary>
    public int BucketBytes { get; init; } = TrainerOptions.UsualBucketBytes;

    /// <summary>Decides order and augmentation of the images, and what dropout drops.</summary>
    public ulong Seed { get; init; }

    /// <summary>The options of the trainer, without <see cref="ClassWeights"/>, which may follow from the images.</summary>
    /// <param name="network">The network.</param>
    /// <param name="images">Number of training images.</param>
    /// <param name="ranks">Number of ranks that train together.</param>
    /// <exception cref="ArgumentException">A value is out of range, or a name is none.</exception>
    public TrainerOptions ToOptions(NetworkDefinition network, int images, int ranks = 1)
    {
        ArgumentNullException.ThrowIfNull(network);
        // Steps of an epoch are counted before the options are checked.
        if (Batch < 1) throw new ArgumentException($"{nameof(Batch)} is {Batch}; expected at least 1");
        if (Accumulate < 1) throw new ArgumentException($"{nameof(Accumulate)} is {Accumulate}; expected at least 1");
        var schedule = Schedules.Parse(Schedule, LearningRate, Epochs);
        var warmUp = WarmUp > 0 ? WarmUp : (int)Math.Round(WarmUpEpochs * StepsPerEpoch(images, ranks));
        var options = new TrainerOptions
        {
            Epochs = Epochs,
            Patience = Patience > 0 ? Patience : null,
            Seed = Seed,
            Schedule = warmUp > 0 ? schedule.WithWarmUp(warmUp) : schedule,
            Optimizer = OptimizerNames.Parse(Optimizer, Momentum, Nesterov),
            Accumulate = Accumulate,
            WeightDecay = WeightDecay,
            DecayNormAndBias = DecayNormAndBias,
            MaxGradientNorm = Clip > 0 ? Clip : null,
            AverageDecay = Average > 0 ? Average : null,
            LabelSmoothing = (float)LabelSmoothing,
            Mixing = Mixup > 0 || CutMix > 0 ? new() { Mixup = Mixup, CutMix = CutMix, Probability = MixProbability, CutMixShare = CutMixShare } : null,
            BinaryCrossEntropy = BinaryCrossEntropy,
            TargetThreshold = TargetThreshold > 0 ? TargetThreshold : null,
            FreezeThrough = Freeze,
            FreezeStatistics = FreezeStatistics ?? images < FewImages,
            RateFactors = LayerRates.Of(network, BackboneRate, LayerDecay),
            SyncBatchNorm = SyncBatchNorm,
            BucketBytes = BucketBytes,
        };
        options.Check();
        return options;
    }

    /// <summary>Batches of an epoch.</summary>
    /// <param name="images">Number of training images.</param>
    /// <param name="ranks">Number of ranks that train together.</param>
    internal int BatchesPerEpoch(int images, int ranks) => (int)((images + (DropLast ? 0 : (long)Batch * ranks - 1)) / ((long)Batch * ranks));

    /// <summary>Steps of an epoch.</summary>
    /// <param name="images">Number of training images.</param>
    /// <param name="ranks">Number of ranks that train together.</param>
    internal int StepsPerEpoch(int images, int ranks) => (BatchesPerEpoch(images, ranks) + Accumulate - 1) / Accumulate;
}
