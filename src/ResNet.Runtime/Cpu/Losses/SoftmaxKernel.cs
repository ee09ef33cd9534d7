using ResNet.Runtime.Cpu.Memory;

namespace ResNet.Runtime.Cpu.Losses;

/// <summary>Softmax cross-entropy of feature maps, a row of positions at a time; in double, since it is next to nothing.</summary>
static unsafe class SoftmaxKernel
{
    const int Lanes = ActivationLayout.BlockLanes;

    /// <summary>The loss of a row, before it is divided, and its gradient.</summary>
    /// <param name="logits">NCHW16c.</param>
    /// <param name="gradient">Receives the gradient of the total.</param>
    /// <param name="image">Which image.</param>
    /// <param name="row">Which row of it.</param>
    /// <param name="targets">Labels and weights.</param>
    /// <param name="smoothing">Share of the target that is spread evenly over all classes (Szegedy et al. 2016, section 7).</param>
    /// <returns>The weighted sum of the losses, and the number of positions with weight whose greatest logit is the label's.</returns>
    public static (double Loss, int Correct) Run(FeatureMaps logits, FeatureMaps gradient, int image, int row, in LossTargets targets, double smoothing)
    {
        var (from, to) = (logits.Layout, gradient.Layout);
        var (total, correct) = (0.0, 0);
        for (var x = 0; x < from.Width; x++)
        {
            var place = (image * from.Height + row) * from.Width + x;
            var weight = targets.Weight(place);
            if (weight == 0)
            {
                for (var block = 0; block < to.Blocks; block++) new Span<float>(gradient.At(image, block, row, x), Lanes).Clear();
                continue;
            }
            var (loss, isCorrect) = Run(logits, gradient, image, row, x, targets.Label(place), weight, targets, smoothing);
            total += weight * loss;
            if (isCorrect) correct++;
        }
        gradient.ClearHalo(image, 0, to.Blocks, row, row + 1);
        return (total, correct);
    }

    static (double Loss, bool IsCorrect) Run(
        FeatureMaps logits, FeatureMaps gradient, int image, int y, int x, int label, float weight, in LossTargets targets, double smoothing)
    {
        var classes = logits.Layout.Channels;
        double greatest = double.NegativeInfinity, mean = 0;
        var best = -1;
        for (var c = 0; c < classes; c++)
        {
            double score = At(logits, image, c, y, x);
            mean += score / classes;
            if (score > greatest) (greatest, best) = (score, c);
        }
        var sum = 0.0;
        // Shifting all scores changes nothing but keeps the exponentials finite.
        for (var c = 0; c < classes; c++) sum += Math.Exp(At(logits, image, c, y, x) - greatest);
        var logSum = Math.Log(sum) + greatest;
        var loss = logSum - (1 - smoothing) * At(logits, image, label, y, x) - smoothing * mean;
        for (var c = 0; c < classes; c++)
        {
            var target = smoothing / classes + (c == label ? 1 - smoothing : 0);
            At(gradient, image, c, y, x) = (float)targets.Scale(Math.Exp(At(logits, image, c, y, x) - logSum) - target, weight);
        }
        for (var c = classes; c < gradient.Layout.Blocks * Lanes; c++) At(gradient, image, c, y, x) = 0;
        return (loss, best == label);
    }

    static ref float At(FeatureMaps maps, int image, int channel, int y, int x) => ref maps.At(image, channel / Lanes, y, x)[channel % Lanes];
}
