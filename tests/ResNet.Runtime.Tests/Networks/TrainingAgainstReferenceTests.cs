using ResNet.Dsl;
using ResNet.Runtime.Evaluation;

namespace ResNet.Runtime.Tests.Networks;

/// <summary>A compiled training step computes what the literal reverse pass in double precision computes.</summary>
public class TrainingAgainstReferenceTests
{
    public static TheoryData<string> Names => [.. TrainingCases.Names];

    [Theory, MemberData(nameof(Names))]
    public void LossGradientsAndStatisticsAgree(string network) => Agree(network, ConvolutionAlgorithm.Direct, 1e-4);

    /// <summary>With the rounding errors of minimal filtering, which every normalization on the way back may enlarge.</summary>
    [Theory, InlineData("Cifar20"), InlineData("Cifar20OfOddSize"), InlineData("Cifar20PreActivation"), InlineData("Cifar14OfWideImages"), InlineData("ResNet18"), InlineData("NarrowPreActivation50")]
    public void LossGradientsAndStatisticsAgreeByWinograd(string network)
    {
        Agree(network, ConvolutionAlgorithm.Winograd2x2, 1e-3);
        Agree(network, ConvolutionAlgorithm.Winograd4x4, 1e-3);
    }

    static void Agree(string network, ConvolutionAlgorithm algorithm, double tolerance)
    {
        using var device = new CpuDevice(threads: 2, algorithm);
        using var net = TrainingCases.Create(network, device);
        TrainingCases.AssertAgrees(net, tolerance);
    }

    [Theory, InlineData(1), InlineData(3)]
    public void AStepRepeatsItsBits(int threads)
    {
        using var device = new CpuDevice(threads);
        using var net = TrainingCases.Create("Cifar20", device);
        var (images, labels) = Batch(net, 5);
        using var first = net.CreateTrainingSession();
        using var second = net.CreateTrainingSession();
        var result = first.Run(images, labels);
        // A larger batch in between leaves its remains in every buffer.
        var (others, otherLabels) = Batch(net, 9);
        second.Run(others, otherLabels);

        Assert.Equal(result, second.Run(images, labels));
        Assert.Equal(first.ReadGradients(), second.ReadGradients());
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
        var gradient = Array.ConvertAll(session.ReadGradients().ToArray(), value => (1 - (double)smoothing) * value);
        for (var label = 0; label < 10; label++)
        {
            loss += smoothing / 10.0 * session.Run(images, [label, label, label, label]).Loss;
            for (var i = 0; i < gradient.Length; i++) gradient[i] += smoothing / 10.0 * session.ReadGradients()[i];
        }

        using var smoothed = net.CreateTrainingSession(new TrainingSessionOptions
        {
            Losses = { [NetworkOutput.DefaultName] = new SoftmaxCrossEntropy { LabelSmoothing = smoothing } },
        });
        Assert.Equal(loss, smoothed.Run(images, labels).Loss, 1e-6);
        TrainingCases.AssertClose(gradient, smoothed.ReadGradients(), gradient.Max(Math.Abs), 1e-4, "gradient");
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
        Assert.Throws<ArgumentOutOfRangeException>(() => session.Step = -1);
        Assert.All(net.Parameters["bn1.running_mean"].Read().ToArray(), value => Assert.Equal(0, value));
        session.Dispose();
        Assert.Throws<ObjectDisposedException>(() => session.Run(images, labels));
    }

    static (float[] Images, int[] Labels) Batch(Network net, int batch) =>
        (SessionTests.Images(net, batch).Data.ToArray(), TrainingCases.Labels(net, batch));
}
