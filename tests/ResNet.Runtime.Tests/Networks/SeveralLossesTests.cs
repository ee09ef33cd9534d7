using ResNet.Dsl;
using ResNet.Reference;
using ResNet.Runtime.Tensors;

namespace ResNet.Runtime.Tests.Networks;

/// <summary>A network of two outputs, each with a loss of its own.</summary>
public class SeveralLossesTests
{
    const int Batch = 4;

    [Theory, InlineData(false), InlineData(true)]
    public void LossesAndGradientsAreTheReferences(bool planned)
    {
        using var net = Create(planned);
        var targets = Targets(net);
        using var session = net.CreateTrainingSession(Options());
        var images = Images(net);
        var reference = new ReferenceInterpreter(net.Parameters);
        var losses = targets.ToDictionary(target => target.Key, target => LossCases.Reference(Options().Losses[target.Key], target.Value));
        var expected = reference.Train(images, losses);
        var result = session.Run(images, targets);

        Assert.Equal(expected.Loss, result.Loss, 1e-5);
        Assert.Equal(["boxes", "scores"], session.Losses.Keys.Order());
        foreach (var (name, loss) in session.Losses) Assert.Equal(expected.Losses[name], Options().Losses[name].Weight * loss, 1e-5);
        AssertGradients(net, session, expected);
        var scores = expected.Forward.Outputs["scores"].Chunk(4).ToList();
        var labels = targets["scores"].Labels.ToArray();
        Assert.Equal(labels.Where((label, i) => Array.IndexOf(scores[i], scores[i].Max()) == label).Count(), result.Correct);
    }

    [Theory, InlineData("scores"), InlineData("boxes")]
    public void AnOutputWithoutLossTeachesNothing(string only)
    {
        using var net = Create(planned: false);
        var targets = new Dictionary<string, LossTarget> { [only] = Targets(net)[only] };
        var loss = Options().Losses[only];
        using var session = net.CreateTrainingSession(new TrainingSessionOptions { Losses = { [only] = loss } });
        var images = Images(net);
        var expected = new ReferenceInterpreter(net.Parameters).Train(images, new Dictionary<string, ReferenceLoss> { [only] = LossCases.Reference(loss, targets[only]) });
        var result = session.Run(images, targets);

        Assert.Equal(expected.Loss, result.Loss, 1e-5);
        Assert.Equal(only == "scores", result.Correct is not null);
        AssertGradients(net, session, expected);
    }

    [Fact]
    public void TheGradientIsTheSlopeInAnyDirection()
    {
        using var net = Create(planned: false);
        var (images, targets) = (Images(net), Targets(net));
        using var session = net.CreateTrainingSession(Options());
        for (ulong direction = 0; direction < 3; direction++)
        {
            var random = new CounterRandom(direction);
            var along = Enumerable.Range(0, net.Parameters.ReadTrained().Length).Select(i => (float)random.Normal(i)).ToArray();
            session.Run(images, targets);
            var slope = 0.0;
            for (var i = 0; i < along.Length; i++) slope += (double)along[i] * session.ReadGradients()[i];
            double LossAt(float h)
            {
                var before = net.Parameters.ReadTrained().ToArray();
                var weights = net.Parameters.EditTrained();
                for (var i = 0; i < along.Length; i++) weights[i] += h * along[i];
                var loss = session.Run(images, targets).Loss;
                before.CopyTo(net.Parameters.EditTrained());
                return loss;
            }
            const float h = 1e-4f;
            Assert.Equal(slope, (LossAt(h) - LossAt(-h)) / (2 * h), 1e-2 * Math.Max(1, Math.Abs(slope)));
        }
    }

    [Fact]
    public void CompiledAndPlannedHaveTheSameBits()
    {
        using var compiled = Create(planned: false);
        using var planned = Create(planned: true);
        using var first = compiled.CreateTrainingSession(Options());
        using var second = planned.CreateTrainingSession(Options());
        var images = Images(compiled);
        Assert.Equal(first.Run(images, Targets(compiled)), second.Run(images, Targets(planned)));
        Assert.Equal(first.Losses, second.Losses);
        Assert.Equal(first.ReadGradients(), second.ReadGradients());
    }

    [Theory, InlineData(1), InlineData(2)]
    public void AWarmStepAllocatesNothing(int threads)
    {
        using var device = new CpuDevice(threads);
        using var net = new TwoHeads(device);
        using var session = net.CreateTrainingSession(Options());
        var (images, targets) = (Images(net), Targets(net));
        Assert.Equal(0, Allocations.Of(() => session.Run(images, targets)));
    }

    [Fact]
    public void LabelsAloneServeMapsOfScoresToo()
    {
        using var net = Network.Create(TestNetworks.Build(3, 8, 8, n => n.Conv(4, 3)));
        TrainingCases.Randomize(net.Parameters);
        var loss = new SoftmaxCrossEntropy { IgnoredLabel = -1 };
        using var session = net.CreateTrainingSession(new TrainingSessionOptions { Losses = { [NetworkOutput.DefaultName] = loss } });
        var images = TrainingCases.Waves(net, 2);
        var labels = Enumerable.Range(0, 2 * 6 * 6).Select(i => i % 5 - 1).ToArray();
        var expected = new ReferenceInterpreter(net.Parameters).Train(
            images, new Dictionary<string, ReferenceLoss> { [NetworkOutput.DefaultName] = ReferenceLosses.SoftmaxCrossEntropy(labels, ignored: -1) });
        var result = session.Run(images, labels);
        Assert.Equal(expected.Loss, result.Loss, 1e-5);
        Assert.Null(result.Correct);
        AssertGradients(net, session, expected);
    }

    public static TheoryData<string, string> WrongTargets => new()
    {
        { "missing", "\"boxes\"" }, { "unknown", "\"corners\"" }, { "too few labels", "3 labels are given; expected 4" },
        { "too few values", "expected 1260" }, { "label out of range", "label 1 is 4; expected one of 4 classes" }, { "negative label", "label 0 is -1" },
        { "values for labels", "1 values are given; expected 0" }, { "negative weight", "weight 2 is -1" }, { "weight not a number", "weight 2 is NaN" },
        { "too few weights", "3 weights are given; expected 1260" }, { "value not finite", "value 5 is" },
    };

    [Theory, MemberData(nameof(WrongTargets))]
    public void TargetsThatDoNotFitAreRefusedBeforeAnyStatisticMoves(string problem, string message)
    {
        using var net = Create(planned: false);
        using var session = net.CreateTrainingSession(Options());
        var targets = Targets(net);
        var (boxes, scores) = (targets["boxes"], targets["scores"]);
        void Change<T>(ReadOnlyMemory<T> values, int index, T value) => System.Runtime.InteropServices.MemoryMarshal.AsMemory(values).Span[index] = value;
        switch (problem)
        {
            case "missing": targets.Remove("boxes"); break;
            case "unknown": targets["corners"] = boxes; break;
            case "too few labels": targets["scores"] = scores with { Labels = scores.Labels[1..] }; break;
            case "too few values": targets["boxes"] = boxes with { Values = boxes.Values[1..] }; break;
            case "label out of range": Change(scores.Labels, 1, 4); break;
            case "negative label": Change(scores.Labels, 0, -1); break;
            case "values for labels": targets["scores"] = scores with { Values = new float[1] }; break;
            case "negative weight": Change(boxes.Weights, 2, -1); break;
            case "weight not a number": Change(boxes.Weights, 2, float.NaN); break;
            case "too few weights": targets["boxes"] = boxes with { Weights = new float[3] }; break;
            case "value not finite": Change(boxes.Values, 5, float.PositiveInfinity); break;
            default: throw new ArgumentException($"There is no problem \"{problem}\"", nameof(problem));
        }
        var before = net.Parameters.ReadStatistics().ToArray();
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => session.Run(Images(net), targets)).Message, StringComparison.Ordinal);
        Assert.Equal(before, net.Parameters.ReadStatistics());
    }

    [Fact]
    public void SessionsThatDoNotFitAreRefused()
    {
        using var net = Create(planned: false);
        var unknown = Assert.Throws<ArgumentException>(() => net.CreateTrainingSession(new TrainingSessionOptions { Losses = { ["corners"] = new SmoothL1() } }));
        Assert.Contains("\"corners\"", unknown.Message, StringComparison.Ordinal);
        Assert.Contains("\"boxes\", \"scores\"", unknown.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => net.CreateTrainingSession(new TrainingSessionOptions { FreezeStatisticsThrough = "layer9" }));
        using var session = net.CreateTrainingSession(Options());
        Assert.Contains("\"boxes\" (SmoothL1)", Assert.Throws<ArgumentException>(() => session.Run(Images(net), [0, 1, 2, 3])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new SmoothL1 { Beta = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new SmoothL1 { Beta = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>(() => new SigmoidCrossEntropy { Weight = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new SoftmaxCrossEntropy { LabelSmoothing = 1.5f });
        Assert.Throws<ArgumentOutOfRangeException>(() => new SoftmaxCrossEntropy { LabelSmoothing = float.NaN });
    }

    static Network Create(bool planned)
    {
        var compiled = new TwoHeads();
        Network net = planned ? Network.Create(compiled.Definition) : compiled;
        if (planned) compiled.Dispose();
        TrainingCases.Randomize(net.Parameters);
        return net;
    }

    static TrainingSessionOptions Options() => new() { Losses = { ["boxes"] = new SmoothL1 { Beta = 0.5, Weight = 0.25 }, ["scores"] = new SoftmaxCrossEntropy() } };

    static float[] Images(Network net) => TrainingCases.Waves(net, Batch);

    static Dictionary<string, LossTarget> Targets(Network net) => net.Definition.Outputs.ToDictionary(
        output => output.Name,
        output => LossCases.Target(Options().Losses[output.Name], output.Shape, Batch, weighted: output.Name == "boxes"));

    static void AssertGradients(Network net, TrainingSession session, ReferenceStep expected)
    {
        var largest = expected.Gradients.Values.Max(gradient => gradient.Max(Math.Abs));
        foreach (var tensor in net.Parameters.Tensors.Where(tensor => tensor.Info.IsTrained))
            TrainingCases.AssertClose(expected.Gradients[tensor.Name], session.ReadGradients().Slice(tensor.Offset, tensor.Length), largest, 1e-4, tensor.Name);
    }
}

[Network]
sealed partial class TwoHeads
{
    static void Define(NetworkBuilder net) => net
        .Input(3, 9, 7)
        .Conv(20, 3, padding: 1).BatchNorm().Relu()
        .Branch("boxes", b => b.Conv(5, 3, padding: 1))
        .Residual(r => r.Conv(20, 3, padding: 1).BatchNorm())
        .GlobalAveragePool().Dense(4).Output("scores");
}
