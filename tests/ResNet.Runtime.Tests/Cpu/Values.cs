using ResNet.Runtime.Tensors;

namespace ResNet.Runtime.Tests.Cpu;

static class Values
{
    /// <summary>Numbers in −1 … 1, the same in every run.</summary>
    public static float[] Random(int count, int seed)
    {
        var random = new Random(seed);
        var values = new float[count];
        for (var i = 0; i < count; i++) values[i] = random.NextSingle() * 2 - 1;
        return values;
    }

    /// <summary>Normally distributed numbers, the same in every run.</summary>
    public static float[] Normal(int count, double deviation, int seed)
    {
        var values = new float[count];
        new CounterRandom((ulong)seed).FillNormal(values, deviation);
        return values;
    }
}
