namespace ResNet.Reference;

/// <summary>A loss of one output.</summary>
/// <param name="output">A batch of the output's values.</param>
/// <returns>The loss, and its gradient by the values.</returns>
public delegate (double Loss, Values Gradient) ReferenceLoss(Values output);

/// <summary>The losses that can be attached to outputs.</summary>
public static class ReferenceLosses
{
    /// <summary>
    /// Softmax cross-entropy at every position of every image; a vector has one position. With z the channels of a position i, its
    /// label t and its weight w: <c>ℓᵢ = log Σ_c exp(z_c) - z_t</c>. The loss is <c>Σ wᵢ·ℓᵢ / Σ wᵢ</c> over the positions whose label is
    /// not ignored, and 0 if those have no weight.
    /// </summary>
    /// <param name="labels">The class at each position: batch × rows × columns.</param>
    /// <param name="weights">The weight of each position, not negative; 1 by default.</param>
    /// <param name="ignored">A label that takes its position out of the loss.</param>
    public static ReferenceLoss SoftmaxCrossEntropy(int[] labels, double[]? weights = null, int? ignored = null) => logits =>
    {
        var (classes, positions) = (logits.Shape.Channels, logits.PlaneSize);
        CheckCount(labels.Length, logits.Batch * positions, nameof(labels));
        if (weights is not null) CheckCount(weights.Length, labels.Length, nameof(weights));
        var weight = labels.Select((label, i) => label == ignored ? 0 : weights?[i] ?? 1).ToArray();
        var total = weight.Sum();
        var gradient = new Values(logits.Batch, logits.Shape);
        var loss = 0.0;
        for (var i = 0; i < labels.Length; i++)
        {
            if (labels[i] == ignored) continue;
            if (labels[i] < 0 || labels[i] >= classes) throw new ArgumentException($"The label {labels[i]} is none of {classes} classes", nameof(labels));
            if (weight[i] == 0) continue;
            var (image, position) = Math.DivRem(i, positions);
            int At(int channel) => (image * classes + channel) * positions + position;
            // Shifting all scores changes nothing but keeps the exponentials finite.
            var greatest = Enumerable.Range(0, classes).Max(c => logits[At(c)]);
            var sum = Enumerable.Range(0, classes).Sum(c => Math.Exp(logits[At(c)] - greatest));
            loss += weight[i] / total * (Math.Log(sum) + greatest - logits[At(labels[i])]);
            for (var c = 0; c < classes; c++)
                gradient.Data[At(c)] = weight[i] / total * (Math.Exp(logits[At(c)] - greatest) / sum - (c == labels[i] ? 1 : 0));
        }
        return (loss, gradient);
    };

    /// <summary>
    /// Cross-entropy of the sigmoid of every value x with a target t between 0 and 1: <c>ℓ = max(x, 0) - x·t + log(1 + exp(-|x|))</c>.
    /// The loss is <c>Σ w·ℓ / n</c>, over all n values, as PyTorch's <c>binary_cross_entropy_with_logits</c>.
    /// </summary>
    /// <param name="targets">The target of each value.</param>
    /// <param name="weights">The weight of each value; 1 by default.</param>
    public static ReferenceLoss SigmoidCrossEntropy(double[] targets, double[]? weights = null) => logits =>
    {
        var n = logits.Data.Length;
        CheckCount(targets.Length, n, nameof(targets));
        if (weights is not null) CheckCount(weights.Length, n, nameof(weights));
        double Weight(int i) => (weights?[i] ?? 1) / n;
        var loss = logits.Data.Select((x, i) => Weight(i) * (Math.Max(x, 0) - x * targets[i] + Math.Log(1 + Math.Exp(-Math.Abs(x))))).Sum();
        return (loss, logits.Map(i => Weight(i) * (Elementwise.Sigmoid(logits[i]) - targets[i])));
    };

    /// <summary>
    /// Smooth L1 (Girshick 2015, equation 3). With d = x - t: <c>ℓ = d²/(2β)</c> where |d| is less than β, else <c>|d| - β/2</c>. The loss
    /// is <c>Σ m·ℓ / Σ m</c> over all values, and 0 if the mask is 0 everywhere; without a mask it is PyTorch's <c>smooth_l1_loss</c>.
    /// </summary>
    /// <param name="targets">The target of each value.</param>
    /// <param name="mask">The weight of each value, 0 for those that do not count; 1 by default.</param>
    /// <param name="beta">The difference at which the parabola becomes a line; 0 or more.</param>
    public static ReferenceLoss SmoothL1(double[] targets, double[]? mask = null, double beta = 1) => output =>
    {
        var n = output.Data.Length;
        CheckCount(targets.Length, n, nameof(targets));
        if (mask is not null) CheckCount(mask.Length, n, nameof(mask));
        var total = mask?.Sum() ?? n;
        double Weight(int i) => total == 0 ? 0 : (mask?[i] ?? 1) / total;
        double Difference(int i) => output[i] - targets[i];
        double Loss(double d) => Math.Abs(d) < beta ? d * d / (2 * beta) : Math.Abs(d) - beta / 2;
        double Slope(double d) => Math.Abs(d) < beta ? d / beta : Math.Sign(d);
        return (Enumerable.Range(0, n).Sum(i => Weight(i) * Loss(Difference(i))), output.Map(i => Weight(i) * Slope(Difference(i))));
    };

    /// <summary>A gradient that the caller computes. The loss that it belongs to is the caller's, too; 0 stands for it.</summary>
    /// <param name="gradient">The gradient by each value.</param>
    public static ReferenceLoss Supplied(double[] gradient) => output =>
    {
        CheckCount(gradient.Length, output.Data.Length, nameof(gradient));
        return (0, new(output.Batch, output.Shape, gradient));
    };

    static void CheckCount(int count, int expected, string what)
    {
        if (count != expected) throw new ArgumentException($"There are {count} {what} for {expected} places", what);
    }
}
