using ResNet.Dsl;
using ResNet.Reference;
using ResNet.Runtime.Tensors;
using ResNet.Runtime.Weights.Initialization;

namespace ResNet.Runtime.Tests.Networks;

/// <summary>A compiled network computes what its layer tree, executed literally in double precision, computes.</summary>
public class CompiledAgainstReferenceTests
{
    public static TheoryData<string> Names => [.. _networks.Keys];

    static readonly Dictionary<string, Func<Device, Network>> _networks = new()
    {
        ["ResNet18"] = device => new ResNet18(device),
        ["ResNet34"] = device => new ResNet34(device),
        ["ResNet50"] = device => new ResNet50(device),
        ["ResNet50In1x1"] = device => new ResNet50In1x1(device),
        ["ResNet101"] = device => new ResNet101(device),
        ["ResNet152"] = device => new ResNet152(device),
        ["Plain34"] = device => new Plain34(device),
        ["ResNet18ZeroPad"] = device => new ResNet18ZeroPad(device),
        ["ResNet18AlwaysProjects"] = device => new ResNet18AlwaysProjects(device),
        ["ResNeXt50"] = device => new ResNeXt50(device),
        ["WideResNet50"] = device => new WideResNet50(device),
        ["PreActivation18"] = device => new PreActivation18(device),
        ["PreActivation50"] = device => new PreActivation50(device),
        ["Vgg16"] = device => new Vgg16(device),
        ["Vgg11BatchNorm"] = device => new Vgg11BatchNorm(device),
        ["ResNet18D"] = device => new ResNet18D(device),
        ["Cifar14Averages"] = device => new Cifar14Averages(device),
        ["Cifar20PreActivationAverages"] = device => new Cifar20PreActivationAverages(device),
        ["Cifar20"] = device => new Cifar20(device),
        ["Cifar20OfOddSize"] = device => new Cifar20OfOddSize(device),
        ["Cifar56"] = device => new Cifar56(device),
        ["CifarPlain20"] = device => new CifarPlain20(device),
        ["Cifar20Projects"] = device => new Cifar20Projects(device),
        ["Cifar14AlwaysProjects"] = device => new Cifar14AlwaysProjects(device),
        ["Cifar20PreActivation"] = device => new Cifar20PreActivation(device),
        ["Cifar20BatchNormAfterAddition"] = device => new Cifar20BatchNormAfterAddition(device),
        ["Cifar20ReluBeforeAddition"] = device => new Cifar20ReluBeforeAddition(device),
        ["Cifar20ReluOnlyPreActivation"] = device => new Cifar20ReluOnlyPreActivation(device),
        ["Cifar29PreActivation"] = device => new Cifar29PreActivation(device),
        ["Cifar29BatchNormAfterAddition"] = device => new Cifar29BatchNormAfterAddition(device),
        ["Cifar29ReluBeforeAddition"] = device => new Cifar29ReluBeforeAddition(device),
        ["Cifar1202"] = device => new Cifar1202(device),
        ["ResNet18OfWideImages"] = device => new ResNet18OfWideImages(device),
        ["Cifar14OfWideImages"] = device => new Cifar14OfWideImages(device),
        ["Cifar14OfTallImages"] = device => new Cifar14OfTallImages(device),
        ["Cifar14ConstantScaling"] = device => new Cifar14ConstantScaling(device),
        ["Cifar14FrozenGating"] = device => new Cifar14FrozenGating(device),
        ["Cifar20ExclusiveGating"] = device => new Cifar20ExclusiveGating(device),
        ["Cifar20ShortcutOnlyGating"] = device => new Cifar20ShortcutOnlyGating(device),
        ["Cifar14DropoutShortcut"] = device => new Cifar14DropoutShortcut(device),
        ["Cifar29ExclusiveGating"] = device => new Cifar29ExclusiveGating(device),
        ["Cifar20FrozenGating"] = device => new Cifar20FrozenGating(device),
        ["ResNet18ShortcutOnlyGating"] = device => new ResNet18ShortcutOnlyGating(device),
        ["CifarWide16x2"] = device => new CifarWide16x2(device),
        ["CifarWide10x1"] = device => new CifarWide10x1(device),
        ["Oddities"] = device => new Oddities(device),
        ["GatedShortcut"] = device => new GatedShortcut(device),
        ["ExclusiveGating"] = device => new ExclusiveGating(device),
        ["VggLike"] = device => new VggLike(device),
        ["FrozenNorms"] = device => new FrozenNorms(device),
        ["Scales"] = device => new Scales(device),
        ["DropoutShortcut"] = device => new DropoutShortcut(device),
        ["Cifar20OfStochasticDepth"] = device => new Cifar20OfStochasticDepth(device),
        ["DroppedImages"] = device => new DroppedImages(device),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void LogitsAndTapsAgree(string network)
    {
        const int batch = 2;
        using var direct = new CpuDevice(convolution: ConvolutionAlgorithm.Direct);
        using var net = _networks[network](direct);
        Randomize(net.Parameters);
        var input = net.Definition.Input;
        var images = new Tensor(batch, input.Channels, input.Height, input.Width);
        new CounterRandom(7).FillNormal(images.Data, 1);
        var expected = new ReferenceInterpreter(net.Parameters).Infer(images.Data);

        AssertAgrees(expected, net, images, 1e-5);
        using var winograd = new CpuDevice(convolution: ConvolutionAlgorithm.Winograd4x4);
        using var filtered = _networks[network](winograd);
        net.Parameters.ReadTrained().CopyTo(filtered.Parameters.EditTrained());
        net.Parameters.ReadStatistics().CopyTo(filtered.Parameters.EditStatistics());
        AssertAgrees(expected, filtered, images, 1e-4);
    }

    static void AssertAgrees(ReferenceOutput expected, Network net, Tensor images, double tolerance)
    {
        AssertClose(expected.Output, net.Predict(images).Data, tolerance);
        var features = net.Features(images);
        Assert.Equal(expected.Taps.Keys.Order(), features.Keys.Order());
        foreach (var (tap, values) in expected.Taps) AssertClose(values, features[tap].Data, tolerance);
    }

    /// <summary>Statistics and shifts as of a trained network, beside the weights of a new one, so that no fold is the identity, at a scale that depth does not blow up.</summary>
    static void Randomize(Parameters parameters)
    {
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

    static void AssertClose(ReadOnlySpan<double> expected, ReadOnlySpan<float> actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        double largest = 0, error = 0;
        for (var i = 0; i < expected.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs(expected[i]));
            error = Math.Max(error, Math.Abs(expected[i] - actual[i]));
        }
        Assert.InRange(largest, 1e-6, 1e9);
        Assert.True(error <= tolerance * largest, $"The largest error is {error / largest:e1} of the largest value, {largest:g3}");
    }
}
