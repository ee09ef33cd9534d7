using ResNet.Dsl;
using ResNet.Runtime.Tensors;
using ResNet.Runtime.Tests.Networks;

namespace ResNet.Runtime.Gpu.Tests;

/// <summary>The networks that are computed, on any device, and what they are computed with.</summary>
static class Nets
{
    public static IEnumerable<string> Names => ["Tiny", .. TrainingCases.Names];

    /// <summary>A network with the parameters that it has on every device: as of a trained one, so that no factor is one.</summary>
    public static Network Create(string name, Device? device) => Randomized(name == "Tiny" ? new Tiny(device) : TrainingCases.Create(name, device));

    /// <summary>The network with parameters and statistics as of a trained one.</summary>
    public static Network Randomized(Network net)
    {
        TrainingCases.Randomize(net.Parameters);
        foreach (var tensor in net.Parameters.Tensors.Where(tensor => !tensor.Info.IsTrained))
        {
            var random = new CounterRandom(13, tensor.Name);
            var values = tensor.Edit();
            for (var i = 0; i < values.Length; i++)
                values[i] = tensor.Info.Kind == ParameterKind.RunningVariance ? 0.6f + (float)random.Uniform(i) : 0.2f * (float)random.Normal(i);
        }
        return net;
    }

    public static Tensor Images(Network net, int batch)
    {
        var input = net.Definition.Input;
        var images = new Tensor(batch, input.Channels, input.Height, input.Width);
        new CounterRandom(7).FillNormal(images.Data, 1);
        return images;
    }

    /// <summary>The greatest error, as a part of the greatest value.</summary>
    public static void AssertClose(ReadOnlySpan<double> expected, ReadOnlySpan<float> actual, double tolerance, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        double largest = 0, error = 0;
        for (var i = 0; i < expected.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs(expected[i]));
            error = Math.Max(error, Math.Abs(expected[i] - actual[i]));
        }
        Assert.True(error <= tolerance * largest + 1e-7, $"{what}: the largest error is {error / largest:e1} of the largest value, {largest:g3}");
    }

    public static double[] Doubles(ReadOnlySpan<float> values) => Array.ConvertAll(values.ToArray(), value => (double)value);
}
