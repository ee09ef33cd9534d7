using ResNet.Dsl;

namespace ResNet.Runtime.Runs;

/// <summary>Settings of a run that belong together, under a name; any of them can be replaced.</summary>
public sealed class Recipe
{
    readonly Func<RunSettings, RunSettings> _apply;

    Recipe(string name, string description, Func<RunSettings, RunSettings> apply) => (Name, Description, _apply) = (name, description, apply);

    /// <summary>A quick run on images of CIFAR's size.</summary>
    public static Recipe FastCifar { get; } = new("fast-cifar", "30 epochs of one cycle up to 0.2, Nesterov, weight decay 5e-4", settings => settings with
    {
        Epochs = 30,
        Batch = 128,
        LearningRate = 0.2,
        Schedule = Schedules.OneCycle,
        Augment = Augmentations.CropFlip,
        Nesterov = true,
        WeightDecay = 5e-4,
    });

    /// <summary>He et al. 2015, section 4.2.</summary>
    public static Recipe PaperCifar { get; } = new("paper-cifar", "He et al. 2015, section 4.2: 64,000 steps at 0.1, a tenth after 32,000 and after 48,000", settings => settings with
    {
        Epochs = 164,
        Batch = 128,
        LearningRate = 0.1,
        Schedule = Schedules.Steps,
        Augment = Augmentations.CropFlip,
        PixelMean = true,
        WeightDecay = 1e-4,
    });

    /// <summary>Huang et al. 2016, section 4, on CIFAR.</summary>
    public static Recipe PaperStochasticDepth { get; } = new("paper-stochastic-depth", "Huang et al. 2016, section 4: 500 epochs of 128 at 0.1, a tenth after half and three quarters, Nesterov", settings => settings with
    {
        Epochs = 500,
        Batch = 128,
        LearningRate = 0.1,
        Schedule = Schedules.Steps,
        Augment = Augmentations.CropFlip,
        Nesterov = true,
        WeightDecay = 1e-4,
    });

    /// <summary>Zagoruyko and Komodakis 2016, section 3, on CIFAR.</summary>
    public static Recipe PaperWide { get; } = new("paper-wide", "Zagoruyko and Komodakis 2016, section 3: 200 epochs of 128 at 0.1, a fifth after 60, 120 and 160, Nesterov, weight decay 5e-4", settings => settings with
    {
        Epochs = 200,
        Batch = 128,
        LearningRate = 0.1,
        Schedule = Schedules.Fifths,
        Augment = Augmentations.CropFlip,
        Nesterov = true,
        WeightDecay = 5e-4,
    });

    /// <summary>He et al. 2015, section 3.4.</summary>
    public static Recipe PaperImageNet { get; } = new("paper-imagenet", "He et al. 2015, section 3.4: 120 epochs of 256 at 0.1, a tenth whenever the error plateaus", settings => settings with
    {
        Epochs = 120,
        Batch = 256,
        LearningRate = 0.1,
        Schedule = Schedules.Plateau,
        Augment = Augmentations.ScaleJitter + Augmentations.Color,
        WeightDecay = 1e-4,
    });

    /// <summary>
    /// Teaches a trained network other classes: a new last layer at the full rate and what is before it at a tenth, in small batches that
    /// normalize by the running statistics where there are few images, until validation stops getting better.
    /// </summary>
    public static Recipe FineTune { get; } = new("fine-tune", "10 epochs of 16 at 0.01, a tenth before the last layer, until validation stops getting better; for trained weights", settings => settings with
    {
        Epochs = 10,
        Batch = 16,
        LearningRate = 0.01,
        Schedule = Schedules.Cosine,
        Augment = Augmentations.ScaleAspect,
        BackboneRate = 0.1,
        FreezeStatistics = null,
        LabelSmoothing = 0.1,
        Patience = 3,
        WeightDecay = 1e-4,
    });

    /// <summary>"ResNet strikes back" (Wightman et al. 2021), table 2, A1.</summary>
    public static Recipe A1 { get; } = new("a1", "Wightman et al. 2021, A1: 600 epochs of 2048 at 5e-3, LAMB, binary cross-entropy, RandAugment, mixup and CutMix", settings => StrikesBack(settings) with
    {
        Epochs = 600,
        WeightDecay = 0.01,
        Mixup = 0.2,
        LabelSmoothing = 0.1,
    });

    /// <summary>"ResNet strikes back" (Wightman et al. 2021), table 2, A2.</summary>
    public static Recipe A2 { get; } = new("a2", "the same, A2: 300 epochs", settings => StrikesBack(settings) with { Epochs = 300 });

    /// <summary>"ResNet strikes back" (Wightman et al. 2021), table 2, A3: for a network of 160 × 160 pixels that is tested at 224 × 224.</summary>
    public static Recipe A3 { get; } = new("a3", "the same, A3: 100 epochs at 8e-3, for images of 160 pixels, tested at 224", settings => StrikesBack(settings) with
    {
        Epochs = 100,
        LearningRate = 8e-3,
        Augment = $"{Augmentations.ScaleAspect}{Augmentations.Random}18",
        TestScale = 224.0 / 160,
    });

    /// <summary>torchvision's recipe of its second ImageNet weights of ResNet-50 (Vryniotis 2021): for a network of 176 × 176 pixels that is tested at 224 × 224.</summary>
    public static Recipe TorchvisionV2 { get; } = new("torchvision-v2", "torchvision's recipe of IMAGENET1K_V2: 600 epochs of 1024 at 0.5, TrivialAugment, mixup and CutMix, for images of 176 pixels, tested at 224", settings => settings with
    {
        Epochs = 600,
        Batch = 1024,
        Optimizer = OptimizerNames.Sgd,
        LearningRate = 0.5,
        Schedule = Schedules.Cosine,
        WarmUpEpochs = 5,
        Augment = $"{Augmentations.ScaleAspect}{Augmentations.Trivial}{Augmentations.Erase}0.1",
        Mixup = 0.2,
        CutMix = 1,
        LabelSmoothing = 0.1,
        WeightDecay = 2e-5,
        DecayNormAndBias = false,
        // 1 - (1 - 0.99998) · 1024 · 32 / 600 for every 32 steps.
        Average = 0.999966,
        TestScale = 224.0 / 176,
    });

    /// <summary>Every recipe.</summary>
    public static IReadOnlyList<Recipe> All { get; } = [FastCifar, PaperCifar, PaperStochasticDepth, PaperWide, PaperImageNet, FineTune, A1, A2, A3, TorchvisionV2];

    /// <summary>The name: <c>fine-tune</c>.</summary>
    public string Name { get; }

    /// <summary>One line for people.</summary>
    public string Description { get; }

    /// <summary>The recipe for a network, if none is named: <see cref="FineTune"/>, or that of the input's size.</summary>
    /// <param name="input">Shape of the input.</param>
    /// <param name="isTrained">Whether the run starts from trained weights.</param>
    public static Recipe For(Shape input, bool isTrained) =>
        isTrained ? FineTune : IsSmall(input) ? FastCifar : PaperImageNet;

    /// <summary>Whether images are as small as those of CIFAR: neither side is longer than 64 pixels.</summary>
    /// <param name="input">Shape of the input.</param>
    public static bool IsSmall(Shape input) => Math.Max(input.Height, input.Width) <= 64;

    /// <summary>The settings that A1, A2 and A3 have in common; with timm's bound on LAMB's gradient and its threshold of targets.</summary>
    static RunSettings StrikesBack(RunSettings settings) => settings with
    {
        Batch = 2048,
        Optimizer = OptimizerNames.Lamb,
        LearningRate = 5e-3,
        Schedule = Schedules.Cosine,
        WarmUpEpochs = 5,
        // Magnitude 7 of timm's 10 steps.
        Augment = $"{Augmentations.ScaleAspect}{Augmentations.Random}21",
        Mixup = 0.1,
        CutMix = 1,
        BinaryCrossEntropy = true,
        TargetThreshold = 0.2,
        WeightDecay = 0.02,
        DecayNormAndBias = false,
        Clip = 1,
    };

    /// <summary>Fills in the recipe's settings and leaves the others as they are.</summary>
    /// <typeparam name="T">The settings, or a record of a program that derives from them.</typeparam>
    /// <param name="settings">The settings.</param>
    public T Apply<T>(T settings) where T : RunSettings => (T)_apply(settings);
}
