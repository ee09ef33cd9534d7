namespace ResNet.Experiments.Budgets;

/// <summary>The length of every run of an experiment.</summary>
/// <param name="Epochs">Passes over the training images.</param>
/// <param name="Images">Training images.</param>
/// <param name="ValidationImages">Images to validate on.</param>
/// <param name="Batch">Images of a step.</param>
public sealed record Schedule(int Epochs, int Images, int ValidationImages, int Batch)
{
    /// <summary>The smallest batch that a budget leads to.</summary>
    public const int SmallestBatch = 8;

    /// <summary>The fewest steps that a budget leads to, and those below which smaller batches are taken: fewer teach nothing.</summary>
    public const int FewestSteps = 4, ScarceSteps = 50;

    // Forward is a third of a step.
    const double ValidationCost = 1.0 / 3;

    // Opening data, measuring the last layers, writing the page.
    const double SpentOtherwise = 0.05;

    /// <summary>Steps of a run.</summary>
    public long Steps => (long)Epochs * ((Images + Batch - 1) / Batch);

    /// <summary>
    /// Shortens a schedule until all runs fit into a time: to fewer epochs or, where not even one fits, to one epoch over fewer images, in
    /// smaller batches where too few steps would be left. It never falls below a few steps of the smallest batch, so a very small budget is exceeded.
    /// </summary>
    /// <param name="time">The time that is left for training and validation.</param>
    /// <param name="secondsPerImage">Time of a training image, summed over all runs.</param>
    /// <param name="classes">Classes of the images: each is validated on twice at the least.</param>
    /// <param name="passes">Forward passes over the images to validate on that come after the last epoch.</param>
    public Schedule Fit(TimeSpan time, double secondsPerImage, int classes, double passes = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(secondsPerImage);
        // In training images.
        var (affordable, last) = (time.TotalSeconds * (1 - SpentOtherwise) / secondsPerImage, passes * ValidationCost * ValidationImages);
        var epochs = (affordable - last) / (Images + ValidationCost * ValidationImages);
        if (epochs >= 1) return this with { Epochs = (int)Math.Min(Epochs, epochs) };
        epochs = affordable / (Images + ValidationCost * ValidationImages + last);
        var images = Math.Min(Images, Math.Max(FewestSteps * SmallestBatch, (int)(Math.Max(0, epochs) * Images)));
        var batch = Batch;
        while (batch > SmallestBatch && images < ScarceSteps * batch) batch = Math.Max(SmallestBatch, batch / 2);
        return new(1, images, Math.Min(ValidationImages, Math.Max(2 * classes, (int)(Math.Max(0, epochs) * ValidationImages))), batch);
    }

    /// <summary>Seconds that one run takes.</summary>
    /// <param name="secondsPerImage">Time of a training image of its network.</param>
    public double Seconds(double secondsPerImage) => Epochs * (Images + ValidationCost * ValidationImages) * secondsPerImage;
}
