using ResNet.Runtime.Communication;

namespace ResNet.Runtime.Evaluation;

/// <summary>The options of an evaluation.</summary>
public sealed record EvaluationOptions
{
    /// <summary>The views of each image, and what is averaged over them; the crop from the center by default.</summary>
    public TestProtocol Protocol { get; init; } = TestProtocol.CenterCrop;

    /// <summary>Views per forward pass: images, where there is one view of each. All views of an image of one size are computed together, even if they are more.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Leaves out images that cannot be read, instead of failing.</summary>
    public bool SkipBroken { get; init; }

    /// <summary>Keeps every image's answer in <see cref="EvaluationResult.Predictions"/>.</summary>
    public bool KeepPredictions { get; init; }

    /// <summary>The ranks among which the images are divided: each classifies its share, and all have the result of the whole.</summary>
    public Communicator Communicator { get; init; } = Communicator.Single;

    /// <summary>Receives the progress after every batch; of several ranks, each that of its share.</summary>
    public IProgress<EvaluationProgress>? Progress { get; init; }
}
