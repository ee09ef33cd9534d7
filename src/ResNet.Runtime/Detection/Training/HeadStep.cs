using ResNet.Dsl;
using ResNet.Runtime.Detection.Losses;
using ResNet.Runtime.Detection.Regions;

namespace ResNet.Runtime.Detection.Training;

/// <summary>A training step of the head on the regions of some images of one size.</summary>
/// <param name="settings">The sizes and rules by which the detector reads images and regions.</param>
/// <param name="reader">Reads regions.</param>
/// <param name="session">Computes the head.</param>
/// <param name="loss">The loss.</param>
sealed class HeadStep(DetectorSettings settings, RegionReader reader, TrainingSession session, RegionLoss loss)
{
    /// <summary>Computes the losses, and the gradients by the head's parameters, which the session keeps, and by the feature maps.</summary>
    /// <param name="trunk">The trunk's outputs.</param>
    /// <param name="samples">Of each image the regions that the head learns from; at least one in all.</param>
    /// <param name="width">Columns of the trunk's input.</param>
    /// <param name="height">Rows of the trunk's input.</param>
    /// <param name="gradients">Receives the gradients by the feature maps.</param>
    public SampleLoss Run(TrunkOutputs trunk, RegionSample[] samples, int width, int height, TrunkOutputs gradients)
    {
        // The whole image is a region after the others, where its features add to theirs.
        Box[] whole = settings.GlobalContext ? [new(0, 0, width, height)] : [];
        using var exchange = reader.Prepare(trunk.Shape, Array.ConvertAll(samples, sample => (Box[])[.. sample.Boxes, .. whole]), trains: true);
        var regions = exchange.Read(trunk.Maps);
        var losses = new SampleLoss(0, 0);
        try
        {
            session.Run(regions, outputs =>
            {
                var targets = outputs.Where(output => output.Key != DetectorDefinition.RegionsOutput).ToDictionary(output => output.Key, output => new Tensor(output.Value.Shape));
                losses = Compute(samples, whole.Length, outputs, targets);
                return targets.ToDictionary(target => target.Key, target => new LossTarget { Values = target.Value.Memory });
            });
        }
        finally
        {
            regions.Release();
        }
        gradients.Maps = exchange.Spread(session.GradientOf(DetectorDefinition.RegionsOutput));
        return losses;
    }

    /// <summary>Computes the losses of all images, and the gradients by the head's outputs.</summary>
    SampleLoss Compute(RegionSample[] samples, int context, IReadOnlyDictionary<string, Tensor> outputs, Dictionary<string, Tensor> gradients)
    {
        var columns = settings.Classes + 1;
        var regions = samples.Sum(sample => sample.Boxes.Length);
        var (first, scores, boxes) = (0, 0.0, 0.0);
        foreach (var sample in samples)
        {
            var count = sample.Boxes.Length;
            var logits = Rows(DetectorDefinition.ClassesOutput, columns);
            var deltas = Rows(DetectorDefinition.BoxesOutput, 4 * columns);
            if (context > 0)
            {
                GlobalContext.AddTo(logits.Values, outputs[DetectorDefinition.ContextClassesOutput][first + count]);
                GlobalContext.AddTo(deltas.Values, outputs[DetectorDefinition.ContextBoxesOutput][first + count]);
            }
            var part = loss.Compute(sample, settings.Classes, logits.Values, deltas.Values, logits.Gradient, deltas.Gradient, regions);
            (scores, boxes) = (scores + part.Scores, boxes + part.Boxes);
            if (context > 0)
            {
                SumRows(logits.Gradient, gradients[DetectorDefinition.ContextClassesOutput][first + count]);
                SumRows(deltas.Gradient, gradients[DetectorDefinition.ContextBoxesOutput][first + count]);
            }
            first += count + context;

            OutputRows Rows(string output, int width) => new(
                outputs[output].Data.Slice(first * width, count * width).ToArray(),
                gradients[output].Data.Slice(first * width, count * width));
        }
        return new(scores, boxes);
    }

    static void SumRows(ReadOnlySpan<float> rows, Span<float> sum)
    {
        for (var i = 0; i < rows.Length; i++) sum[i % sum.Length] += rows[i];
    }

    /// <summary>An image's part of an output, with the context added, and of the gradient by it.</summary>
    readonly ref struct OutputRows(float[] values, Span<float> gradient)
    {
        public float[] Values { get; } = values;

        public Span<float> Gradient { get; } = gradient;
    }
}
