namespace ResNet.Runtime;

/// <summary>
/// The quantity that training minimizes at an output of a network: attached by <see cref="TrainingSessionOptions.Losses"/>, compared with the
/// <see cref="LossTarget"/> of each step.
/// </summary>
public abstract record Loss
{
    private protected Loss()
    {
    }

    /// <summary>The factor by which the loss enters the total, and with it the gradients; finite and not negative.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
    public double Weight
    {
        get;
        init => field = value >= 0 && double.IsFinite(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The weight of a loss is finite and not negative");
    } = 1;
}

/// <summary>
/// Softmax cross-entropy at every position of feature maps; a vector has one position. With z the n channels of a position, t its
/// label and s the <see cref="LabelSmoothing"/>: <c>ℓ = log Σ exp(z_c) - (1 - s)·z_t - s·Σ z_c / n</c>. The loss is <c>Σ w·ℓ / Σ w</c> over the
/// positions of a batch whose label is not ignored, with their weights w; 0 if those have no weight.
/// </summary>
public sealed record SoftmaxCrossEntropy : Loss
{
    /// <summary>Share of the target that is spread evenly over all classes (Szegedy et al. 2016, section 7); 0 to 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not in 0 to 1.</exception>
    public float LabelSmoothing
    {
        get;
        init => field = value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Label smoothing is a share, 0 to 1");
    }

    /// <summary>
    /// Whether the target of an image is a share p of each class (<see cref="LossTarget.Values"/>, not negative; probabilities add up to 1) instead of a label, as
    /// mixed images have: with <c>t_c = (1 - s)·p_c + s / n</c>, <c>ℓ = Σ t_c·(log Σ exp(z) - z_c)</c>. Only vectors can have such targets, and none is ignored.
    /// </summary>
    public bool Probabilities { get; init; }

    /// <summary>The label that takes its position out of the loss, such as 255 for the borders of PASCAL VOC's objects; null for none.</summary>
    public int? IgnoredLabel { get; init; }
}

/// <summary>
/// Cross-entropy of the sigmoid of every value x with a target t from 0 to 1: <c>ℓ = max(x, 0) - x·t + log(1 + exp(-|x|))</c>. The loss
/// is <c>Σ w·ℓ / n</c> over all n values of a batch with their weights w, as PyTorch's <c>binary_cross_entropy_with_logits</c>.
/// </summary>
public sealed record SigmoidCrossEntropy : Loss;

/// <summary>
/// Smooth L1 (Girshick 2015, equation 3). With d the difference of a value from its target: <c>ℓ = d²/(2β)</c> where |d| is less than β,
/// else <c>|d| - β/2</c>. The loss is <c>Σ w·ℓ / Σ w</c> over all values of a batch with their weights w, which mask those of weight 0; 0 if
/// all are. Without weights it is PyTorch's <c>smooth_l1_loss</c>.
/// </summary>
public sealed record SmoothL1 : Loss
{
    /// <summary>β, the difference at which the parabola becomes a line; 0, for the absolute difference alone, or more.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
    public double Beta
    {
        get;
        init => field = value >= 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Beta is finite and not negative");
    } = 1;
}

/// <summary>
/// A loss that the caller computes: of each step it supplies the gradient by the output. The loss itself remains with the caller;
/// 0 stands for it.
/// </summary>
public sealed record SuppliedGradient : Loss;
