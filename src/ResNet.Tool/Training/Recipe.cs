using ResNet.Dsl;
using ResNet.Tool.Data;

namespace ResNet.Tool.Training;

/// <summary>Settings that belong together, under a name; any of them can be replaced.</summary>
/// <param name="Name">As given on the command line.</param>
/// <param name="Description">One line for people.</param>
/// <param name="Apply">Fills in the recipe's settings.</param>
sealed record Recipe(string Name, string Description, Func<TrainingSettings, TrainingSettings> Apply)
{
    public static IReadOnlyList<Recipe> All { get; } =
    [
        new("fast-cifar", "30 epochs of one cycle up to 0.2, Nesterov, weight decay 5e-4", settings => settings with
        {
            Epochs = 30,
            Batch = 128,
            LearningRate = 0.2,
            Schedule = "one-cycle",
            Augment = Augmentations.CropFlip,
            Nesterov = true,
            WeightDecay = 5e-4,
        }),
        new("paper-cifar", "He et al. 2015, section 4.2: 64,000 steps at 0.1, a tenth after 32,000 and after 48,000", settings => settings with
        {
            Epochs = 164,
            Batch = 128,
            LearningRate = 0.1,
            Schedule = Schedules.Steps,
            Augment = Augmentations.CropFlip,
            PixelMean = true,
            WeightDecay = 1e-4,
        }),
        new("paper-imagenet", "He et al. 2015, section 3.4: 120 epochs of 256 at 0.1, a tenth whenever the error plateaus", settings => settings with
        {
            Epochs = 120,
            Batch = 256,
            LearningRate = 0.1,
            Schedule = "plateau",
            Augment = Augmentations.ScaleJitter + Augmentations.Color,
            WeightDecay = 1e-4,
        }),
    ];

    /// <summary>The recipe for a network of that input, if none is named.</summary>
    /// <param name="input">Shape of the input.</param>
    public static Recipe For(Shape input) => All[Datasets.IsSmall(input) ? 0 : 2];
}
