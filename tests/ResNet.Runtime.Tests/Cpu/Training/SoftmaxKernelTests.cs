using ResNet.Runtime.Cpu.Losses;
using ResNet.Runtime.Cpu.Memory;

namespace ResNet.Runtime.Tests.Cpu.Training;

/// <summary>Softmax cross-entropy with smoothed labels against its formula, in double.</summary>
public sealed class SoftmaxKernelTests
{
    [Theory]
    [InlineData(1, 1, 0.0), InlineData(3, 2, 0.1), InlineData(17, 1, 0.0), InlineData(17, 3, 0.3), InlineData(64, 2, 1.0)]
    public void Equals_the_formula(int classes, int batch, double smoothing)
    {
        // Scores of up to a thousand, whose exponentials no float or double holds.
        float[] scores = [.. Values.Random(batch * classes, 1).Select((value, i) => value * (i / classes == 1 ? 1000 : 3))];
        using var logits = new TestTensor(ActivationLayout.Blocked(classes, 1, 1), batch, scores);
        using var gradient = new TestTensor(ActivationLayout.Blocked(classes, 1, 1, 1), batch);
        var byScores = new double[scores.Length];
        for (var image = 0; image < batch; image++)
        {
            var own = scores[(image * classes)..((image + 1) * classes)];
            var label = (2 * image + 1) % classes;
            var target = Target(classes, label, smoothing);
            for (var c = 0; c < classes; c++) byScores[image * classes + c] = (Math.Exp(LogSoftmax(own, c)) - target[c]) / batch;

            var (loss, correct) = Run(logits, gradient, image, label, smoothing, batch);
            var expected = -Enumerable.Range(0, classes).Sum(c => target[c] * LogSoftmax(own, c));
            Assert.Equal(expected, loss, 1e-9 * Math.Max(1, expected));
            Assert.Equal(Array.IndexOf(own, own.Max()) == label ? 1 : 0, correct);
        }
        gradient.AssertInvariants();
        GradientCheck.AssertClose(byScores, gradient.ToArray(), "gradient");
    }

    [Fact]
    public void A_smoothed_label_by_hand()
    {
        // Two classes of probabilities 3/4 and 1/4; smoothing by 0.2 makes the target 0.9 and 0.1.
        using var logits = new TestTensor(ActivationLayout.Blocked(2, 1, 1), 1, [MathF.Log(3), 0]);
        using var gradient = new TestTensor(ActivationLayout.Blocked(2, 1, 1), 1);
        var (loss, correct) = Run(logits, gradient, 0, 0, 0.2, 1);
        Assert.Equal(1, correct);
        Assert.Equal(-0.9 * Math.Log(0.75) - 0.1 * Math.Log(0.25), loss, 1e-7);
        GradientCheck.AssertClose([-0.15, 0.15], gradient.ToArray(), "gradient");
    }

    static unsafe (double Loss, int Correct) Run(TestTensor logits, TestTensor gradient, int image, int label, double smoothing, int batch)
    {
        var labels = new int[batch];
        labels[image] = label;
        fixed (int* all = labels)
            return SoftmaxKernel.Run(logits.FeatureMaps, gradient.FeatureMaps, image, row: 0, new(all, values: null, weights: null, factor: 1, divisor: batch), smoothing);
    }

    /// <summary>Szegedy et al. 2016, section 7: the label's share of 1 - smoothing, and all classes the rest evenly.</summary>
    static double[] Target(int classes, int label, double smoothing) =>
        [.. Enumerable.Range(0, classes).Select(c => smoothing / classes + (c == label ? 1 - smoothing : 0))];

    static double LogSoftmax(float[] scores, int c)
    {
        double greatest = scores.Max();
        return scores[c] - greatest - Math.Log(scores.Sum(score => Math.Exp(score - greatest)));
    }
}
