using ResNet.Dsl;
using ResNet.Runtime.Initialization;
using ResNet.Runtime.Reference;

namespace ResNet.Runtime.Tests.Networks;

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
        ["Oddities"] = () => new Oddities(),
    };

    public static TheoryData<string> Names => [.. Networks.Keys];

    [Theory, MemberData(nameof(Names))]
    public void LossGradientsAndStatisticsAgree(string network)
    {
        using var net = Networks[network]();
        Randomize(net.Parameters);
        const ulong seed = 3;
        var (images, labels) = Batch(net, 6);
        var reference = new ReferenceInterpreter(net.Parameters);
        using var session = net.CreateTrainingSession(seed);
        session.Step = 5;

        var expected = reference.Train(images, labels, (layer, index) =>
            new CounterRandom(seed, layer.Name).Uniform((5L << 36) + index) >= ((Dropout)layer.Layer).Rate);
        var result = session.Run(images, labels);

        Assert.Equal(expected.Loss, result.Loss, 1e-4 * expected.Loss);
        Assert.Equal(6, session.Step);
        foreach (var tensor in net.Parameters.Tensors)
        {
            if (tensor.Info.IsTrained)
                // A ReLU within rounding of zero stops a gradient or lets it pass; the test against PyTorch is the strict one.
                AssertClose(expected.Gradients[tensor.Name], session.Gradients.Slice(tensor.Offset, tensor.Length), 1e-2, "gradient of " + tensor.Name);
            else
                AssertClose(reference.Parameters[tensor.Name], tensor.Values, 1e-4, tensor.Name);
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
        AssertClose(gradient, session.Gradients, 1e-4, "gradient");
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
        (SessionTests.Images(net, batch).Data.ToArray(), [.. Enumerable.Range(0, batch).Select(i => i * 5 % (int)net.Definition.Output.Elements)]);

    /// <summary>Scales and shifts as of a trained network, so that no factor is one.</summary>
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
                    ParameterKind.Shift or ParameterKind.Bias => 0.2f * (float)random.Normal(i),
                    _ => values[i],
                };
            }
        }
    }

    static void AssertClose(double[] expected, ReadOnlySpan<float> actual, double tolerance, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        double magnitude = 0, error = 0;
        for (var i = 0; i < expected.Length; i++)
        {
            magnitude += expected[i] * expected[i];
            error += (expected[i] - actual[i]) * (expected[i] - actual[i]);
        }
        (magnitude, error) = (Math.Sqrt(magnitude), Math.Sqrt(error));
        Assert.True(error <= tolerance * magnitude + 1e-6, $"{what}: the error is {error / magnitude:e1} of the whole, {magnitude:g3}");
    }
}
