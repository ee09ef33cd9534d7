using ResNet.Dsl;
using ResNet.Reference;
using ResNet.Runtime.Tensors;
using ResNet.Runtime.Weights.Initialization;

namespace ResNet.Runtime.Tests.Networks;

// Where the last stage sees one pixel, a batch of six leaves its normalizations six values: large images, narrow networks.

[ResNet(Depth = 50, ImageSize = 64, Classes = 7, WidthPerGroup = 8, Downsample = Downsample.In1x1)] sealed partial class NarrowResNet50In1x1;
[ResNet(Depth = 50, ImageSize = 64, Classes = 7, Groups = 8, WidthPerGroup = 4)] sealed partial class NarrowResNeXt50;
[ResNet(Depth = 50, ImageSize = 64, Classes = 7, WidthPerGroup = 8, Unit = Unit.PreActivation)] sealed partial class NarrowPreActivation50;
[ResNet(Depth = 101, ImageSize = 64, Classes = 7, WidthPerGroup = 8)] sealed partial class NarrowResNet101;

/// <summary>The networks that are trained, on any device, for a step that is compared with the reference's.</summary>
static class TrainingCases
{
    static readonly Dictionary<string, Func<Device?, Network>> _networks = new()
    {
        ["Cifar14Averages"] = device => new Cifar14Averages(device),
        ["Cifar20PreActivationAverages"] = device => new Cifar20PreActivationAverages(device),
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
        ["Cifar56"] = device => new Cifar56(device),
        ["Cifar29BatchNormAfterAddition"] = device => new Cifar29BatchNormAfterAddition(device),
        ["Cifar29ReluBeforeAddition"] = device => new Cifar29ReluBeforeAddition(device),
        ["ResNet18"] = device => new ResNet18(device),
        ["ResNet18ZeroPad"] = device => new ResNet18ZeroPad(device),
        ["ResNet18AlwaysProjects"] = device => new ResNet18AlwaysProjects(device),
        ["PreActivation18"] = device => new PreActivation18(device),
        ["ResNet50"] = device => new ResNet50(device),
        ["NarrowResNet50In1x1"] = device => new NarrowResNet50In1x1(device),
        ["NarrowResNeXt50"] = device => new NarrowResNeXt50(device),
        ["NarrowPreActivation50"] = device => new NarrowPreActivation50(device),
        ["NarrowResNet101"] = device => new NarrowResNet101(device),
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
        ["Cifar20PreActivationOfStochasticDepth"] = device => new Cifar20PreActivationOfStochasticDepth(device),
        ["DroppedImages"] = device => new DroppedImages(device),
    };

    public static IEnumerable<string> Names => _networks.Keys;

    /// <summary>A network with the parameters that it has on every device.</summary>
    public static Network Create(string name, Device? device = null)
    {
        var net = _networks[name](device);
        Randomize(net.Parameters);
        return net;
    }

    /// <summary>Loss, gradients and running statistics of a step agree with the reference's.</summary>
    /// <param name="net">The network.</param>
    /// <param name="tolerance">The greatest error, as a part of a tensor's largest value.</param>
    public static void AssertAgrees(Network net, double tolerance = 1e-4)
    {
        const ulong seed = 3;
        var (images, labels) = (Waves(net, 6), Labels(net, 6));
        var reference = new ReferenceInterpreter(net.Parameters);
        var layers = net.Definition.Layers();
        using var recorded = new RecordedTraining(net, seed);
        var result = recorded.Run(images, labels, step: 5);

        // Within rounding of a tie a ReLU or a maximum may go either way, and with it the whole gradient behind: both go the same way here.
        var expected = reference.Train(
            images, labels, (layer, index) => new CounterRandom(seed, $"{layer.Name} {layer.Index}").Uniform((5L << 36) + index) >= DropRates.Of(layer, layers), recorded.Decide);

        Assert.Equal(expected.Loss, result.Loss, 0.1 * tolerance * expected.Loss);
        recorded.AssertDecisionsDifferByRounding(0.01 * tolerance);
        foreach (var tensor in net.Parameters.Tensors)
        {
            if (tensor.Info.IsTrained)
                AssertClose(expected.Gradients[tensor.Name], recorded.Gradients.Slice(tensor.Offset, tensor.Length), Largest(tensor, expected), tolerance, "gradient of " + tensor.Name);
            else
                AssertClose(reference.Parameters[tensor.Name], tensor.Read(), reference.Parameters[tensor.Name].Max(Math.Abs), tolerance, tensor.Name);
        }
    }

    /// <summary>Classes of a batch, of which none is always the same.</summary>
    public static int[] Labels(Network net, int batch) => [.. Enumerable.Range(0, batch).Select(i => i * 5 % (int)net.Definition.Output.Elements)];

    /// <summary>
    /// Images that differ. All white noise looks alike to a deep network: its last normalizations would divide by next to
    /// nothing, and their gradients would be rounding.
    /// </summary>
    public static float[] Waves(Network net, int batch)
    {
        var input = net.Definition.Input;
        var images = new Tensor(batch, input.Channels, input.Height, input.Width);
        var random = new CounterRandom(7);
        for (var plane = 0; plane < batch * input.Channels; plane++)
        {
            double Uniform(int i) => random.Uniform(1_000_000 + 8 * plane + i);
            var (offset, byRow, byColumn, phase) = (2 * Uniform(0) - 1, 2 * Uniform(1) - 1, 2 * Uniform(2) - 1, Math.Tau * Uniform(3));
            for (var pixel = 0; pixel < input.Height * input.Width; pixel++)
            {
                var (row, column) = Math.DivRem(pixel, input.Width);
                var i = plane * input.Height * input.Width + pixel;
                images.Data[i] = (float)(offset + Math.Sin(phase + byRow * row + byColumn * column) + 0.3 * random.Normal(i));
            }
        }
        return images.Data.ToArray();
    }

    /// <summary>
    /// Scales, shifts and statistics as of a trained network, so that no factor is one. The shifts open most ReLUs: from ReLUs that are
    /// open half of the time every normalization makes a larger error of the rounding before it.
    /// </summary>
    public static void Randomize(Parameters parameters)
    {
        new HeInitializer(3).Initialize(parameters);
        foreach (var tensor in parameters.Tensors)
        {
            var random = new CounterRandom(11, tensor.Name);
            var values = tensor.Edit();
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = tensor.Info.Kind switch
                {
                    ParameterKind.Scale => 0.5f + 0.5f * (float)random.Uniform(i),
                    ParameterKind.Shift => 0.7f + 0.2f * (float)random.Normal(i),
                    ParameterKind.Bias or ParameterKind.RunningMean => 0.2f * (float)random.Normal(i),
                    ParameterKind.RunningVariance => 0.6f + (float)random.Uniform(i),
                    _ => values[i],
                };
            }
        }
    }

    /// <summary>
    /// The largest gradient. Of a bias or shift in front of a normalization it is zero, and all that is left of the sum is the
    /// rounding of its terms; its layer's weights have gradients of the size of those terms.
    /// </summary>
    static double Largest(ParameterTensor tensor, ReferenceStep expected)
    {
        var largest = expected.Gradients[tensor.Name].Max(Math.Abs);
        return tensor.Info.Kind is ParameterKind.Bias or ParameterKind.Shift
            ? Math.Max(largest, 0.1 * expected.Gradients[tensor.Name[..^"bias".Length] + "weight"].Max(Math.Abs))
            : largest;
    }

    /// <summary>The greatest error is little, as a part of the largest value.</summary>
    public static void AssertClose(double[] expected, ReadOnlySpan<float> actual, double largest, double tolerance, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        var error = 0.0;
        for (var i = 0; i < expected.Length; i++) error = Math.Max(error, Math.Abs(expected[i] - actual[i]));
        Assert.True(error <= tolerance * largest, $"{what}: the largest error is {error / largest:e1} of the largest value, {largest:g3}");
    }
}
