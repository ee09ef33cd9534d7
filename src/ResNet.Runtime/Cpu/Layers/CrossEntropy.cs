using ResNet.Runtime.Cpu.Memory;

namespace ResNet.Runtime.Cpu.Layers;

/// <summary>Softmax cross-entropy of images, one at a time; in double, since it is next to nothing.</summary>
static unsafe class CrossEntropy
{
    const int Lanes = ActivationLayout.BlockLanes;

    /// <summary>The loss of an image, before it is averaged over the batch, and its gradient.</summary>
    /// <param name="logits">NCHW16c vectors.</param>
    /// <param name="gradient">Receives the gradient of the batch's mean loss; may be the logits.</param>
    /// <param name="image">Which image.</param>
    /// <param name="label">Its class.</param>
    /// <param name="smoothing">Share of the target that is spread evenly over all classes (Szegedy et al. 2016, section 7).</param>
    /// <param name="batch">Images.</param>
    /// <returns>The loss, and whether the greatest logit is the label's.</returns>
    public static (double Loss, bool IsCorrect) Run(FeatureMaps logits, FeatureMaps gradient, int image, int label, double smoothing, int batch)
    {
        var (from, to) = (logits.Layout, gradient.Layout);
        var classes = from.Channels;
        double greatest = double.NegativeInfinity, mean = 0;
        var best = -1;
        for (var c = 0; c < classes; c++)
        {
            double score = At(logits, image, c);
            mean += score / classes;
            if (score > greatest) (greatest, best) = (score, c);
        }
        var sum = 0.0;
        // Shifting all scores changes nothing but keeps the exponentials finite.
        for (var c = 0; c < classes; c++) sum += Math.Exp(At(logits, image, c) - greatest);
        var logSum = Math.Log(sum) + greatest;
        var loss = logSum - (1 - smoothing) * At(logits, image, label) - smoothing * mean;
        for (var c = 0; c < classes; c++)
        {
            var target = smoothing / classes + (c == label ? 1 - smoothing : 0);
            At(gradient, image, c) = (float)((Math.Exp(At(logits, image, c) - logSum) - target) / batch);
        }
        for (var c = classes; c < to.Blocks * Lanes; c++) At(gradient, image, c) = 0;
        gradient.ClearHalo(image, 0, to.Blocks, 0, 1);
        return (loss, best == label);
    }

    static ref float At(FeatureMaps vector, int image, int channel) => ref vector.At(image, channel / Lanes, 0, 0)[channel % Lanes];
}
