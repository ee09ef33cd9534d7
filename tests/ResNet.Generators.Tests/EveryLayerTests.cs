using ResNet.Dsl;
using ResNet.Generators.Tests.Emitting;
using ResNet.Generators.Tests.Planning;
using ResNet.Planning;
using ResNet.Reference;
using ResNet.Runtime;

namespace ResNet.Generators.Tests;

/// <summary>Every kind of layer passes everything that layers are handed to. A new kind fails here until all of it knows it.</summary>
public class EveryLayerTests
{
    static readonly Dictionary<string, NetworkDefinition> _networks = new()
    {
        ["units"] = Zoo.Build(net => net.Input(3, 12, 12).Conv(8, 3, padding: 1).BatchNorm().Relu().Tap("stem")
            .Repeat(2, unit => unit.Residual(r => r.Conv(8, 3, padding: 1).BatchNorm().StochasticDepth(0.01)))
            .Residual(r => r.Conv(12, 3, stride: 2, padding: 1).BatchNorm(), Shortcut.ZeroPad)
            .MaxPool(2).GlobalAveragePool().Dropout(0.5).Dense(4).Output("logits")),
        ["gates"] = Zoo.Build(net => net.Input(3, 12, 12).Conv(8, 3, padding: 1).Scale().Relu().AveragePool(2)
            .Residual(r => r.Conv(8, 1).BatchNorm(frozen: true), gate => gate.Conv(8, 1).Sigmoid().Scale(-1, 1), merge: Merge.Product)
            .Flatten().Branch("logits", b => b.Dense(4))),
    };

    public static TheoryData<string> Names => [.. _networks.Keys];

    [Fact]
    public void The_networks_have_every_kind_of_layer()
    {
        var kinds = typeof(Layer).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Layer)) && !type.IsAbstract);
        var present = _networks.Values.SelectMany(network => Tree(network.Body)).Select(layer => layer.GetType()).Distinct();
        Assert.Equal(kinds.Select(kind => kind.Name).Order(), present.Select(kind => kind.Name).Order());
    }

    [Theory, MemberData(nameof(Names))]
    public void It_is_described_planned_and_generated(string name)
    {
        var network = _networks[name];
        var summary = NetworkSummary.Of(network).ToString();
        Assert.All(network.Layers().Where(layer => layer.Parameters.Count > 0), layer => Assert.Contains(layer.Name, summary, StringComparison.Ordinal));
        foreach (var recomputes in new[] { false, true })
        {
            Assert.True(Planner.PlanTraining(network, recomputes).ArenaElements > 0);
            using var compiled = GeneratedNetwork.Of(network, recomputes).Create();
            Assert.Equal(network, compiled.Definition);
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void It_computes_what_the_reference_computes_and_is_trained(string name)
    {
        var network = _networks[name];
        using var net = GeneratedNetwork.Of(network).Create();
        var images = new Tensor(2, 3, 12, 12);
        for (var i = 0; i < images.Data.Length; i++) images.Data[i] = (float)Math.Sin(i * i);
        var reference = new ReferenceInterpreter(net.Parameters);
        var expected = reference.Infer(images.Data).Output;
        var actual = net.Predict(images).Data;
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-4 * Math.Max(1, Math.Abs(expected[i])));

        var trained = net.Parameters.Tensors.Where(tensor => tensor.Info.IsTrained).ToList();
        var gradients = reference.Train(images.Data, [1, 3], dropout: (_, _) => true).Gradients;
        Assert.Equal(trained.Select(tensor => tensor.Name).Order(), gradients.Keys.Order());
        using var session = net.CreateTrainingSession();
        Assert.True(double.IsFinite(session.Run(images.Data, [1, 3]).Loss));
        Assert.All(trained, tensor => Assert.Contains(session.ReadGradients().Slice(tensor.Offset, tensor.Length).ToArray(), value => value != 0 && float.IsFinite(value)));
    }

    [Fact]
    public void Random_networks_compute_what_the_reference_computes()
    {
        for (var seed = 5000; seed < 5200; seed++)
        {
            var network = RandomNetworks.CreateOfEverything(seed);
            using var net = Network.Create(network);
            var (channels, height, width) = (network.Input.Channels, network.Input.Height, network.Input.Width);
            var images = new Tensor(2, channels, height, width);
            for (var i = 0; i < images.Data.Length; i++) images.Data[i] = (float)Math.Sin(i * i);
            var expected = new ReferenceInterpreter(net.Parameters).Infer(images.Data).Outputs;
            var actual = net.PredictAll(images);
            Assert.Equal(network.Outputs.Select(output => output.Name), actual.Keys);
            foreach (var (name, values) in expected)
            {
                var largest = values.Max(Math.Abs);
                for (var i = 0; i < values.Length; i++)
                    Assert.True(Math.Abs(values[i] - actual[name].Data[i]) <= 1e-4 * largest, $"{seed}, {name}[{i}] is {actual[name].Data[i]}, not {values[i]}");
            }
        }
    }

    static IEnumerable<Layer> Tree(Layer layer) => layer switch
    {
        Sequence sequence => sequence.Layers.SelectMany(Tree).Prepend(sequence),
        Repeat repeat => Tree(repeat.Body).Prepend(repeat),
        Residual residual => new[] { residual.Main, residual.Shortcut, residual.Activation }.SelectMany(Tree).Prepend(residual),
        Branch branch => Tree(branch.Content).Prepend(branch),
        _ => [layer],
    };
}
