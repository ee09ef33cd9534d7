namespace ResNet.Runtime;

/// <summary>The values with which the loss of an output compares one batch; read before the step returns.</summary>
public readonly record struct LossTarget
{
    /// <summary>
    /// For <see cref="SoftmaxCrossEntropy"/> the class of each position: batch × rows × columns. Empty for all other losses, and with
    /// <see cref="SoftmaxCrossEntropy.Probabilities"/>.
    /// </summary>
    public ReadOnlyMemory<int> Labels { get; init; }

    /// <summary>
    /// For <see cref="SigmoidCrossEntropy"/> and <see cref="SmoothL1"/> the target of each value, for <see cref="SuppliedGradient"/> the
    /// gradient by it: batch × channels × rows × columns. For softmax cross-entropy with <see cref="SoftmaxCrossEntropy.Probabilities"/> the
    /// share of each class: batch × classes; empty without.
    /// </summary>
    public ReadOnlyMemory<float> Values { get; init; }

    /// <summary>
    /// The weight of each label or target, finite and not negative, laid out as those; empty where all are 1. A supplied gradient has none.
    /// </summary>
    public ReadOnlyMemory<float> Weights { get; init; }
}
