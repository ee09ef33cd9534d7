using ResNet.Dsl;
using ResNet.Runtime.Devices;
using ResNet.Runtime.Tensors;
using ResNet.Runtime.Training;

namespace ResNet.Runtime.Tests.Training;

/// <summary>Targets that labels alone do not say, their losses, and how images are mixed.</summary>
public class BatchTargetsTests
{
    /// <summary>The images are the logits.</summary>
    static readonly NetworkDefinition _logits = TestNetworks.Build(4, 1, 1, net => net.Flatten().Dense(4));

    static readonly int[] _labels = [2, 0, 3];

    /// <summary>Loss and gradient by the logits of three images, as PyTorch 1.13's <c>cross_entropy</c> and <c>binary_cross_entropy_with_logits</c> give them in double precision.</summary>
    [Theory]
    [InlineData("weights", 1.473777, new[] { 0.0483181, 0.107087, -0.230211, 0.0748061, -0.0663644, 0.00805606, 0.0190042, 0.0393042, 0.0833204, 0.211979, 0.176759, -0.472058 })]
    [InlineData("weights, smooth", 1.439924, new[] { 0.0460931, 0.102571, -0.207618, 0.058954, -0.0576916, 0.00642532, 0.0165381, 0.0347282, 0.0769709, 0.196871, 0.159677, -0.433519 })]
    [InlineData("mixed, smooth", 1.592665, new[] { 0.0440113, 0.107677, -0.0143953, -0.137293, -0.0525792, 0.0265762, -0.135982, 0.161985, -0.173201, 0.106488, 0.0874113, -0.0206982 })]
    [InlineData("mixed, weights, smooth", 3.093233, new[] { 0.165823, 0.368411, 0.0759222, -0.610156, 0.0232393, 0.0469111, -0.306345, 0.236195, -0.0377455, 0.173372, 0.134849, -0.270476 })]
    [InlineData("bce, mixed, smooth", 0.8146581, new[] { 0.0395833, 0.0553402, 0.0267426, -0.00395283, 0.0143904, 0.0313601, -0.00353293, 0.0617363, -0.0238954, 0.0476888, 0.0439915, 0.0171401 })]
    [InlineData("bce, weights", 1.694867, new[] { 0.0208333, 0.0574235, -0.0640148, 0.202522, -0.0221798, 0.0334435, 0.102101, 0.255279, 0.015344, 0.0497721, 0.0921497, -0.16644 })]
    [InlineData("bce, mixed, smooth, threshold", 0.8174836, new[] { 0.0416667, 0.0574235, 0.0513259, -0.0327028, 0.0389738, 0.0334435, -0.0322829, 0.0638196, -0.0526454, 0.0497721, 0.0460749, 0.0417234 })]
    public void Losses_are_PyTorchs(string options, double loss, double[] gradient)
    {
        var has = options.Split(", ").ToHashSet();
        var training = new TrainerOptions
        {
            LabelSmoothing = has.Contains("smooth") ? 0.1f : 0,
            ClassWeights = has.Contains("weights") ? [0.5, 1, 2, 4] : [],
            BinaryCrossEntropy = has.Contains("bce"),
            Mixing = has.Contains("mixed") ? new() : null,
            TargetThreshold = has.Contains("threshold") ? 0.31 : null,
        };
        float[] logits = [.. from i in Enumerable.Range(0, 3) from c in Enumerable.Range(0, 4) select (float)(0.5 * Math.Sin(3 * i + 1.7 * c) + 0.3 * c - 0.2 * i)];
        using var net = Network.Create(_logits);
        net.Parameters["fc.weight"].Edit().Clear();
        net.Parameters["fc.bias"].Edit().Clear();
        for (var i = 0; i < 4; i++) net.Parameters["fc.weight"].Edit()[5 * i] = 1;
        using var session = net.CreateTrainingSession(new TrainingSessionOptions { Losses = { ["output"] = BatchTargets.LossOf(training) }, GradientsOf = ["output"] });
        var batch = new BatchTargets(_logits, training).Make(new(logits, _labels), has.Contains("mixed") ? new Mix(0.3, null) : null);
        // The logits themselves are not mixed here.
        var step = ((IGradientSource)session).Run(batch with { Images = logits }, () => { });
        Assert.Equal(loss, step.Loss, 2e-6);
        Assert.All(session.GradientOf("output").Data.ToArray().Zip(gradient), pair => Assert.Equal(pair.Second, pair.First, 2e-6));
        // The greatest logits are those of classes 1, 3 and 1; the greatest mixed targets those of 3, 2 and 0.
        Assert.Equal(0, step.Correct);
    }

    [Fact]
    public void The_class_of_the_greatest_target_is_the_right_one()
    {
        using var net = Network.Create(_logits);
        net.Parameters["fc.weight"].Edit().Clear();
        net.Parameters["fc.bias"].Edit().Clear();
        net.Parameters["fc.bias"].Edit()[3] = 1;
        foreach (var binary in new[] { false, true })
        {
            var options = new TrainerOptions { BinaryCrossEntropy = binary, Mixing = new() };
            using var session = net.CreateTrainingSession(new TrainingSessionOptions { Losses = { ["output"] = BatchTargets.LossOf(options) } });
            StepResult Run(double own) => ((IGradientSource)session).Run(new BatchTargets(_logits, options).Make(new(new float[12], _labels), new Mix(own, null)), () => { });
            // Image 2 has class 3; image 0 is mixed with it.
            Assert.Equal((1, 1), (Run(0.7).Correct, Run(0.3).Correct));
            Assert.Equal(0.7 * Run(1).Loss + 0.3 * Run(0).Loss, Run(0.7).Loss, 1e-6);
        }
    }

    [Fact]
    public void Only_vectors_have_probabilities_as_targets()
    {
        using var maps = Network.Create(TestNetworks.Build(3, 4, 4, net => net.Conv(2, 1)));
        Assert.Contains("feature maps", Assert.Throws<ArgumentException>(() => maps.CreateTrainingSession(
            new TrainingSessionOptions { Losses = { ["output"] = new SoftmaxCrossEntropy { Probabilities = true } } })).Message, StringComparison.Ordinal);
        using var net = Network.Create(_logits);
        using var session = net.CreateTrainingSession(new TrainingSessionOptions { Losses = { ["output"] = new SoftmaxCrossEntropy { Probabilities = true } } });
        Assert.Throws<ArgumentException>(() => session.Run(new float[4], [1]));
        Assert.Contains("value 2 is -1; expected a finite number that is not negative", Assert.Throws<ArgumentException>(() => session.Run(
            new float[4], new Dictionary<string, LossTarget> { ["output"] = new() { Values = new float[] { 0, 2, -1, 0 } } })).Message, StringComparison.Ordinal);
    }

    /// <summary>torchvision's references: <c>batch.roll(1, 0).mul_(1 - λ).add_(batch.mul(λ))</c>, and the box of its RandomCutmix.</summary>
    [Fact]
    public void Images_are_mixed_as_torchvision_mixes_them()
    {
        float[] images = [.. Enumerable.Range(0, 60)], mixed = new float[60];
        new Mix(0.3, null).Apply(images, 3, 5, 4, mixed);
        Assert.Equal([28, 47, 6, 45], new[] { mixed[0], mixed[19], mixed[20], mixed[59] }.Select(value => Math.Round(value, 4)));

        Assert.Equal(new Mix(0.6, (0, 1, 4, 3)), Mix.Box(0.3, 2, 2, 5, 4) with { Own = 0.6 });
        foreach (var (own, x, y, left, top, right, bottom, kept) in new[] { (0.3, 2, 2, 0, 1, 4, 3, 0.6), (0.3, 0, 3, 0, 2, 2, 4, 0.8), (0.9, 4, 0, 4, 0, 4, 0, 1), (0.04, 3, 1, 1, 0, 5, 2, 0.6) })
        {
            var box = Mix.Box(own, x, y, 5, 4);
            Assert.Equal((left, top, right, bottom), box.Cut);
            Assert.Equal(kept, box.Own, 1e-12);
            box.Apply(images, 3, 5, 4, mixed);
            for (var i = 0; i < 60; i++)
            {
                var (column, row) = (i % 5, i / 5 % 4);
                var cut = column >= left && column < right && row >= top && row < bottom;
                Assert.Equal(cut ? (i + 40) % 60 : i, mixed[i]);
            }
        }
    }

    /// <summary>Beta(α, α) has mean 1/2 and variance 1 / (4(2α + 1)).</summary>
    [Theory]
    [InlineData(0.1)]
    [InlineData(1.0)]
    [InlineData(3.0)]
    public void Shares_are_beta_distributed(double alpha)
    {
        var draws = Enumerable.Range(0, 20_000).Select(i => BetaDraw.Of(new((ulong)i), alpha)).ToList();
        Assert.All(draws, draw => Assert.InRange(draw, 0, 1));
        var variance = 1 / (4 * (2 * alpha + 1));
        Assert.Equal(0.5, draws.Average(), 5 * Math.Sqrt(variance / draws.Count));
        Assert.Equal(variance, draws.Average(draw => (draw - 0.5) * (draw - 0.5)), 0.03 * variance);
        // Beta(1, 1) is uniform; of 0.1, half of all draws lie within 0.0024 of an end.
        if (alpha == 1) Assert.Equal(0.25, draws.Count(draw => draw < 0.25) / 20_000.0, 0.015);
    }

    [Fact]
    public void Batches_are_mixed_as_often_as_the_probabilities_say()
    {
        var mixing = new Mixing { Mixup = 0.2, CutMix = 1, Probability = 0.6, CutMixShare = 0.25 };
        var draws = Enumerable.Range(0, 10_000).Select(i => mixing.Draw(new((ulong)i), 8, 8)).ToList();
        Assert.Equal(0.6, draws.Count(draw => draw is not null) / 1e4, 0.025);
        Assert.Equal(0.15, draws.Count(draw => draw is { Cut: not null }) / 1e4, 0.02);
        Assert.All(Enumerable.Range(0, 100).Select(i => (mixing with { Mixup = 0, Probability = 1 }).Draw(new((ulong)i), 8, 8)), draw => Assert.NotNull(draw!.Value.Cut));
        Assert.All(Enumerable.Range(0, 100).Select(i => (mixing with { CutMix = 0, Probability = 1 }).Draw(new((ulong)i), 8, 8)), draw => Assert.Null(draw!.Value.Cut));
    }

    [Fact]
    public void Batches_that_are_not_mixed_are_weighted_as_those_that_are()
    {
        var options = new TrainerOptions { ClassWeights = [0.5, 1, 2, 4], Mixing = new() { Probability = 0.5 } };
        var batch = new BatchTargets(_logits, options).Make(new(new float[12], _labels), null);
        float[] expected = [0, 0, 2, 0, 0.5f, 0, 0, 0, 0, 0, 0, 4];
        Assert.Equal(expected, batch.Targets!["output"].Values.ToArray());
    }

    [Fact]
    public void Options_that_contradict_are_named()
    {
        void Refused(string message, TrainerOptions options) => Assert.Contains(message, Assert.Throws<ArgumentException>(options.Check).Message, StringComparison.Ordinal);
        Refused("Mixing.Mixup is -1", new() { Mixing = new() { Mixup = -1 } });
        Refused("Mixing.CutMixShare is 2", new() { Mixing = new() { CutMixShare = 2 } });
        Refused("TargetThreshold is 0.5", new() { TargetThreshold = 0.5 });
        Refused("ClassWeights is 1, -1", new() { ClassWeights = [1, -1] });
        Refused("ClassWeights is 0, 0", new() { ClassWeights = [0, 0] });
        Refused("Accumulate is 0", new() { Accumulate = 0 });
        Assert.Contains("2 values", Assert.Throws<ArgumentException>(() => new BatchTargets(_logits, new() { ClassWeights = [1, 1] })).Message, StringComparison.Ordinal);
        Assert.Contains("A label is 4", Assert.Throws<ArgumentException>(() => new BatchTargets(_logits, new() { Mixing = new() }).Make(new(new float[4], new[] { 4 }), 0, 1)).Message, StringComparison.Ordinal);
    }
}
