using System.Runtime.Intrinsics;
using System.Text;

namespace ResNet.Runtime.Tensors;

/// <summary>
/// Random numbers as a function of a key and a position: SplitMix64 (Steele, Lea and Flood 2014), whose n-th value needs
/// none before it. The same on every machine and in every version, which System.Random does not promise.
/// </summary>
readonly struct CounterRandom
{
    const ulong Gamma = 0x9E3779B97F4A7C15;
    readonly ulong _key;

    public CounterRandom(ulong key) => _key = key;

    /// <summary>The stream that belongs to a name: independent of every other name's.</summary>
    public CounterRandom(ulong seed, string name) => _key = Mix(Mix(seed + Gamma) ^ Fnv1a(name));

    /// <summary>The key from which the stream's numbers follow, beside their positions.</summary>
    public ulong Key => _key;

    public ulong this[long position] => Mix(unchecked(_key + Gamma * ((ulong)position + 1)));

    /// <summary>Uniform in [0, 1), from the upper 53 bits.</summary>
    public double Uniform(long position) => (this[position] >> 11) * (1.0 / (1L << 53));

    /// <summary>Uniform among 0 … <paramref name="count"/> - 1.</summary>
    public int Below(int count, long position) => (int)(Uniform(position) * count);

    /// <summary>Brings items into a random order (Fisher and Yates's shuffle).</summary>
    public void Shuffle<T>(T[] items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var other = Below(i + 1, i);
            (items[i], items[other]) = (items[other], items[i]);
        }
    }

    /// <summary>Standard normal (Box and Muller 1958); each takes two positions of the stream.</summary>
    public double Normal(long position)
    {
        // 1 - u lies in (0, 1], where the logarithm is finite.
        var radius = Math.Sqrt(-2 * Math.Log(1 - Uniform(2 * position)));
        return radius * Math.Cos(2 * Math.PI * Uniform(2 * position + 1));
    }

    /// <summary>
    /// Fills a tensor with normal numbers of a standard deviation, the stream's first: <see cref="Normal"/> of each position to a
    /// unit in the last place of a double, four at a time, since large networks have millions of them.
    /// </summary>
    public void FillNormal(Span<float> values, double deviation)
    {
        var count = Vector256<double>.Count;
        Span<double> radii = stackalloc double[count], angles = stackalloc double[count];
        for (var i = 0; i < values.Length; i += count)
        {
            for (var lane = 0; lane < count; lane++)
            {
                radii[lane] = 1 - Uniform(2 * (i + lane));
                angles[lane] = 2 * Math.PI * Uniform(2 * (i + lane) + 1);
            }
            var radius = Vector256.Sqrt(-2 * Vector256.Log(Vector256.Create<double>(radii)));
            var normals = deviation * (radius * Vector256.Cos(Vector256.Create<double>(angles)));
            for (var lane = 0; lane < Math.Min(count, values.Length - i); lane++) values[i + lane] = (float)normals[lane];
        }
    }

    /// <summary>Fowler, Noll and Vo's hash of the UTF-8 text; string.GetHashCode differs from run to run.</summary>
    public static ulong Fnv1a(string text)
    {
        var hash = 0xCBF29CE484222325;
        foreach (var value in Encoding.UTF8.GetBytes(text))
            hash = unchecked((hash ^ value) * 0x100000001B3);
        return hash;
    }

    static ulong Mix(ulong z)
    {
        unchecked
        {
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
