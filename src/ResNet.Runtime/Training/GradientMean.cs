using System.Numerics;

namespace ResNet.Runtime.Training;

/// <summary>The mean of the gradients of several batches, each counted by its images.</summary>
/// <param name="length">Number of trained values.</param>
sealed class GradientMean(int length)
{
    readonly float[] _sum = new float[length];

    /// <summary>Images so far.</summary>
    public int Images { get; private set; }

    /// <summary>Begins anew, independent of the state that a failed step left.</summary>
    public void Begin()
    {
        Array.Clear(_sum);
        Images = 0;
    }

    /// <summary>Takes in the mean gradient of a batch.</summary>
    public void Add(ReadOnlySpan<float> gradients, int images)
    {
        Images += images;
        var i = 0;
        for (; i <= _sum.Length - Vector<float>.Count; i += Vector<float>.Count)
            (new Vector<float>(_sum, i) + new Vector<float>(gradients[i..]) * images).CopyTo(_sum, i);
        for (; i < _sum.Length; i++) _sum[i] += gradients[i] * images;
    }

    /// <summary>Writes the mean.</summary>
    public void Take(Span<float> to)
    {
        for (var i = 0; i < _sum.Length; i++) to[i] = _sum[i] / Images;
    }
}
