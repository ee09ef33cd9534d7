using ResNet.Dsl;
using ResNet.Runtime;

namespace ResNet.Peers;

/// <summary>Random numbers to compute with, the same in every run.</summary>
static class RandomValues
{
    /// <summary>Fills an array uniformly.</summary>
    /// <returns>The same array.</returns>
    public static float[] Fill(float[] values, float least, float most, int seed)
    {
        Fill(values.AsSpan(), least, most, seed);
        return values;
    }

    /// <summary>
    /// Gives each batch normalization a scale, a shift and statistics of its own. A new network's are the identity, with which a
    /// program that confuses or forgets them would compute the same.
    /// </summary>
    public static void FillNormalizations(Parameters parameters)
    {
        foreach (var tensor in parameters.Tensors)
        {
            var range = tensor.Info.Kind switch
            {
                ParameterKind.Scale or ParameterKind.RunningVariance => (Least: 0.5f, Most: 1.5f),
                ParameterKind.Shift or ParameterKind.RunningMean => (-0.5f, 0.5f),
                _ => ((float Least, float Most)?)null,
            };
            if (range is var (least, most)) tensor.Edit(values => Fill(values, least, most, tensor.Offset));
        }
    }

    static void Fill(Span<float> values, float least, float most, int seed)
    {
#pragma warning disable CA5394 // numbers to compute with, not secrets
        var random = new Random(seed);
        foreach (ref var value in values) value = least + (most - least) * random.NextSingle();
#pragma warning restore CA5394
    }
}
