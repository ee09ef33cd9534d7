using ResNet.Dsl;
using ResNet.Runtime.Initialization;
using ResNet.Runtime.Tests.Networks;

namespace ResNet.Runtime.Gpu.Tests;

/// <summary>The networks that are computed, on any device, and what they are computed with.</summary>
static class Nets
{
    static readonly Dictionary<string, Func<Device?, Network>> s_create = new()
    {
        ["Tiny"] = device => new Tiny(device),
        ["ResNet18"] = device => new ResNet18(device),
        ["ResNet50"] = device => new ResNet50(device),
        ["ResNet50In1x1"] = device => new ResNet50In1x1(device),
        ["ResNet152"] = device => new ResNet152(device),
        ["Plain34"] = device => new Plain34(device),
        ["ResNet18ZeroPad"] = device => new ResNet18ZeroPad(device),
        ["ResNet18AlwaysProjects"] = device => new ResNet18AlwaysProjects(device),
        ["ResNeXt50"] = device => new ResNeXt50(device),
        ["WideResNet50"] = device => new WideResNet50(device),
        ["PreActivation18"] = device => new PreActivation18(device),
        ["PreActivation50"] = device => new PreActivation50(device),
        ["Cifar20"] = device => new Cifar20(device),
        ["Cifar20OfOddSize"] = device => new Cifar20OfOddSize(device),
        ["CifarPlain20"] = device => new CifarPlain20(device),
        ["Cifar20Projects"] = device => new Cifar20Projects(device),
        ["Cifar14AlwaysProjects"] = device => new Cifar14AlwaysProjects(device),
        ["Cifar20PreActivation"] = device => new Cifar20PreActivation(device),
        ["Cifar20BatchNormAfterAddition"] = device => new Cifar20BatchNormAfterAddition(device),
        ["Cifar20ReluBeforeAddition"] = device => new Cifar20ReluBeforeAddition(device),
        ["Cifar20ReluOnlyPreActivation"] = device => new Cifar20ReluOnlyPreActivation(device),
        ["Cifar29PreActivation"] = device => new Cifar29PreActivation(device),
        ["Oddities"] = device => new Oddities(device),
    };

    public static IEnumerable<string> Names => s_create.Keys;

    /// <summary>A network with the parameters that it has on every device: as of a trained one, so that no factor is one.</summary>
    public static Network Create(string name, Device? device)
    {
        var net = s_create[name](device);
        new HeInitializer(3).Initialize(net.Parameters);
        foreach (var tensor in net.Parameters.Tensors)
        {
            var random = new CounterRandom(11, tensor.Name);
            var values = tensor.Edit();
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = tensor.Info.Kind switch
                {
                    ParameterKind.Scale => 0.5f + 0.5f * (float)random.Uniform(i),
                    ParameterKind.RunningVariance => 0.6f + (float)random.Uniform(i),
                    ParameterKind.Shift or ParameterKind.RunningMean or ParameterKind.Bias => 0.2f * (float)random.Normal(i),
                    _ => values[i],
                };
            }
        }
        return net;
    }

    public static Tensor Images(Network net, int batch)
    {
        var input = net.Definition.Input;
        var images = new Tensor(batch, input.Channels, input.Height, input.Width);
        var random = new CounterRandom(7);
        for (var i = 0; i < images.Data.Length; i++) images.Data[i] = (float)random.Normal(i);
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
