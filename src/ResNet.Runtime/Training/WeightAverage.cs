using System.Numerics;

namespace ResNet.Runtime.Training;

/// <summary>
/// Exponential moving average of the weights and running statistics. At first the decay is only (1 + n) / (10 + n) after n
/// updates, so that the start is forgotten soon.
/// </summary>
sealed class WeightAverage(Parameters parameters, double decay)
{
    public float[] Trained { get; } = parameters.Trained.ToArray();

    public float[] Statistics { get; } = parameters.Statistics.ToArray();

    /// <summary>Takes in the parameters as they are now.</summary>
    /// <param name="updates">Updates made before.</param>
    public void Update(long updates)
    {
        var kept = Math.Min(decay, (1.0 + updates) / (10.0 + updates));
        Move(Trained, parameters.Trained, (float)(1 - kept));
        Move(Statistics, parameters.Statistics, (float)(1 - kept));
    }

    /// <summary>Exchanges the average and the parameters; a second call restores both.</summary>
    public void Swap()
    {
        Swap(Trained, parameters.EditTrained());
        Swap(Statistics, parameters.EditStatistics());
    }

    static void Move(Span<float> average, ReadOnlySpan<float> values, float part)
    {
        var i = 0;
        for (; i <= average.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var old = new Vector<float>(average[i..]);
            (old + (new Vector<float>(values[i..]) - old) * part).CopyTo(average[i..]);
        }
        for (; i < average.Length; i++) average[i] += (values[i] - average[i]) * part;
    }

    static void Swap(Span<float> left, Span<float> right)
    {
        for (var i = 0; i < left.Length; i++) (left[i], right[i]) = (right[i], left[i]);
    }
}
