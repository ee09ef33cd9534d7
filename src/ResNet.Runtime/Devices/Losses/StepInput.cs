using ResNet.Runtime.Tensors;

namespace ResNet.Runtime.Devices;

/// <summary>The input of one training step beside the parameters, checked.</summary>
readonly ref struct StepInput
{
    /// <summary>Number of images.</summary>
    public int Count { get; init; }

    /// <summary>batch × channels × height × width.</summary>
    public ReadOnlySpan<float> Images { get; init; }

    /// <summary>The images in the device's memory, in the place of <see cref="Images"/>; null where they are on the host. Targets then follow from outputs.</summary>
    public ResidentValues? Resident { get; init; }

    /// <summary>
    /// The labels of all losses, loss after loss: those of one begin at <see cref="Count"/> · <see cref="AttachedLoss.LabelStart"/>. Each is a class:
    /// an ignored one is replaced, and has weight 0.
    /// </summary>
    public ReadOnlySpan<int> Labels { get; init; }

    /// <summary>The target values, or supplied gradients, of all losses: those of one begin at <see cref="Count"/> · <see cref="AttachedLoss.ValueStart"/>.</summary>
    public ReadOnlySpan<float> Values { get; init; }

    /// <summary>
    /// The weights of all losses: those of one begin at <see cref="Count"/> · <see cref="AttachedLoss.WeightStart"/>. Empty if every weight of
    /// every loss is 1.
    /// </summary>
    public ReadOnlySpan<float> Weights { get; init; }

    /// <summary>By output, what the weighted sum of its loss is divided by; 0 makes loss and gradient 0.</summary>
    public ReadOnlySpan<double> Divisors { get; init; }

    /// <summary>Number of the step, which dropout's masks follow from.</summary>
    public long Step { get; init; }
}
