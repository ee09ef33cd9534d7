namespace ResNet.Runtime.Detection.Training;

/// <summary>Settings of a detector's training that belong together, under a name; any of them can be replaced.</summary>
public sealed class DetectionRecipe
{
    readonly Func<DetectionRunSettings, DetectionRunSettings> _apply;

    DetectionRecipe(string name, string description, Func<DetectionRunSettings, DetectionRunSettings> apply) => (Name, Description, _apply) = (name, description, apply);

    /// <summary>Trains a small detector with batch normalization of its own in minutes.</summary>
    public static DetectionRecipe Shapes { get; } = new("shapes", "3 epochs of 8 at 0.04 after 50 steps of warm-up, cosine, 32 regions an image", settings => settings with
    {
        Epochs = 3,
        Batch = 8,
        LearningRate = 0.04,
        WarmUp = 50,
        WeightDecay = 1e-4,
        Clip = 10,
        Anchors = 128,
        Regions = 32,
        Proposals = 100,
    });

    /// <summary>
    /// Trains a detector on a backbone that has learned to classify; Ren et al. 2015, section 3.3, with a cosine in the place of the step, and gradients
    /// that are clipped while proposals are still poor.
    /// </summary>
    public static DetectionRecipe FasterRcnn { get; } = new("fasterrcnn", "10 epochs of 2 at 0.005 after 100 steps of warm-up, cosine, 128 regions an image", settings => settings with
    {
        Epochs = 10,
        Batch = 2,
        LearningRate = 0.005,
        WarmUp = 100,
        WeightDecay = 5e-4,
        Clip = 10,
        Anchors = 256,
        Regions = 128,
        Proposals = 2000,
    });

    /// <summary>The name: <c>fasterrcnn</c>.</summary>
    public string Name { get; }

    /// <summary>One line for people.</summary>
    public string Description { get; }

    /// <summary>Fills in the recipe's settings and leaves the others as they are.</summary>
    /// <typeparam name="T">The settings, or a record of a program that derives from them.</typeparam>
    /// <param name="settings">The settings.</param>
    public T Apply<T>(T settings) where T : DetectionRunSettings => (T)_apply(settings);
}
