namespace ResNet.Runtime.Classification;

/// <summary>The means of the scores of pictures, over all views and networks, each of which counts the same.</summary>
/// <param name="pictures">Number of pictures.</param>
/// <param name="classes">Number of classes.</param>
/// <param name="average">The scores that are averaged.</param>
sealed class ScoreMean(int pictures, int classes, ScoreAverage average)
{
    readonly double[] _sums = new double[pictures * classes];
    readonly int[] _counts = new int[pictures];

    /// <summary>Counts the logits of a view.</summary>
    /// <param name="picture">The number of its picture.</param>
    /// <param name="logits">A value per class.</param>
    public void Add(int picture, ReadOnlySpan<float> logits)
    {
        var sums = _sums.AsSpan(picture * classes, classes);
        _counts[picture]++;
        if (average == ScoreAverage.Logits)
        {
            for (var i = 0; i < classes; i++) sums[i] += logits[i];
            return;
        }
        var largest = float.NegativeInfinity;
        foreach (var logit in logits) largest = Math.Max(largest, logit);
        var total = 0.0;
        foreach (var logit in logits) total += Math.Exp((double)logit - largest);
        for (var i = 0; i < classes; i++) sums[i] += Math.Exp((double)logits[i] - largest) / total;
    }

    /// <summary>Writes the means as logits: those of probabilities as their logarithms, of which softmax makes them again.</summary>
    /// <param name="scores">pictures × classes.</param>
    public void CopyTo(Span<float> scores)
    {
        for (var i = 0; i < _sums.Length; i++)
        {
            var mean = _sums[i] / _counts[i / classes];
            scores[i] = (float)(average == ScoreAverage.Logits ? mean : Math.Log(mean));
        }
    }
}
