using ResNet.Dsl;
using ResNet.Reference;
using ResNet.Runtime.Detection.Boxes;
using ResNet.Runtime.Detection.Training;

namespace ResNet.Runtime.Tests.Detection;

/// <summary>
/// The losses of a detector in double precision: both networks by the reference interpreter, and what lies between and after them as the papers define it.
/// Pooled regions of all images are the head's batch; with global context each image's whole picture follows its regions.
/// </summary>
sealed class DoubleDetector(Detector detector)
{
    const double Beta = 1.0 / 9;
    const int SamplesPerBin = 2;

    readonly DetectorSettings _settings = detector.Definition.Settings;
    readonly ReferenceInterpreter _head = new(detector.Head.Parameters);

    /// <summary>The parameters of the head, open to change.</summary>
    public IReadOnlyDictionary<string, double[]> Head => _head.Parameters;

    /// <summary>Computes the sum of the four losses.</summary>
    /// <param name="trunk">The trunk, of the images' size.</param>
    /// <param name="scenes">Images of one size.</param>
    /// <param name="samples">What is learned from.</param>
    public double Loss(ReferenceInterpreter trunk, TrainingScene[] scenes, DrawnSamples samples)
    {
        var outputs = Train(trunk, new(scenes.Length, trunk.Network.Input, [.. scenes.SelectMany(scene => scene.Values).Select(value => (double)value)]));
        var loss = 0.0;
        var sampled = samples.Anchors.Sum(sample => sample.Count);
        var pooled = new List<double>();
        for (var image = 0; image < scenes.Length; image++)
        {
            loss += ProposalLoss(samples.Anchors[image], outputs[DetectorDefinition.ObjectnessOutput], outputs[DetectorDefinition.DeltasOutput], image, sampled);
            Box[] whole = _settings.GlobalContext ? [new(0, 0, scenes[image].Width, scenes[image].Height)] : [];
            foreach (var region in samples.Regions[image].Boxes.Concat(whole)) pooled.AddRange(Pool(outputs[DetectorDefinition.FeaturesOutput], image, region));
        }
        return loss + RegionLoss(samples, pooled);
    }

    static Dictionary<string, Values> Train(ReferenceInterpreter network, Values input)
    {
        var forward = network.Train(input, new Dictionary<string, ReferenceLoss>()).Forward;
        return network.Network.Outputs.ToDictionary(output => output.Name, output => new Values(input.Batch, output.Shape, forward.Outputs[output.Name]));
    }

    /// <summary>Ren et al. 2015, equation 1, with both sums divided by the number of sampled anchors. Anchors are numbered location by location.</summary>
    double ProposalLoss(AnchorSample sample, Values objectness, Values deltas, int image, int sampled)
    {
        var kinds = _settings.ScoresPerPosition;
        var loss = 0.0;
        foreach (var anchor in sample.Positive) loss += SoftPlus(-objectness.Plane(image, anchor % kinds)[anchor / kinds]);
        foreach (var anchor in sample.Negative) loss += SoftPlus(objectness.Plane(image, anchor % kinds)[anchor / kinds]);
        for (var i = 0; i < sample.Positive.Length; i++)
            for (var k = 0; k < 4; k++)
                loss += SmoothL1(deltas.Plane(image, 4 * (sample.Positive[i] % kinds) + k)[sample.Positive[i] / kinds] - sample.Targets[i][k]);
        return loss / sampled;
    }

    /// <summary>Girshick 2015, equation 1, divided by the number of regions.</summary>
    double RegionLoss(DrawnSamples samples, List<double> pooled)
    {
        var input = _head.Network.Input;
        var outputs = Train(_head, new(pooled.Count / (int)input.Elements, input, [.. pooled]));
        var columns = _settings.Classes + 1;
        var (first, loss) = (0, 0.0);
        foreach (var sample in samples.Regions)
        {
            var whole = first + sample.Boxes.Length;
            for (var i = 0; i < sample.Boxes.Length; i++)
            {
                var label = sample.Labels[i];
                double[] logits = [.. Enumerable.Range(0, columns).Select(column => At(DetectorDefinition.ClassesOutput, DetectorDefinition.ContextClassesOutput, columns, column))];
                loss += sample.Asked is { } asked ? SoftPlus(label > 0 ? -logits[1 + asked[i]] : logits[1 + asked[i]]) : Math.Log(logits.Sum(Math.Exp)) - logits[label];
                for (var k = 0; label > 0 && k < 4; k++)
                    loss += SmoothL1(At(DetectorDefinition.BoxesOutput, DetectorDefinition.ContextBoxesOutput, 4 * columns, 4 * label + k) - sample.Targets[i][k]);

                double At(string own, string context, int width, int column) =>
                    outputs[own][(first + i) * width + column] + (_settings.GlobalContext ? outputs[context][whole * width + column] : 0);
            }
            first = whole + (_settings.GlobalContext ? 1 : 0);
        }
        return loss / samples.Regions.Sum(sample => sample.Boxes.Length);
    }

    IEnumerable<double> Pool(Values features, int image, Box region)
    {
        var size = detector.Definition.RegionSize;
        for (var channel = 0; channel < features.Shape.Channels; channel++)
            for (var bin = 0; bin < size * size; bin++)
                yield return _settings.RoiMethod == RoiMethod.Align
                    ? Align(features, image, channel, region, bin / size, bin % size)
                    : Maximum(features, image, channel, region, bin / size, bin % size);
    }

    /// <summary>He et al. 2017, section 3: the mean of samples, each between four cells.</summary>
    double Align(Values features, int image, int channel, Box region, int row, int column)
    {
        var plane = features.Plane(image, channel);
        var (height, width, sum) = (features.Shape.Height, features.Shape.Width, 0.0);
        for (var i = 0; i < SamplesPerBin; i++)
            for (var j = 0; j < SamplesPerBin; j++)
            {
                var (y, x) = (Place(region.Y1, region.Y2, row, i), Place(region.X1, region.X2, column, j));
                if (y < -1 || y > height || x < -1 || x > width) continue;
                (y, x) = (Math.Clamp(y, 0, height - 1), Math.Clamp(x, 0, width - 1));
                var (top, left) = ((int)y, (int)x);
                var (bottom, right) = (Math.Min(top + 1, height - 1), Math.Min(left + 1, width - 1));
                sum += (1 - (y - top)) * ((1 - (x - left)) * plane[top * width + left] + (x - left) * plane[top * width + right])
                    + (y - top) * ((1 - (x - left)) * plane[bottom * width + left] + (x - left) * plane[bottom * width + right]);
            }
        return sum / (SamplesPerBin * SamplesPerBin);

        double Place(double from, double to, int bin, int sample)
        {
            var side = Math.Max((to - from) / _settings.Stride, 1) / detector.Definition.RegionSize;
            return from / _settings.Stride + (bin + (sample + 0.5) / SamplesPerBin) * side;
        }
    }

    /// <summary>Girshick 2015, section 2.1: the maximum of the cells of a bin; corners are the first and the last cell, rounded.</summary>
    double Maximum(Values features, int image, int channel, Box region, int row, int column)
    {
        var (height, width) = (features.Shape.Height, features.Shape.Width);
        var plane = features.Plane(image, channel);
        var (top, bottom) = Cells(region.Y1, region.Y2, row, height);
        var (left, right) = Cells(region.X1, region.X2, column, width);
        var greatest = double.NegativeInfinity;
        for (var y = top; y < bottom; y++)
            for (var x = left; x < right; x++)
                greatest = Math.Max(greatest, plane[y * width + x]);
        return double.IsNegativeInfinity(greatest) ? 0 : greatest;

        (int First, int End) Cells(double from, double to, int bin, int cells)
        {
            double first = Math.Round(from / _settings.Stride, MidpointRounding.AwayFromZero), last = Math.Round(to / _settings.Stride, MidpointRounding.AwayFromZero);
            var side = Math.Max(last - first + 1, 1) / detector.Definition.RegionSize;
            return (Math.Clamp((int)(Math.Floor(bin * side) + first), 0, cells), Math.Clamp((int)(Math.Ceiling((bin + 1) * side) + first), 0, cells));
        }
    }

    static double SoftPlus(double x) => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)));

    static double SmoothL1(double difference) => Math.Abs(difference) < Beta ? difference * difference / (2 * Beta) : Math.Abs(difference) - Beta / 2;
}
