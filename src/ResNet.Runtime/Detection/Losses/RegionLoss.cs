using ResNet.Runtime.Cpu.Losses;
using ResNet.Runtime.Detection.Boxes;
using ResNet.Runtime.Detection.Regions;

namespace ResNet.Runtime.Detection.Losses;

/// <summary>
/// The loss of a detection head (Girshick 2015, equation 1): softmax cross-entropy of the classes, smooth L1 of the deltas of a region's own class. Of a region
/// that is judged for one class alone, binary cross-entropy of that class takes the place of the first (He et al. 2015, Appendix C).
/// </summary>
sealed record RegionLoss
{
    /// <summary>Smooth L1 as Fast R-CNN has it: a line from 1 on.</summary>
    public static RegionLoss Paper { get; } = new() { Beta = 1 };

    /// <summary>The absolute difference at which smooth L1 turns from a square into a line.</summary>
    public double Beta { get; init; } = 1.0 / 9;

    /// <summary>Computes an image's part of the losses of a step, each divided by the number of regions, and the gradient of their sum.</summary>
    /// <param name="sample">The regions; none is allowed.</param>
    /// <param name="classes">Number of classes, without background.</param>
    /// <param name="logits"><c>regions × (1 + classes)</c>.</param>
    /// <param name="regression">Deltas: <c>regions × 4·(1 + classes)</c>, class by class.</param>
    /// <param name="logitsGradient">Receives the gradient by <paramref name="logits"/>.</param>
    /// <param name="regressionGradient">Receives the gradient by <paramref name="regression"/>.</param>
    /// <param name="regions">Regions of all images of the step.</param>
    /// <exception cref="ArgumentException">The lengths do not fit each other, or a label is none.</exception>
    public SampleLoss Compute(
        RegionSample sample, int classes, ReadOnlySpan<float> logits, ReadOnlySpan<float> regression,
        Span<float> logitsGradient, Span<float> regressionGradient, int regions)
    {
        var columns = 1 + classes;
        var count = sample.Boxes.Length * columns;
        if (logits.Length != count || logitsGradient.Length != count || regression.Length != BoxDeltas.Count * count || regressionGradient.Length != BoxDeltas.Count * count)
            throw new ArgumentException($"{sample.Boxes.Length} regions and {classes} classes do not have {logits.Length} logits and {regression.Length} deltas, or their gradients.");
        regressionGradient.Clear();

        var smooth = new SmoothL1Loss(Beta);
        var (scores, boxes) = (0.0, 0.0);
        for (var region = 0; region < sample.Boxes.Length; region++)
        {
            var label = sample.Labels[region];
            if ((uint)label >= columns) throw new ArgumentException($"There is no class {label}: {classes} classes follow background.", nameof(sample));
            var row = logits.Slice(region * columns, columns);
            var rowGradient = logitsGradient.Slice(region * columns, columns);
            scores += sample.Asked is { } asked ? Binary(row, 1 + asked[region], label, rowGradient, regions) : Softmax(row, label, rowGradient, regions);
            if (label == 0) continue;
            var first = (region * columns + label) * BoxDeltas.Count;
            for (var k = 0; k < BoxDeltas.Count; k++)
            {
                var (loss, slope) = smooth.Of(regression[first + k], sample.Targets[region][k]);
                boxes += loss / regions;
                regressionGradient[first + k] = (float)(slope / regions);
            }
        }
        return new(scores, boxes);
    }

    static double Binary(ReadOnlySpan<float> logits, int column, int label, Span<float> gradient, int regions)
    {
        if (label != 0 && label != column) throw new ArgumentException($"A region that is judged for class {column} does not show class {label}.", nameof(label));
        var (loss, slope) = default(SigmoidLoss).Of(logits[column], label == 0 ? 0 : 1);
        gradient.Clear();
        gradient[column] = (float)(slope / regions);
        return loss / regions;
    }

    static double Softmax(ReadOnlySpan<float> logits, int label, Span<float> gradient, int regions)
    {
        var (greatest, sum) = ((double)logits[0], 0.0);
        foreach (var logit in logits) greatest = Math.Max(greatest, logit);
        foreach (var logit in logits) sum += Math.Exp(logit - greatest);
        var logSum = Math.Log(sum) + greatest;
        for (var i = 0; i < logits.Length; i++) gradient[i] = (float)((Math.Exp(logits[i] - logSum) - (i == label ? 1 : 0)) / regions);
        return (logSum - logits[label]) / regions;
    }
}
