using ResNet.Runtime.Tensors;

namespace ResNet.Runtime.Data.Shapes;

/// <summary>Successive values of a <see cref="CounterRandom"/>.</summary>
struct RandomSequence(CounterRandom values)
{
    long _position;

    /// <summary>Uniform in [<paramref name="from"/>, <paramref name="to"/>).</summary>
    public double Between(double from, double to) => from + (to - from) * values.Uniform(_position++);

    /// <summary>Uniform among 0 … <paramref name="count"/> - 1.</summary>
    public int Below(int count) => (int)Between(0, count);
}
