using ResNet.Dsl;
using ResNet.Runtime.Initialization;
using ResNet.Runtime.Reference;

namespace ResNet.Runtime.Tests.Networks;

/// <summary>A compiled network computes what its layer tree, executed literally in double precision, computes.</summary>
public class CompiledAgainstReferenceTests
{
    public static TheoryData<string> Names => [.. Networks.Keys];

    static readonly Dictionary<string, Func<Network>> Networks = new()
    {
        ["ResNet18"] = () => new ResNet18(),
        ["ResNet34"] = () => new ResNet34(),
        ["ResNet50"] = () => new ResNet50(),
        ["ResNet50In1x1"] = () => new ResNet50In1x1(),
        ["ResNet101"] = () => new ResNet101(),
        ["ResNet152"] = () => new ResNet152(),
        ["Plain34"] = () => new Plain34(),
        ["ResNet18ZeroPad"] = () => new ResNet18ZeroPad(),
        ["ResNet18AlwaysProjects"] = () => new ResNet18AlwaysProjects(),
        ["ResNeXt50"] = () => new ResNeXt50(),
        ["WideResNet50"] = () => new WideResNet50(),
        ["PreActivation18"] = () => new PreActivation18(),
        ["PreActivation50"] = () => new PreActivation50(),
        ["Cifar20"] = () => new Cifar20(),
        ["Cifar20OfOddSize"] = () => new Cifar20OfOddSize(),
        ["Cifar56"] = () => new Cifar56(),
        ["CifarPlain20"] = () => new CifarPlain20(),
        ["Cifar20Projects"] = () => new Cifar20Projects(),
        ["Cifar14AlwaysProjects"] = () => new Cifar14AlwaysProjects(),
        ["Cifar20PreActivation"] = () => new Cifar20PreActivation(),
        ["Cifar20BatchNormAfterAddition"] = () => new Cifar20BatchNormAfterAddition(),
        ["Cifar20ReluBeforeAddition"] = () => new Cifar20ReluBeforeAddition(),
        ["Cifar20ReluOnlyPreActivation"] = () => new Cifar20ReluOnlyPreActivation(),
        ["Cifar29PreActivation"] = () => new Cifar29PreActivation(),
        ["Cifar29BatchNormAfterAddition"] = () => new Cifar29BatchNormAfterAddition(),
        ["Cifar29ReluBeforeAddition"] = () => new Cifar29ReluBeforeAddition(),
        ["Cifar1202"] = () => new Cifar1202(),
        ["Oddities"] = () => new Oddities(),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void LogitsAndTapsAgree(string network)
    {
        const int batch = 2;
        using var net = Networks[network]();
        Randomize(net.Parameters);
        var input = net.Definition.Input;
        var images = new Tensor(batch, input.Channels, input.Height, input.Width);
        var random = new CounterRandom(7);
        for (var i = 0; i < images.Data.Length; i++) images.Data[i] = (float)random.Normal(i);

        var expected = new ReferenceInterpreter(net.Parameters).Infer(images.Data);

        AssertClose(expected.Output, net.Predict(images).Data);
        var features = net.Features(images);
        Assert.Equal(expected.Taps.Keys.Order(), features.Keys.Order());
        foreach (var (tap, values) in expected.Taps) AssertClose(values, features[tap].Data);
    }

    /// <summary>Statistics and shifts as of a trained network, so that no fold is the identity, at a scale that depth does not blow up.</summary>
    static void Randomize(Parameters parameters)
    {
        new HeInitializer(3).Initialize(parameters);
        // Each addition adds variance: hundreds of them in a row would leave the range of floats.
        var gain = parameters.Tensors.Count > 1000 ? 0.1f : 1;
        foreach (var tensor in parameters.Tensors)
        {
            var random = new CounterRandom(11, tensor.Name);
            var values = tensor.Edit();
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = tensor.Info.Kind switch
                {
                    ParameterKind.Scale => gain * (0.5f + 0.5f * (float)random.Uniform(i)),
                    ParameterKind.RunningVariance => 0.6f + (float)random.Uniform(i),
                    ParameterKind.Shift or ParameterKind.RunningMean or ParameterKind.Bias => 0.2f * (float)random.Normal(i),
                    _ => values[i],
                };
            }
        }
    }

    static void AssertClose(ReadOnlySpan<double> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        double largest = 0, error = 0;
        for (var i = 0; i < expected.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs(expected[i]));
            error = Math.Max(error, Math.Abs(expected[i] - actual[i]));
        }
        Assert.InRange(largest, 1e-6, 1e9);
        Assert.True(error <= 1e-5 * largest, $"The largest error is {error / largest:e1} of the largest value, {largest:g3}");
    }
}
