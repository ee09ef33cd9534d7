using ResNet.Dsl;
using ResNet.Runtime.Detection;
using ResNet.Runtime.Detection.Boxes;
using ResNet.Runtime.Detection.Losses;
using ResNet.Runtime.Detection.Regions;
using ResNet.Runtime.Detection.Training;
using ResNet.Tests;

namespace ResNet.Runtime.Tests.Detection;

/// <summary>Whole detectors against torchvision's, to 1e-4 of a tensor's greatest value: forward, and one training step.</summary>
public class ReferenceNetworkTests
{
    const double Tolerance = 1e-4;

    static readonly ProposalOptions _proposals = new() { BeforeSuppression = 200, AfterSuppression = 40 };
    static readonly DetectionOptions _options = new() { Proposals = _proposals, Most = 20, Size = DetectionSize.Exactly(ReferenceDetectors.Width, ReferenceDetectors.Height) };

    [DetectionReferenceTheory]
    [InlineData("mini", RoiMethod.Align)]
    [InlineData("mini", RoiMethod.Pool)]
    [InlineData("resnet18", RoiMethod.Align)]
    [InlineData("resnet18", RoiMethod.Pool)]
    public void Forward_agrees(string name, RoiMethod method)
    {
        using var detector = Open(name, method);
        var expected = DetectionReference.Open($"{name}_{(method == RoiMethod.Align ? "align" : "pool")}_forward");
        var images = name == "mini" ? 2 : 1;
        var settings = detector.Definition.Settings;
        var reader = new RegionReader(settings, detector.Definition.RegionSize, detector.Trunk.Device);
        using var pass = new DetectorPass(detector.Trunk, detector.Head, settings);
        int width = ReferenceDetectors.Width, height = ReferenceDetectors.Height;
        var first = 0;
        for (var i = 0; i < images; i++)
        {
            var trunk = new TrunkOutputs(detector.Trunk.WithInputSize(height, width).PredictAll(new(Image(i), 1, 3, height, width)));
            DetectionReference.Near(expected.Image("c4", i, images), trunk.Maps[0], Tolerance);
            DetectionReference.Near(expected.Image("rpn.objectness", i, images), trunk.Objectness(0), Tolerance);
            DetectionReference.Near(expected.Image("rpn.deltas", i, images), trunk.Deltas(0), Tolerance);
            var proposals = Array.ConvertAll(reader.Propose(trunk, width, height, _proposals), proposal => proposal.Box);
            DetectionReference.Near(expected.Boxes($"{i}.proposals"), proposals, Tolerance * width);
            if (i == 0)
            {
                var features = expected.Numbers("roi.features");
                DetectionReference.Near(features, reader.Read(trunk, proposals).Data[..features.Length], Tolerance);
            }
            var (logits, deltas) = pass.RunHead(trunk, proposals, width, height);
            Assert.Equal(logits.Length, proposals.Length * (settings.Classes + 1));
            DetectionReference.Near(expected.Numbers("roi.logits").AsSpan(first * (settings.Classes + 1), logits.Length), logits, Tolerance);
            DetectionReference.Near(expected.Numbers("roi.box_regression").AsSpan(4 * first * (settings.Classes + 1), deltas.Length), deltas, Tolerance);
            first += proposals.Length;

            var found = Suppression.Keep(new HeadOutputs(logits, deltas, proposals, settings.Classes, BoxCoder.Regions).Candidates(width, height, _options.ScoreThreshold, _options.LeastSide), _options.Overlap, _options.Most);
            Assert.Equal(expected.Integers($"{i}.detections.labels"), found.Select(box => box.Label + 1));
            DetectionReference.Near(expected.Boxes($"{i}.detections.boxes"), Array.ConvertAll(found, box => box.Box), Tolerance * width);
            DetectionReference.Near(expected.Numbers($"{i}.detections.scores"), Array.ConvertAll(found, box => (float)box.Score), Tolerance);
        }
    }

    [DetectionReferenceTheory]
    [InlineData("mini", RoiMethod.Align)]
    [InlineData("mini", RoiMethod.Pool)]
    [InlineData("resnet18", RoiMethod.Align)]
    [InlineData("resnet18", RoiMethod.Pool)]
    public void A_training_step_agrees(string name, RoiMethod method)
    {
        using var detector = Open(name, method);
        var expected = DetectionReference.Open($"{name}_{(method == RoiMethod.Align ? "align" : "pool")}_step");
        var images = name == "mini" ? 2 : 1;
        var scenes = Enumerable.Range(0, images).Select(i => new TrainingScene(ReferenceDetectors.Width, ReferenceDetectors.Height, Image(i), Objects(expected, i))).ToArray();
        var samples = new DrawnSamples([.. Enumerable.Range(0, images).Select(i => Anchors(expected, i, scenes[i].Objects))], [.. Enumerable.Range(0, images).Select(i => Regions(expected, i))]);
        using var gradients = new DetectorGradients(detector, new());
        var losses = gradients.Run(scenes, _ => samples, step: 0, share: 1);

        Near(expected.Numbers("loss.loss_objectness")[0], losses.Objectness);
        Near(expected.Numbers("loss.loss_rpn_box_reg")[0], losses.ProposalBoxes);
        Near(expected.Numbers("loss.loss_classifier")[0], losses.Classes);
        Near(expected.Numbers("loss.loss_box_reg")[0], losses.Boxes);
        Compare(detector.Trunk, gradients.Trunk, expected);
        Compare(detector.Head, gradients.Head, expected);
        NearButForATie(expected.Numbers("grad.c4"), GradientByFeatures(detector, scenes, samples), new((int)(expected.Numbers("grad.c4").Length / 130 / images), 10, 13));
    }

    /// <summary>The gradient of the whole loss by the feature maps, that of the head and that of the region proposal network together.</summary>
    static Span<float> GradientByFeatures(Detector detector, TrainingScene[] scenes, DrawnSamples samples)
    {
        var settings = detector.Definition.Settings;
        var reader = new RegionReader(settings, detector.Definition.RegionSize, detector.Trunk.Device);
        using var head = Session(detector.Head, DetectorDefinition.RegionsOutput);
        using var trunk = Session(detector.Trunk.WithInputSize(scenes[0].Height, scenes[0].Width), DetectorDefinition.FeaturesOutput);
        trunk.Run([.. scenes.SelectMany(scene => scene.Values)], values =>
        {
            var outputs = new TrunkOutputs(values);
            var gradients = outputs.Gradients();
            new HeadStep(settings, reader, head, new()).Run(outputs, samples.Regions, scenes[0].Width, scenes[0].Height, gradients);
            for (var i = 0; i < scenes.Length; i++)
                new ProposalLoss().Compute(samples.Anchors[i], reader.Layout(outputs.Shape), outputs.Objectness(i), outputs.Deltas(i), gradients.Objectness(i), gradients.Deltas(i), samples.Anchors.Sum(sample => sample.Count));
            return gradients.AsTargets();
        });
        return trunk.GradientOf(DetectorDefinition.FeaturesOutput).Data;
    }

    /// <summary>Makes steps that are supplied the gradients of all outputs, a head's own input aside, and keep the gradient by one.</summary>
    static TrainingSession Session(Network network, string gradientOf) => network.CreateTrainingSession(new TrainingSessionOptions
    {
        Losses = network.Definition.Outputs.Where(output => output.Name != DetectorDefinition.RegionsOutput).ToDictionary(output => output.Name, _ => (Loss)new SuppliedGradient()),
        TargetsFollowOutputs = true,
        GradientsOf = [gradientOf],
    });

    static void Compare(Network network, float[] gradients, DetectionReference expected)
    {
        var compared = 0;
        foreach (var tensor in network.Parameters.Tensors.Where(tensor => tensor.Info.IsTrained))
        {
            var name = FormulaWeights.TorchvisionName(tensor.Name);
            var actual = gradients.AsSpan(tensor.Offset, tensor.Length);
            if (expected.Contains($"norm.{name}"))
            {
                var sum = 0.0;
                foreach (var value in actual) sum += (double)value * value;
                // PyTorch has summed the squares in single precision: in double precision, torchvision's own norms are up to 1.3e-4 greater than stored.
                Assert.Equal(expected.Numbers($"norm.{name}")[0], Math.Sqrt(sum), 2 * Tolerance * Math.Sqrt(sum));
            }
            if (expected.Contains($"grad.{name}")) DetectionReference.Near(expected.Numbers($"grad.{name}"), actual, Tolerance);
            else if (expected.Contains($"head.{name}")) NearHead(expected.Numbers($"head.{name}"), actual);
            else continue;
            compared++;
        }
        Assert.True(compared >= 7, $"{network.Definition.Name}: {compared} gradients were compared");
    }

    /// <summary>
    /// Gradients by single values. A ReLU whose input is within rounding of zero may be open in one program and closed in the other, and both are right; that moves the gradient of all
    /// channels of the few cells that it sees, by less than a hundredth. A mistake would move more cells, or by more.
    /// </summary>
    static void NearButForATie(float[] expected, Span<float> actual, Shape maps)
    {
        Assert.Equal(expected.Length, actual.Length);
        var greatest = expected.Max(Math.Abs);
        var cells = new SortedSet<int>();
        var most = 0.0;
        for (var i = 0; i < expected.Length; i++)
        {
            var difference = Math.Abs(actual[i] - expected[i]) / greatest;
            most = Math.Max(most, difference);
            if (difference > Tolerance) cells.Add(i / (int)maps.Elements * maps.Height * maps.Width + i % (maps.Height * maps.Width));
        }
        Assert.True(cells.Count <= 9 && most < 0.01, $"Off are cells {string.Join(", ", cells)}, by {most} of the greatest at most");
    }

    /// <summary>The first values of a large tensor, to a share of the greatest of all.</summary>
    static void NearHead(float[] expected, Span<float> actual)
    {
        var greatest = 0f;
        foreach (var value in actual) greatest = Math.Max(greatest, Math.Abs(value));
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], Tolerance * greatest);
    }

    static void Near(double expected, double actual) => Assert.Equal(expected, actual, Tolerance * Math.Abs(expected));

    static Detector Open(string name, RoiMethod method)
    {
        var detector = name == "mini" ? ReferenceDetectors.Mini(method) : ReferenceDetectors.ResNet18(method);
        using var folder = new TemporaryFolder();
        var path = folder.File("weights.safetensors");
        if (name == "mini") WriteMini(path);
        else FormulaWeights.Write(detector, ReferenceFiles.Safetensors(DetectionReference.File("resnet18_align_forward")).Metadata["seed"], path);
        detector.Load(path);
        return detector;
    }

    /// <summary>Writes the stored weights; the layers of one's own head have a scope.</summary>
    static void WriteMini(string path)
    {
        using var stored = WeightFile.Open(DetectionReference.File("mini_weights"));
        WeightFile.Save(path, stored.StateDict.Select(entry =>
            new WeightTensor(entry.Key.Replace("box_head.", "box_head.head.", StringComparison.Ordinal), entry.Value.Shape, entry.Value.ToArray())));
    }

    static float[] Image(int index) => DetectionReference.Open("images").Image("images", index, 2);

    static ObjectAnnotation[] Objects(DetectionReference expected, int image) =>
        [.. expected.Boxes($"{image}.truth.boxes").Zip(expected.Integers($"{image}.truth.labels"), (box, label) => new ObjectAnnotation(label - 1, box))];

    static AnchorSample Anchors(DetectionReference expected, int image, IReadOnlyList<ObjectAnnotation> objects)
    {
        var anchors = DetectionReference.Anchors.Over(10, 13);
        return AnchorSample.Of(expected.Integers($"{image}.rpn.positive"), expected.Integers($"{image}.rpn.negative"), BoxMatcher.Anchors.Match(objects, anchors), objects, anchors, BoxCoder.Proposals);
    }

    static RegionSample Regions(DetectionReference expected, int image) =>
        new(expected.Boxes($"{image}.roi.boxes"), expected.Integers($"{image}.roi.labels"), expected.Deltas($"{image}.roi.targets"));
}
