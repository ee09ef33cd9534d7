using ResNet.Dsl;
using ResNet.Runtime.Initialization;
using ResNet.Runtime.Reference;

namespace ResNet.Runtime.Tests.Networks;

// Where the last stage sees one pixel, a batch of six leaves its normalizations six values: large images, narrow networks.

[ResNet(Depth = 50, ImageSize = 64, Classes = 7, WidthPerGroup = 8, Downsample = Downsample.In1x1)] sealed partial class NarrowResNet50In1x1;
[ResNet(Depth = 50, ImageSize = 64, Classes = 7, Groups = 8, WidthPerGroup = 4)] sealed partial class NarrowResNeXt50;
[ResNet(Depth = 50, ImageSize = 64, Classes = 7, WidthPerGroup = 8, Unit = Unit.PreActivation)] sealed partial class NarrowPreActivation50;
[ResNet(Depth = 101, ImageSize = 64, Classes = 7, WidthPerGroup = 8)] sealed partial class NarrowResNet101;

/// <summary>A compiled training step computes what the literal reverse pass in double precision computes.</summary>
public class TrainingAgainstReferenceTests
{
    static readonly Dictionary<string, Func<Network>> Networks = new()
    {
        ["Cifar20"] = () => new Cifar20(),
        ["Cifar20OfOddSize"] = () => new Cifar20OfOddSize(),
        ["CifarPlain20"] = () => new CifarPlain20(),
        ["Cifar20Projects"] = () => new Cifar20Projects(),
        ["Cifar14AlwaysProjects"] = () => new Cifar14AlwaysProjects(),
        ["Cifar20PreActivation"] = () => new Cifar20PreActivation(),
        ["Cifar20BatchNormAfterAddition"] = () => new Cifar20BatchNormAfterAddition(),
        ["Cifar20ReluBeforeAddition"] = () => new Cifar20ReluBeforeAddition(),
        ["Cifar20ReluOnlyPreActivation"] = () => new Cifar20ReluOnlyPreActivation(),
        ["Cifar29PreActivation"] = () => new Cifar29PreActivation(),
        ["Cifar56"] = () => new Cifar56(),
        ["Cifar29BatchNormAfterAddition"] = () => new Cifar29BatchNormAfterAddition(),
        ["Cifar29ReluBeforeAddition"] = () => new Cifar29ReluBeforeAddition(),
        ["ResNet18"] = () => new ResNet18(),
        ["ResNet18ZeroPad"] = () => new ResNet18ZeroPad(),
        ["ResNet18AlwaysProjects"] = () => new ResNet18AlwaysProjects(),
        ["PreActivation18"] = () => new PreActivation18(),
        ["ResNet50"] = () => new ResNet50(),
        ["NarrowResNet50In1x1"] = () => new NarrowResNet50In1x1(),
        ["NarrowResNeXt50"] = () => new NarrowResNeXt50(),
        ["NarrowPreActivation50"] = () => new NarrowPreActivation50(),
        ["NarrowResNet101"] = () => new NarrowResNet101(),
        ["Oddities"] = () => new Oddities(),
    };

    public static TheoryData<string> Names => [.. Networks.Keys];

    [Theory, MemberData(nameof(Names))]
    public void LossGradientsAndStatisticsAgree(string network) => Agree(network, ConvolutionAlgorithm.Direct, 1e-4);

    /// <summary>With the rounding errors of minimal filtering, which every normalization on the way back may enlarge.</summary>
    [Theory, InlineData("Cifar20"), InlineData("Cifar20OfOddSize"), InlineData("Cifar20PreActivation"), InlineData("ResNet18"), InlineData("ResNet50")]
    public void LossGradientsAndStatisticsAgreeByWinograd(string network)
    {
        Agree(network, ConvolutionAlgorithm.Winograd2x2, 1e-3);
        Agree(network, ConvolutionAlgorithm.Winograd4x4, 1e-3);
    }

    static void Agree(string network, ConvolutionAlgorithm algorithm, double tolerance)
    {
        using var net = Networks[network]();
        Randomize(net.Parameters);
        const ulong seed = 3;
        var (images, labels) = (Waves(net, 6), Labels(net, 6));
        var reference = new ReferenceInterpreter(net.Parameters);
        using var recorded = new RecordedTraining(net, algorithm, seed);
        var result = recorded.Run(images, labels, step: 5);

        // Within rounding of a tie a ReLU or a maximum may go either way, and with it the whole gradient behind: both go the same way here.
        var expected = reference.Train(
            images, labels, (layer, index) => new CounterRandom(seed, layer.Name).Uniform((5L << 36) + index) >= ((Dropout)layer.Layer).Rate, recorded.Decide);

        Assert.Equal(expected.Loss, result.Loss, 0.1 * tolerance * expected.Loss);
        recorded.AssertDecisionsDifferByRounding(0.01 * tolerance);
        foreach (var tensor in net.Parameters.Tensors)
        {
            if (tensor.Info.IsTrained)
                AssertClose(expected.Gradients[tensor.Name], recorded.Gradients.Slice(tensor.Offset, tensor.Length), Largest(tensor, expected), tolerance, "gradient of " + tensor.Name);
            else
                AssertClose(reference.Parameters[tensor.Name], tensor.Values, reference.Parameters[tensor.Name].Max(Math.Abs), tolerance, tensor.Name);
        }
    }

    [Theory, InlineData(1), InlineData(3)]
    public void AStepRepeatsItsBits(int threads)
    {
        using var device = new CpuDevice(threads);
        using var net = new Cifar20(device);
        Randomize(net.Parameters);
        var (images, labels) = Batch(net, 5);
        using var first = net.CreateTrainingSession();
        using var second = net.CreateTrainingSession();
        var result = first.Run(images, labels);
        // A larger batch in between leaves its remains in every buffer.
        var (others, otherLabels) = Batch(net, 9);
        second.Run(others, otherLabels);

        Assert.Equal(result, second.Run(images, labels));
        Assert.Equal(first.Gradients, second.Gradients);
    }

    [Fact]
    public void SmoothedLabelsAreATargetOfTheirOwn()
    {
        using var net = new CifarPlain20();
        var (images, labels) = Batch(net, 4);
        using var session = net.CreateTrainingSession();
        // A smoothed target is the mean of the targets of every class and the label's own: losses and gradients follow.
        const float smoothing = 0.3f;
        double loss = (1 - smoothing) * session.Run(images, labels).Loss;
        var gradient = Array.ConvertAll(session.Gradients.ToArray(), value => (1 - (double)smoothing) * value);
        for (var label = 0; label < 10; label++)
        {
            loss += smoothing / 10.0 * session.Run(images, [label, label, label, label]).Loss;
            for (var i = 0; i < gradient.Length; i++) gradient[i] += smoothing / 10.0 * session.Gradients[i];
        }

        session.LabelSmoothing = smoothing;
        Assert.Equal(loss, session.Run(images, labels).Loss, 1e-6);
        AssertClose(gradient, session.Gradients, gradient.Max(Math.Abs), 1e-4, "gradient");
    }

    [Fact]
    public void WhatDoesNotFitIsRefusedBeforeAnyStatisticMoves()
    {
        using var net = new Cifar20();
        using var session = net.CreateTrainingSession();
        var (images, labels) = Batch(net, 2);
        Assert.Throws<ArgumentException>(() => session.Run(images.AsSpan(1), labels));
        Assert.Throws<ArgumentException>(() => session.Run([], []));
        Assert.Contains("10", Assert.Throws<ArgumentException>(() => session.Run(images, [0, 10])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => session.LabelSmoothing = 1.5f);
        Assert.Throws<ArgumentOutOfRangeException>(() => session.LabelSmoothing = float.NaN);
        Assert.Throws<ArgumentOutOfRangeException>(() => session.Step = -1);
        Assert.All(net.Parameters["bn1.running_mean"].Values.ToArray(), value => Assert.Equal(0, value));
        session.Dispose();
        Assert.Throws<ObjectDisposedException>(() => session.Run(images, labels));
    }

    static (float[] Images, int[] Labels) Batch(Network net, int batch) =>
        (SessionTests.Images(net, batch).Data.ToArray(), Labels(net, batch));

    static int[] Labels(Network net, int batch) => [.. Enumerable.Range(0, batch).Select(i => i * 5 % (int)net.Definition.Output.Elements)];

    /// <summary>
    /// Images that differ. All white noise looks alike to a deep network: its last normalizations would divide by next to
    /// nothing, and their gradients would be rounding.
    /// </summary>
    static float[] Waves(Network net, int batch)
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
    /// Scales and shifts as of a trained network, so that no factor is one. The shifts open most ReLUs: from ReLUs that are
    /// open half of the time every normalization makes a larger error of the rounding before it.
    /// </summary>
    static void Randomize(Parameters parameters)
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
                    ParameterKind.Bias => 0.2f * (float)random.Normal(i),
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

    static void AssertClose(double[] expected, ReadOnlySpan<float> actual, double largest, double tolerance, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        var error = 0.0;
        for (var i = 0; i < expected.Length; i++) error = Math.Max(error, Math.Abs(expected[i] - actual[i]));
        Assert.True(error <= tolerance * largest, $"{what}: the largest error is {error / largest:e1} of the largest value, {largest:g3}");
    }
}
