using ResNet.Runtime.Tensors;

namespace ResNet.Runtime.Training;

/// <summary>
/// Mixing of images within a batch, as torchvision's references define it: one share λ and one box for a batch; image i is mixed with image i - 1, the first one with the last;
/// targets become λ·own + (1 - λ)·other. What is drawn follows from the trainer's seed, the epoch and the batch's number alone.
/// </summary>
public sealed record Mixing
{
    /// <summary>Mixup (Zhang et al. 2017): α of the distribution Beta(α, α) of λ, by which pixels are averaged; 0 for none.</summary>
    public double Mixup { get; init; }

    /// <summary>
    /// CutMix (Yun et al. 2019): α of the distribution Beta(α, α) of λ, the share of the image that stays when a box of the other replaces the rest; 0 for none. A box that
    /// is cut at the border is smaller, and λ then greater.
    /// </summary>
    public double CutMix { get; init; }

    /// <summary>Probability that a batch is mixed at all.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>Probability that a batch that is mixed is mixed by <see cref="CutMix"/>, where there is both.</summary>
    public double CutMixShare { get; init; } = 0.5;

    /// <summary>Draws how a batch is mixed.</summary>
    /// <param name="random">The numbers that belong to the batch.</param>
    /// <param name="width">Columns of an image.</param>
    /// <param name="height">Rows of an image.</param>
    /// <returns>Null where it stays as it is.</returns>
    internal Mix? Draw(CounterRandom random, int width, int height)
    {
        if (random.Uniform(0) >= Probability) return null;
        if (CutMix > 0 && (Mixup == 0 || random.Uniform(1) < CutMixShare))
            return Mix.Box(BetaDraw.Of(new(random[2]), CutMix), random.Below(width, 3), random.Below(height, 4), width, height);
        return Mixup > 0 ? new(BetaDraw.Of(new(random[2]), Mixup), null) : null;
    }

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message names it.</exception>
    internal void Check()
    {
        Require(Mixup >= 0 && double.IsFinite(Mixup), nameof(Mixup), Mixup, "at least 0");
        Require(CutMix >= 0 && double.IsFinite(CutMix), nameof(CutMix), CutMix, "at least 0");
        Require(Probability is >= 0 and <= 1, nameof(Probability), Probability, "0 to 1");
        Require(CutMixShare is >= 0 and <= 1, nameof(CutMixShare), CutMixShare, "0 to 1");
    }

    static void Require(bool holds, string name, double value, string expected)
    {
        if (!holds) throw new ArgumentException($"{nameof(Mixing)}.{name} is {value}; expected {expected}");
    }
}
