using ResNet.Dsl;
using ResNet.Runtime.Optimizers;

namespace ResNet.Runtime.Training;

/// <summary>A learning rate of their own for the layers of one name.</summary>
/// <param name="Prefix">Name of a layer or scope: <c>layer1</c> stands for <c>layer1.0.conv1.weight</c> and all the others.</param>
/// <param name="Factor">The factor of the schedule's rate; 0 freezes.</param>
public sealed record RateFactor(string Prefix, double Factor);

/// <summary>The options of training; by default stochastic gradient descent with the papers' values.</summary>
public sealed record TrainerOptions
{
    /// <summary>Passes over the training images.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>
    /// Batches of a step: their gradients are averaged, each batch counted by its images, before the weights follow. Batch normalization and class weights see each batch by
    /// itself. The last step of an epoch takes what is left.
    /// </summary>
    public int Accumulate { get; init; } = 1;

    /// <summary>
    /// Epochs without a better score, of validation or else of training, after which the run ends before its last epoch; null for none.
    /// </summary>
    public int? Patience { get; init; }

    /// <summary>Seed of what training itself draws: dropout. Order and augmentation have the data loader's.</summary>
    public ulong Seed { get; init; }

    /// <summary>The learning rate over the run.</summary>
    public LearningRateSchedule Schedule { get; init; } = new CosineSchedule(0.1);

    /// <summary>The optimizer.</summary>
    public Optimizer Optimizer { get; init; } = new Sgd();

    /// <summary>
    /// L2 penalty: <see cref="Sgd"/> and <see cref="Lars"/> add this times the weight to the gradient, <see cref="Lamb"/> to its direction, and <see cref="AdamW"/> takes it,
    /// times the rate, off the weight. He et al. 2015, section 3.4, has 1e-4.
    /// </summary>
    public double WeightDecay { get; init; } = 1e-4;

    /// <summary>Whether <see cref="WeightDecay"/> also holds for biases and batch normalization, as in the paper.</summary>
    public bool DecayNormAndBias { get; init; } = true;

    /// <summary>Greatest norm of the whole gradient; a longer one is scaled down to it. Null leaves gradients as they are.</summary>
    public double? MaxGradientNorm { get; init; }

    /// <summary>
    /// Decay of an exponential moving average of the weights, such as 0.999; the average is what is validated and kept as
    /// the best. Null keeps none.
    /// </summary>
    public double? AverageDecay { get; init; }

    /// <summary>Share of the target that is spread over all classes, from 0 to below 1 (Szegedy et al. 2015, section 7).</summary>
    public float LabelSmoothing { get; init; }

    /// <summary>Mixes the images of each batch; null for none. Accuracy while training then counts the class of the greatest target as the right one.</summary>
    public Mixing? Mixing { get; init; }

    /// <summary>
    /// Whether each class is a question of its own: the loss is the mean of <see cref="SigmoidCrossEntropy"/> over all images and classes, instead of softmax
    /// cross-entropy (Wightman et al. 2021, section 4.2).
    /// </summary>
    public bool BinaryCrossEntropy { get; init; }

    /// <summary>With <see cref="BinaryCrossEntropy"/>, the target, mixed and smoothed, above which a class counts as there, and has target 1, all others 0; null leaves targets as they are.</summary>
    public double? TargetThreshold { get; init; }

    /// <summary>
    /// A weight of each class in the loss, as in PyTorch's <c>CrossEntropyLoss(weight)</c>: the weighted mean by the labels' weights or, with <see cref="Mixing"/>, the mean over
    /// images of weighted losses; with <see cref="BinaryCrossEntropy"/> as in <c>BCEWithLogitsLoss(weight)</c>. Empty where all are 1.
    /// </summary>
    public IReadOnlyList<double> ClassWeights { get; init; } = [];

    /// <summary>
    /// Freezes the weights of every layer up to and including the one, or the last one of the scope, of this name: the backward pass ends at
    /// them. Running statistics move on unless <see cref="FreezeStatistics"/> is set. Null freezes nothing.
    /// </summary>
    public string? FreezeThrough { get; init; }

    /// <summary>
    /// Whether the layers that <see cref="FreezeThrough"/> freezes, or all if it names none, normalize by their running statistics, and
    /// leave them as they are: what small batches of fine-tuning call for.
    /// </summary>
    public bool FreezeStatistics { get; init; }

    /// <summary>Learning rates of their own; of several that fit a layer, the last one holds.</summary>
    public IReadOnlyList<RateFactor> RateFactors { get; init; } = [];

    /// <summary>
    /// Whether batch normalization of ranks that train together has the statistics of all of them, forward and back, as in PyTorch's <c>SyncBatchNorm</c>; otherwise each rank normalizes
    /// by its own images, as in Goyal et al. 2017, and all keep the running statistics of the first one. Of one rank it changes nothing.
    /// </summary>
    public bool SyncBatchNorm { get; init; }

    /// <summary>Bytes of gradients that ranks that train together exchange at a time, while backward computes the others; their sums follow from it in their last bits. Of one rank it changes nothing.</summary>
    public int BucketBytes { get; init; } = UsualBucketBytes;

    internal const int UsualBucketBytes = 4 << 20;

    /// <summary>The last layer of a network that normalizes by running statistics; null if none does.</summary>
    internal string? FreezeStatisticsThrough(NetworkDefinition network) =>
        !FreezeStatistics ? null : FreezeThrough ?? network.Layers().LastOrDefault(layer => layer.Parameters.Count > 0)?.Name;

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message names it.</exception>
    internal void Check()
    {
        Require(Epochs >= 1, nameof(Epochs), Epochs, "at least 1");
        Require(Accumulate >= 1, nameof(Accumulate), Accumulate, "at least 1");
        Require(Patience is null or >= 1, nameof(Patience), Patience, "at least 1");
        Require(Optimizer is not null, nameof(Optimizer), null, "an optimizer");
        Require(Schedule is not null, nameof(Schedule), null, "a schedule");
        Optimizer!.Check();
        Require(TrainingCheckpoint.CanName(Optimizer.State), $"{nameof(Optimizer)}.{nameof(Optimizer.State)}", string.Join(", ", Optimizer.State), "names of their own");
        Require(WeightDecay >= 0 && double.IsFinite(WeightDecay), nameof(WeightDecay), WeightDecay, "at least 0");
        Require(MaxGradientNorm is not <= 0 and not double.NaN, nameof(MaxGradientNorm), MaxGradientNorm, "above 0");
        Require(AverageDecay is null or (> 0 and < 1), nameof(AverageDecay), AverageDecay, "between 0 and 1");
        Require(LabelSmoothing is >= 0 and < 1, nameof(LabelSmoothing), LabelSmoothing, "from 0 to below 1");
        Mixing?.Check();
        Require(BucketBytes >= sizeof(float), nameof(BucketBytes), BucketBytes, $"at least {sizeof(float)}");
        Require(TargetThreshold is null || BinaryCrossEntropy, nameof(TargetThreshold), TargetThreshold, $"null without {nameof(BinaryCrossEntropy)}");
        Require(TargetThreshold is null or (>= 0 and < 1), nameof(TargetThreshold), TargetThreshold, "from 0 to below 1");
        Require(ClassWeights.All(weight => weight >= 0 && double.IsFinite(weight)), nameof(ClassWeights), string.Join(", ", ClassWeights), "finite numbers, at least 0");
        Require(ClassWeights.Count == 0 || ClassWeights.Any(weight => weight > 0), nameof(ClassWeights), string.Join(", ", ClassWeights), "one above 0");
        foreach (var (prefix, factor) in RateFactors)
            Require(factor >= 0 && double.IsFinite(factor), $"{nameof(RateFactors)} \"{prefix}\"", factor, "at least 0");
    }

    static void Require(bool holds, string name, object? value, string expected)
    {
        if (!holds) throw new ArgumentException($"{name} is {value ?? "null"}; expected {expected}");
    }
}
