using System.Globalization;

namespace ResNet.Runtime;

/// <summary>One of the classes that a network takes an image for.</summary>
/// <param name="Class">Index of the class.</param>
/// <param name="Label">Its name.</param>
/// <param name="Probability">Its softmax probability, from 0 to 1.</param>
public readonly record struct Prediction(int Class, string Label, float Probability)
{
    /// <summary><c>97.31 %  tabby cat</c>.</summary>
    public override string ToString() => string.Format(CultureInfo.InvariantCulture, "{0,6:F2} %  {1}", Probability * 100, Label);

    /// <summary>The likeliest classes of one image, the likeliest first; equal ones in the order of their indices.</summary>
    /// <param name="logits">One value per class, before softmax.</param>
    /// <param name="labels">One name per class.</param>
    /// <param name="top">How many; all if there are fewer.</param>
    internal static Prediction[] Best(ReadOnlySpan<float> logits, IReadOnlyList<string> labels, int top)
    {
        var values = logits.ToArray();
        var largest = values.Max();
        var sum = values.Sum(value => Math.Exp(value - largest));
        return [.. Enumerable.Range(0, values.Length)
            .OrderByDescending(index => values[index])
            .Take(top)
            .Select(index => new Prediction(index, labels[index], (float)(Math.Exp(values[index] - largest) / sum)))];
    }
}
