namespace ResNet.Runtime.Evaluation;

/// <summary>
/// Compares confidence with accuracy: of the images that a network is 80 % sure of, 80 % should be right. The confidence of an
/// answer is the softmax probability of the likeliest class (Guo et al. 2017, "On Calibration of Modern Neural Networks", section 2).
/// </summary>
public sealed class Calibration
{
    /// <summary>The paper's number of bins.</summary>
    public const int DefaultBins = 15;

    /// <summary>Sorts the answers of an evaluation into bins of equal width by their confidence.</summary>
    /// <param name="answers">The answers, as <see cref="EvaluationResult.Predictions"/> holds them.</param>
    /// <param name="bins">Number of bins; at least one.</param>
    public Calibration(IEnumerable<EvaluatedImage> answers, int bins = DefaultBins)
    {
        ArgumentNullException.ThrowIfNull(answers);
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        var (images, right, confidence) = (new int[bins], new int[bins], new double[bins]);
        foreach (var answer in answers)
        {
            if (float.IsNaN(answer.Probability))
            {
                Omitted++;
                continue;
            }
            // Bin m holds what is greater than m / bins and at most (m + 1) / bins.
            var bin = Math.Clamp((int)Math.Ceiling((double)answer.Probability * bins) - 1, 0, bins - 1);
            images[bin]++;
            confidence[bin] += answer.Probability;
            if (answer.Predicted == answer.Class) right[bin]++;
        }
        Bins = [.. Enumerable.Range(0, bins).Select(bin => new CalibrationBin(
            (double)bin / bins, (bin + 1.0) / bins, images[bin], right[bin], images[bin] == 0 ? null : confidence[bin] / images[bin]))];
        Images = images.Sum();
    }

    /// <summary>The bins, by increasing confidence.</summary>
    public IReadOnlyList<CalibrationBin> Bins { get; }

    /// <summary>Images in the bins.</summary>
    public int Images { get; }

    /// <summary>Images whose probability is not a number, as of weights that have diverged; they are in no bin.</summary>
    public int Omitted { get; }

    /// <summary>
    /// The expected calibration error, from 0 to 1: the mean distance between accuracy and confidence of the bins, weighted by
    /// their images (equation 3). Null without images.
    /// </summary>
    public double? ExpectedError => Images == 0 ? null : Bins.Sum(bin => bin.Images * (bin.Gap ?? 0)) / Images;

    /// <summary>The greatest distance between accuracy and confidence of a bin, from 0 to 1 (equation 5). Null without images.</summary>
    public double? MaximumError => Bins.Max(bin => bin.Gap);
}

/// <summary>The answers of similar confidence.</summary>
/// <param name="Lower">The bin's lower bound, which it does not include, from 0 to 1.</param>
/// <param name="Upper">The bin's upper bound, which it includes, from 0 to 1.</param>
/// <param name="Images">Number of images.</param>
/// <param name="Right">Images whose likeliest class was the right one.</param>
/// <param name="Confidence">Mean probability of the likeliest class, from 0 to 1; null without images.</param>
public readonly record struct CalibrationBin(double Lower, double Upper, int Images, int Right, double? Confidence)
{
    /// <summary>Part of the images whose likeliest class was the right one, from 0 to 1; null without images.</summary>
    public double? Accuracy => Images == 0 ? null : (double)Right / Images;

    /// <summary>Distance between accuracy and confidence; null without images.</summary>
    public double? Gap => Accuracy - Confidence is { } difference ? Math.Abs(difference) : null;
}
