using ResNet.Runtime.Data;

namespace ResNet.Runtime.Evaluation;

/// <summary>The result of a network on a data set.</summary>
/// <param name="Images">Images that were classified.</param>
/// <param name="Top1">Images whose likeliest class was the right one.</param>
/// <param name="Top5">Images whose right class was among the five likeliest.</param>
/// <param name="Elapsed">Time from the first file to the last logit.</param>
public sealed record EvaluationResult(int Images, int Top1, int Top5, TimeSpan Elapsed)
{
    /// <summary>Part of the images whose likeliest class was the right one, from 0 to 1.</summary>
    public double Top1Accuracy => (double)Top1 / Images;

    /// <summary>Part of the images whose right class was among the five likeliest, from 0 to 1.</summary>
    public double Top5Accuracy => (double)Top5 / Images;

    /// <summary>
    /// Bounds, from 0 to 1, within which the accuracy of the network on all such images lies in 95 of 100 evaluations: Wilson's score
    /// interval (Wilson 1927). The fewer the images, the further apart they are.
    /// </summary>
    public (double Lower, double Upper) Top1Interval
    {
        get
        {
            // The 97.5 % quantile of the normal distribution.
            const double z = 1.959963984540054;
            var center = (Top1 + z * z / 2) / (Images + z * z);
            var width = z / (Images + z * z) * Math.Sqrt((double)Top1 * (Images - Top1) / Images + z * z / 4);
            return (Math.Max(0, center - width), Math.Min(1, center + width));
        }
    }

    /// <summary>Images per second, reading and preprocessing included.</summary>
    public double ImagesPerSecond => Images / Elapsed.TotalSeconds;

    /// <summary>The views of each image, and what was averaged over them.</summary>
    public TestProtocol Protocol { get; init; } = TestProtocol.CenterCrop;

    /// <summary>Number of networks whose scores were averaged.</summary>
    public int Networks { get; init; } = 1;

    /// <summary>Whether there was anything to average: several views, or several networks.</summary>
    public bool IsAveraged => Protocol.Views.Count > 1 || Networks > 1;

    /// <summary>Every image's answer, in the data set's order; empty unless asked for.</summary>
    public IReadOnlyList<EvaluatedImage> Predictions { get; init; } = [];

    /// <summary>The images that could not be read.</summary>
    public IReadOnlyList<BrokenImage> Broken { get; init; } = [];
}

/// <summary>The prediction for an image of a data set.</summary>
/// <param name="Index">The image's index in the data set.</param>
/// <param name="Class">The right class.</param>
/// <param name="Predicted">The likeliest class.</param>
/// <param name="Probability">The probability of <paramref name="Predicted"/>, from 0 to 1: the softmax of the mean logits, or the mean of probabilities.</param>
public readonly record struct EvaluatedImage(int Index, int Class, int Predicted, float Probability);

/// <summary>The progress of an evaluation.</summary>
/// <param name="Done">Images done.</param>
/// <param name="Count">Images of the data set.</param>
/// <param name="Top1">Number of images among those done and readable that were classified correctly.</param>
public readonly record struct EvaluationProgress(int Done, int Count, int Top1);
