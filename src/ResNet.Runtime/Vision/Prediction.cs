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
    /// <param name="top">Number of predictions, at least one; all if there are fewer.</param>
    /// <exception cref="ArgumentException">There are no logits, or not as many names.</exception>
    public static IReadOnlyList<Prediction> Best(ReadOnlySpan<float> logits, IReadOnlyList<string> labels, int top)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        if (logits.Length == 0 || labels.Count != logits.Length)
            throw new ArgumentException($"There are {labels.Count} names for {logits.Length} classes", nameof(labels));
        var values = logits.ToArray();
        var order = new int[values.Length];
        for (var i = 0; i < order.Length; i++) order[i] = i;
        Array.Sort(order, (one, other) => values[other].CompareTo(values[one]) is not 0 and var by ? by : one.CompareTo(other));
        var largest = values[order[0]];
        var sum = 0.0;
        foreach (var value in values) sum += Math.Exp(value - largest);
        var best = new Prediction[Math.Min(top, values.Length)];
        for (var i = 0; i < best.Length; i++)
            best[i] = new(order[i], labels[order[i]], (float)(Math.Exp(values[order[i]] - largest) / sum));
        return best;
    }
}
