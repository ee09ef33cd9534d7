using ResNet.Dsl;
using ResNet.Reference;
using ResNet.Runtime.Tests.Networks;

namespace ResNet.Runtime.Gpu.Tests;

/// <summary>Gates, scales, frozen statistics, flattening and several outputs on a device, against the layer tree executed literally.</summary>
public class VocabularyTests
{
    static readonly Dictionary<string, Func<NetworkBuilder, NetworkBuilder>> _networks = new()
    {
        // He et al. 2016, section 3.1: x + g(x)·(F(x) − x).
        ["ExclusiveGate"] = net => net
            .Conv(8, 3, padding: 1).BatchNorm().Relu()
            .Residual(r => r.Residual(
                g => g.Conv(8, 1, bias: true).Sigmoid(),
                s => s.Residual(f => f.Conv(8, 3, padding: 1).BatchNorm(), minus => minus.Scale(-1), Activation.None),
                Activation.None, merge: Merge.Product))
            .GlobalAveragePool().Dense(5),
        ["ShortcutOnlyGate"] = net => net
            .Conv(6, 3, padding: 1).BatchNorm().Relu()
            .Residual(
                f => f.Conv(6, 3, padding: 1).BatchNorm(),
                s => s.Residual(g => g.Conv(6, 1, bias: true).Sigmoid().Scale(-1, 1).Relu(), activation: Activation.None, merge: Merge.Product))
            .GlobalAveragePool().Dense(5),
        ["SigmoidOfItself"] = net => net
            .Conv(7, 3, stride: 2, padding: 1)
            .Residual(r => r.Sigmoid(), activation: Activation.None, merge: Merge.Product)
            .GlobalAveragePool().Dense(5),
        ["Frozen"] = net => net
            .BatchNorm(frozen: true)
            .Conv(8, 3, padding: 1).BatchNorm(frozen: true).Relu()
            .Residual(r => r.Conv(8, 3, padding: 1).BatchNorm(frozen: true).Relu().Conv(8, 1).BatchNorm())
            .GlobalAveragePool().BatchNorm(frozen: true).Dense(5),
        ["Scales"] = net => net
            .Scale()
            .Conv(5, 3, padding: 1).Scale().Relu()
            .Residual(r => r.Scale(0.5, -0.25).Relu().Conv(5, 3, padding: 1).Scale(2))
            .Scale(1.5, 0.125).Relu().Scale()
            .GlobalAveragePool().Dense(5),
        // Of 9×7 pixels: the last windows are cut on both sides.
        ["AveragedProjection"] = net => net
            .Conv(6, 3, padding: 1).BatchNorm().Relu()
            .Residual(r => r.Conv(8, 3, stride: 2, padding: 1).BatchNorm(), Shortcut.AveragedProjection)
            .GlobalAveragePool().Dense(5),
        ["StochasticDepth"] = net => net
            .Conv(6, 3, padding: 1).BatchNorm().Relu()
            .Repeat(3, unit => unit.Residual(r => r.Conv(6, 3, padding: 1).BatchNorm().StochasticDepth(0.6)))
            .GlobalAveragePool().StochasticDepth(0.3).Dense(5),
        ["Flattened"] = net => net
            .Conv(6, 3, stride: 2, padding: 1).BatchNorm().Relu()
            .Residual(r => r.Flatten().Scale(), s => s.Flatten(), Activation.None)
            .Dense(7).Relu().Dense(5),
    };

    public static IEnumerable<string> Names => _networks.Keys;

    /// <summary>Outputs before, beside and at the end of the chain, a tap after one of them, and one whose values are two outputs.</summary>
    static NetworkDefinition SeveralOutputs => new NetworkBuilder()
        .Input(3, 9, 7)
        .Conv(5, 3, padding: 1).BatchNorm().Relu().Output("maps")
        .Branch("side", b => b.GlobalAveragePool().Dense(4))
        .Conv(6, 3, stride: 2, padding: 1).BatchNorm().Relu().Tap("late")
        .Branch("same", b => b.Sigmoid())
        .GlobalAveragePool().Dense(3)
        .Build("SeveralOutputs");

    [Theory, OnDevice("interpreter", nameof(Names)), OnDevice("OpenCL", nameof(Names)), OnDevice("CUDA", nameof(Names))]
    public void InferenceAgrees(string device, string network = "ExclusiveGate")
    {
        using var net = Create(network, device);
        var images = Nets.Images(net, 3);
        Nets.AssertClose(new ReferenceInterpreter(net.Parameters).Infer(images.Data).Output, net.Predict(images).Data, 1e-5, "logits");
    }

    [Theory, OnDevice("interpreter", nameof(Names)), OnDevice("OpenCL", nameof(Names)), OnDevice("CUDA", nameof(Names))]
    public void LossGradientsAndStatisticsAgree(string device, string network = "ExclusiveGate")
    {
        using var net = Create(network, device);
        TrainingCases.AssertAgrees(net);
    }

    [Theory, OnDevice("interpreter", nameof(Names)), OnDevice("OpenCL", nameof(Names)), OnDevice("CUDA", nameof(Names))]
    public void WhatIsComputedASecondTimeHasTheSameBits(string device, string network = "ExclusiveGate")
    {
        using var kept = Create(network, device);
        using var recomputed = Nets.Randomized(Network.Create(kept.Definition, kept.Device, recompute: true));
        Assert.Equal(Bits(kept), Bits(recomputed));

        static float[] Bits(Network net)
        {
            using var session = net.CreateTrainingSession();
            var loss = session.Run(TrainingCases.Waves(net, 3), TrainingCases.Labels(net, 3)).Loss;
            return [(float)loss, .. session.ReadGradients(), .. net.Parameters.ReadStatistics()];
        }
    }

    [Theory, OnDevice("interpreter"), OnDevice("OpenCL"), OnDevice("CUDA")]
    public void OutputsComeOneAfterAnotherWithAndWithoutTaps(string device)
    {
        using var net = Nets.Randomized(Network.Create(SeveralOutputs, TestDevices.Open(device)));
        using var model = net.Device.Load(net.InferenceProgram, net.Parameters);
        using var session = model.CreateSession();
        // The third pass of a size is one that was recorded.
        foreach (var (batch, withTap) in new[] { (2, false), (3, true), (2, false), (2, true), (2, false), (3, false) })
        {
            var images = Nets.Images(net, batch);
            foreach (ref var value in images.Data) value *= batch;
            var expected = new ReferenceInterpreter(net.Parameters).Infer(images.Data);
            var output = new float[batch * net.Definition.Outputs.Sum(one => one.Shape.Elements)];
            var tap = new Tensor(expected.Taps["late"].Length);
            session.Run(images.Data, batch, output, withTap ? _ => tap : null);
            var rest = output.AsSpan();
            foreach (var one in net.Definition.Outputs)
            {
                var length = (int)(batch * one.Shape.Elements);
                Nets.AssertClose(expected.Outputs[one.Name], rest[..length], 1e-5, one.Name);
                rest = rest[length..];
            }
            if (withTap) Nets.AssertClose(expected.Taps["late"], tap.Data, 1e-5, "tap");
        }
    }

    static Network Create(string name, string device) =>
        Nets.Randomized(Network.Create(_networks[name](new NetworkBuilder().Input(3, 9, 7)).Build(name), TestDevices.Open(device)));
}
