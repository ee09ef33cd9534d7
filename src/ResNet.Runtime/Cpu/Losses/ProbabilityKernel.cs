using ResNet.Runtime.Cpu.Memory;

namespace ResNet.Runtime.Cpu.Losses;

/// <summary>Softmax cross-entropy of vectors whose targets are a share of each class.</summary>
static unsafe class ProbabilityKernel
{
    const int Lanes = ActivationLayout.BlockLanes;

    /// <summary>The loss of an image, before it is divided, and its gradient.</summary>
    /// <param name="logits">NCHW16c, of one position.</param>
    /// <param name="gradient">Receives the gradient of the total.</param>
    /// <param name="image">Which image.</param>
    /// <param name="targets">Shares and weights.</param>
    /// <param name="smoothing">Share of the target that is spread evenly over all classes.</param>
    /// <returns>The weighted loss, and 1 if the image has weight and its greatest logit is that of the greatest target.</returns>
    public static (double Loss, int Correct) Run(FeatureMaps logits, FeatureMaps gradient, int image, in LossTargets targets, double smoothing)
    {
        var classes = logits.Layout.Channels;
        var weight = targets.Weight(image);
        for (var c = 0; c < gradient.Layout.Blocks * Lanes; c++) At(gradient, image, c) = 0;
        gradient.ClearHalo(image, 0, gradient.Layout.Blocks, 0, 1);
        if (weight == 0) return (0, 0);

        var greatest = double.NegativeInfinity;
        for (var c = 0; c < classes; c++) greatest = Math.Max(greatest, At(logits, image, c));
        double sum = 0, share = 0, own = 0;
        for (var c = 0; c < classes; c++)
        {
            var (score, target) = (At(logits, image, c) - greatest, Target(targets, image * classes + c));
            sum += Math.Exp(score);
            share += target;
            own += target * score;
        }
        var logSum = Math.Log(sum);
        for (var c = 0; c < classes; c++)
        {
            var probability = Math.Exp(At(logits, image, c) - greatest - logSum);
            At(gradient, image, c) = (float)targets.Scale(share * probability - Target(targets, image * classes + c), weight);
        }
        return (weight * (share * logSum - own), IsRight(logits, image, targets) ? 1 : 0);

        double Target(in LossTargets all, int at) => smoothing / classes + (1 - smoothing) * all.Value(at);
    }

    /// <summary>Whether the first of the greatest logits and the first of the greatest targets are of the same class.</summary>
    /// <param name="logits">NCHW16c, of one position.</param>
    /// <param name="image">Which image.</param>
    /// <param name="targets">A target for each class.</param>
    public static bool IsRight(FeatureMaps logits, int image, in LossTargets targets)
    {
        var classes = logits.Layout.Channels;
        var (guess, label) = (0, 0);
        for (var c = 1; c < classes; c++)
        {
            if (At(logits, image, c) > At(logits, image, guess)) guess = c;
            if (targets.Value(image * classes + c) > targets.Value(image * classes + label)) label = c;
        }
        return guess == label;
    }

    static ref float At(FeatureMaps maps, int image, int channel) => ref maps.At(image, channel / Lanes, 0, 0)[channel % Lanes];
}
