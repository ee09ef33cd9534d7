namespace ResNet.Runtime.Devices;

/// <summary>One batch of training images.</summary>
/// <param name="Images">Batch × channels × height × width, normalized and augmented.</param>
/// <param name="Labels">The class of each image.</param>
public readonly record struct TrainingBatch(ReadOnlyMemory<float> Images, ReadOnlyMemory<int> Labels)
{
    /// <summary>The target of each loss by the name of its output, where the labels alone are not what images are compared with; null where they are.</summary>
    internal IReadOnlyDictionary<string, LossTarget>? Targets { get; init; }
}
