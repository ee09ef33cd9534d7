using System.Numerics;

namespace ResNet.Runtime.Optimizers;

/// <summary>
/// Exponential moving average of the weights and running statistics, where both lie: on the host, or in a device's memory.
/// At first the decay is only (1 + n) / (10 + n) after n updates, so that the start is forgotten soon.
/// </summary>
abstract class WeightAverage(Parameters parameters, double decay) : IDisposable
{
    /// <summary>Average of <see cref="Parameters.ReadTrained"/>; a copy, or to be written back.</summary>
    public abstract float[] Trained { get; set; }

    /// <summary>Average of <see cref="Parameters.ReadStatistics"/>; a copy, or to be written back.</summary>
    public abstract float[] Statistics { get; set; }

    /// <summary>Takes in the parameters as they are now.</summary>
    /// <param name="updates">Updates made before.</param>
    public void Update(long updates) => Move((float)(1 - Math.Min(decay, (1.0 + updates) / (10.0 + updates))));

    /// <summary>Exchanges the average and the parameters; a second call restores both.</summary>
    public void Swap()
    {
        lock (parameters.Gate)
        {
            Trained = Exchange(Trained, parameters.EditTrained());
            Statistics = Exchange(Statistics, parameters.EditStatistics());
        }
    }

    public abstract void Dispose();

    /// <summary>Moves the average toward the parameters.</summary>
    /// <param name="part">Which part of the way.</param>
    protected abstract void Move(float part);

    static float[] Exchange(float[] average, Span<float> values)
    {
        for (var i = 0; i < values.Length; i++) (average[i], values[i]) = (values[i], average[i]);
        return average;
    }
}

/// <summary>The average on the host.</summary>
sealed class HostAverage(Parameters parameters, double decay) : WeightAverage(parameters, decay)
{
    readonly Parameters _parameters = parameters;
    readonly float[] _trained = parameters.ReadTrained().ToArray(), _statistics = parameters.ReadStatistics().ToArray();

    public override float[] Trained
    {
        get => _trained;
        set => value.CopyTo(_trained, 0);
    }

    public override float[] Statistics
    {
        get => _statistics;
        set => value.CopyTo(_statistics, 0);
    }

    public override void Dispose()
    {
    }

    protected override void Move(float part)
    {
        Move(_trained, _parameters.ReadTrained(), part);
        Move(_statistics, _parameters.ReadStatistics(), part);
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
}
