namespace ResNet.Runtime.Devices;

/// <summary>One batch of training images.</summary>
/// <param name="Images">Batch × channels × height × width, normalized and augmented.</param>
/// <param name="Labels">The class of each image.</param>
public readonly record struct TrainingBatch(ReadOnlyMemory<float> Images, ReadOnlyMemory<int> Labels);
