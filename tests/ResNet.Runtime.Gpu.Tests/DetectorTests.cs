using ResNet.Dsl;
using ResNet.Runtime.Detection.Boxes;
using ResNet.Runtime.Detection.Regions;
using ResNet.Runtime.Detection.Training;

namespace ResNet.Runtime.Gpu.Tests;

/// <summary>A detector's networks on a device, whose step asks for the gradients by what it has computed.</summary>
public class DetectorTests
{
    const int Side = 32;

    [Theory, OnDevice("interpreter"), OnDevice("OpenCL"), OnDevice("CUDA")]
    public void It_computes_and_trains_as_on_the_processor(string device)
    {
        using var expected = Create(null);
        using var actual = Create(TestDevices.Open(device));
        var input = new Tensor(Values(1), 1, 3, Side, Side);
        var (outputs, others) = (expected.Trunk.PredictAll(input), actual.Trunk.PredictAll(input));
        Assert.Equal(outputs.Keys, others.Keys);
        foreach (var (name, values) in outputs) Near(values.Data, others[name].Data);
        CompareHeads(expected, actual, input);

        var (gradients, losses) = Step(expected);
        var (same, sameLosses) = Step(actual);
        Assert.Equal(losses.Total, sameLosses.Total, 1e-4 * losses.Total);
        Assert.Contains(gradients[..100], value => Math.Abs(value) > 1e-6);
        Near(gradients, same);
    }

    /// <summary>Compares what the heads say of regions, to which the device's feature maps do not go by the host.</summary>
    static void CompareHeads(Detector expected, Detector actual, Tensor input)
    {
        Box[] regions = [new(3, 5, 21, 25), new(10, 0, 31, 12), new(0, 0, 32, 32)];
        using var features = expected.Pass.RunTrunk(input);
        using var same = actual.Pass.RunTrunk(input);
        var (logits, deltas) = expected.Pass.RunHead(features, regions, Side, Side);
        var (others, otherDeltas) = actual.Pass.RunHead(same, regions, Side, Side);
        Assert.NotNull(same.Maps.Resident);
        Near(logits, others);
        Near(deltas, otherDeltas);
    }

    static (float[] Gradients, DetectionLosses Losses) Step(Detector detector)
    {
        using var gradients = new DetectorGradients(detector, new() { Anchors = 32, Regions = 4 });
        TrainingScene[] scenes = [new(Side, Side, Values(2), [new(1, new(4, 6, 20, 24))]), new(Side, Side, Values(3), [])];
        RegionSample[] regions =
        [
            new([new(3, 5, 21, 25), new(10, 0, 31, 12)], [2, 0], [new(0.1, -0.2, 0.3, 0.1), default]),
            new([new(0, 0, 15, 31)], [0], [default]),
        ];
        var losses = gradients.Run(scenes, trunk => new([.. scenes.Select((scene, i) => Anchors(detector, scene, i))], regions), step: 0, share: 1);
        return ([.. gradients.Trunk, .. gradients.Head], losses);
    }

    static AnchorSample Anchors(Detector detector, TrainingScene scene, int image)
    {
        var settings = detector.Definition.Settings;
        var anchors = AnchorGrid.Centered([.. settings.AnchorSizes], [.. settings.AnchorRatios], settings.Stride).Over(Side / settings.Stride, Side / settings.Stride);
        return new AnchorSampling { Draw = new(32, 0.5) }.Choose(anchors, scene.Objects, Side, Side, BalancedDraw.Stream(0, "anchors", 0, image));
    }

    static Detector Create(Device? device) => Detector.Create(new DetectorAttribute
    {
        Classes = 2,
        ShorterSide = Side,
        LongerSide = Side,
        AnchorSizes = [8, 16],
        AnchorRatios = [1],
        RegionSize = 4,
    }.Compose("tiny",
        net => net.Input(3, Side, Side).Conv(4, 3, stride: 2, padding: 1).BatchNorm().Relu().Conv(8, 3, stride: 2, padding: 1).BatchNorm().Relu(),
        roi => roi.Conv(8, 3, padding: 1).BatchNorm().Relu().GlobalAveragePool()), device);

    static float[] Values(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, 3 * Side * Side).Select(_ => 2 * random.NextSingle() - 1)];
    }

    static void Near(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        var greatest = 0f;
        foreach (var value in expected) greatest = Math.Max(greatest, Math.Abs(value));
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-4f * greatest);
    }
}
