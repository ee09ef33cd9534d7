namespace ResNet.Runtime.Evaluation;

/// <summary>How to evaluate.</summary>
public sealed record EvaluationOptions
{
    /// <summary>Images per forward pass.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Leaves out images that cannot be read, instead of failing.</summary>
    public bool SkipBroken { get; init; }

    /// <summary>Keeps every image's answer in <see cref="EvaluationResult.Predictions"/>.</summary>
    public bool KeepPredictions { get; init; }

    /// <summary>Is told after every batch.</summary>
    public IProgress<EvaluationProgress>? Progress { get; init; }
}
