using ResNet.Dsl;
using ResNet.Generators.Tests.Emitting;
using ResNet.Generators.Tests.Planning;
using ResNet.Reference;
using ResNet.Runtime;
using ResNet.Runtime.Evaluation;
using ResNet.Runtime.Weights.Initialization;

namespace ResNet.Generators.Tests.Training;

/// <summary>
/// The generated training step computes the loss, the gradients and the statistics of the layer tree, taken literally. This
/// holds whatever is fused, accumulated in place, put into one slot or computed again: that even has the same bits.
/// </summary>
public class TrainingTests
{
    const int BatchSize = 3;

    static readonly Lazy<IReadOnlyList<(GeneratedNetwork Saving, GeneratedNetwork Recomputing)>>
        _cifar = new(() => Twins(CifarArchitectures())), _random = new(() => Twins(SmallRandomNetworks(100)));

    /// <summary>Every family of the CIFAR papers, shrunk; compiled once for all tests.</summary>
    internal static IReadOnlyList<(GeneratedNetwork Saving, GeneratedNetwork Recomputing)> CifarTwins => _cifar.Value;

    /// <summary>Random networks; compiled once for all tests.</summary>
    internal static IReadOnlyList<(GeneratedNetwork Saving, GeneratedNetwork Recomputing)> RandomTwins => _random.Value;

    /// <summary>The code that keeps all activations, and that which computes units again.</summary>
    internal static IReadOnlyList<(GeneratedNetwork Saving, GeneratedNetwork Recomputing)> Twins(IReadOnlyList<NetworkDefinition> networks) =>
        [.. GeneratedNetwork.OfAll(networks).Zip(GeneratedNetwork.OfAll(networks, recomputes: true))];

    static IReadOnlyList<NetworkDefinition> CifarArchitectures()
    {
        CifarResNetAttribute[] options =
        [
            .. from unit in Enum.GetValues<Unit>()
               from shortcut in new[] { Shortcut.ZeroPad, Shortcut.Projection, Shortcut.ProjectionAlways }
               from block in new[] { Block.Basic, Block.Bottleneck }
               select new CifarResNetAttribute { Depth = block == Block.Basic ? 20 : 29, Unit = unit, Shortcut = shortcut, Block = block },
            new() { Depth = 20, Plain = true },
            new() { Depth = 29, Plain = true, Block = Block.Bottleneck },
            new() { Depth = 56 },
        ];
        foreach (var option in options) (option.ImageSize, option.Classes) = (4, 3);
        return [.. options.Select(option => Zoo.Build(option.Declare))];
    }

    /// <summary>Random networks that yield logits; many drop out, nest loops or join branches of every kind.</summary>
    static IReadOnlyList<NetworkDefinition> SmallRandomNetworks(int count) =>
        [.. Enumerable.Range(1000, 1000).Select(RandomNetworks.Create).Where(network => network.Output.IsVector && IsSmall(network)).Take(count)];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Two_hundred_random_networks_of_everything(int part) =>
        CheckAll(Twins([.. Enumerable.Range(2000 + 1000 * part, 1000).Select(RandomNetworks.CreateOfEverything).Where(IsSmall).Take(100)]));

    [Fact]
    public void Architectures_of_the_CIFAR_papers() => CheckAll(CifarTwins);

    [Fact]
    public void Architectures_of_the_ImageNet_papers() => CheckAll(Twins(
    [
        Zoo.ResNet(18, imageSize: 32),
        Zoo.ResNet(50, groups: 2, widthPerGroup: 4, imageSize: 32),
        Zoo.ResNet(50, Unit.PreActivation, groups: 2, widthPerGroup: 4, imageSize: 32),
    ]));

    [Fact]
    public void A_hundred_random_networks() => CheckAll(RandomTwins);

    /// <summary>Some random networks nest repeats so deeply that a naive pass would take minutes.</summary>
    static bool IsSmall(NetworkDefinition network) =>
        network.Layers() is { Count: < 200 } layers && layers.Sum(layer => layer.MultiplyAdds) < 500_000;

    [Theory]
    [InlineData("plain", "")]
    [InlineData("basic", "")]
    [InlineData("preactivation", "")]
    [InlineData("ReLU before the addition", "Copy")]
    [InlineData("both branches the input itself", "Copy Add")]
    [InlineData("a loop in a branch", "Copy Add")]
    [InlineData("a convolution by itself", "Copy Copy Copy")]
    public void Only_what_cannot_be_done_in_place_takes_a_pass_of_its_own(string network, string passes)
    {
        var pass = Check(GeneratedNetwork.Of(Zoo.Build(net =>
        {
            net.Input(2, 4, 4).Conv(4, 3, padding: 1).BatchNorm().Relu();
            switch (network)
            {
                case "plain":
                    net.Repeat(3, n => n.Conv(4, 3, padding: 1).BatchNorm().Relu());
                    break;
                case "basic":
                    net.Repeat(3, n => n.Residual(r => r.Conv(4, 3, padding: 1).BatchNorm().Relu().Conv(4, 1).BatchNorm()));
                    break;
                case "preactivation":
                    net.Repeat(3, n => n.Residual(r => r.BatchNorm().Relu().Conv(4, 1).BatchNorm().Relu().Conv(4, 1), activation: Activation.None));
                    break;
                case "ReLU before the addition":
                    net.Residual(r => r.Conv(4, 1).BatchNorm().Relu(), activation: Activation.None);
                    break;
                case "both branches the input itself":
                    net.Residual(r => r.Sequence(_ => { }));
                    break;
                case "a loop in a branch":
                    net.Residual(r => r.Repeat(2, n => n.Conv(4, 1).BatchNorm()));
                    break;
                default:
                    net.Repeat(3, n => n.Conv(4, 1));
                    break;
            }
            net.GlobalAveragePool().Dense(3);
        })));
        Assert.Equal(passes, string.Join(' ', pass.Operations.Where(operation => operation is "Copy" or "Add")));
    }

    [Fact]
    public void Gates_branches_and_several_losses() => CheckAll(Twins(
    [
        // He et al. 2016, section 3.1: x + g(x)·(F(x) - x), in a loop.
        Zoo.Build(net => net.Input(2, 5, 4).Conv(4, 3, padding: 1).BatchNorm().Relu()
            .Repeat(3, n => n.Residual(
                g => g.Residual(
                    f => f.Residual(r => r.Conv(4, 3, padding: 1).BatchNorm(), minus => minus.Scale(-1), Activation.None),
                    gate => gate.Conv(4, 1, bias: true).Sigmoid(), Activation.None, merge: Merge.Product)))
            .GlobalAveragePool().Dense(3)),
        // As VGG ends.
        Zoo.Build(net => net.Input(2, 6, 6).Conv(4, 3, padding: 1).Relu().MaxPool(2).Flatten().Dense(5).Relu().Dropout(0.5).Dense(3)),
        // As a detector ends: maps with a loss at every position.
        Zoo.Build(net => net.Input(2, 6, 6).Conv(4, 3, padding: 1).BatchNorm(frozen: true).Relu().Output("features")
            .Branch("boxes", b => b.Conv(4, 1).Scale()).Branch("scores", b => b.Conv(3, 1))),
        // A value that is an output twice, a factor, and the beginning of a loop; a square.
        Zoo.Build(net => net.Input(2, 4, 4).Conv(3, 1).Output("a").Output("b").Residual(r => { }, merge: Merge.Product)
            .Branch("c", b => b.Repeat(3, n => n.Residual(r => r.Conv(3, 1).BatchNorm(), s => s.Dropout(0.5)))).Residual(r => r.Output("d").Relu(), activation: Activation.None)),
        // Nothing has a parameter before the outputs.
        Zoo.Build(net => net.Input(3, 4, 4).Scale(2).Sigmoid().Output("a").Branch("b", b => b.Scale(0.5).Relu()).GlobalAveragePool().Dense(2)),
    ]));

    [Fact]
    public void Memory_of_ResNet_20_is_what_backward_reads_and_three_gradients()
    {
        // Of the stem's and each unit's convolutions the input, the result and, rectified, the output; then those of the last
        // pooling and of the projections, none of which exist in this network.
        const long full = 16 * 32 * 32;
        var stages = new[] { full, full / 2, full / 4 };
        var units = stages.Sum(size => 3 * 4 * size);
        var saved = 3 * 32 * 32 + 2 * full + units + 64;
        var gradients = 3 * full + full;
        Assert.InRange(GeneratedNetwork.Of(Zoo.Cifar(20)).Constant<long>("TrainingArenaElements"), saved, saved + gradients);
    }

    static void CheckAll(IReadOnlyList<(GeneratedNetwork, GeneratedNetwork)> twins)
    {
        foreach (var (saving, recomputing) in twins)
        {
            var (expected, actual) = (Check(saving), Run(recomputing));
            Assert.Equal(expected.Total, actual.Total);
            Assert.Equal(expected.Gradients.Keys.Order(), actual.Gradients.Keys.Order());
            foreach (var (name, gradient) in expected.Gradients)
            {
                if (!gradient.AsSpan().SequenceEqual(actual.Gradients[name]))
                    Assert.Fail($"The gradient of {name} is another if units are computed again, in {saving.Model.Definition}");
            }
            foreach (var info in saving.Model.Definition.Layers().SelectMany(layer => layer.Parameters).Where(info => !info.IsTrained))
                Assert.Equal(expected.Statistic(info.Name), actual.Statistic(info.Name));
        }
    }

    static NaiveTrainingPass Check(GeneratedNetwork generated)
    {
        var network = generated.Model.Definition;
        var parameters = Parameters(network);
        var (images, labels) = Batch(network);
        var reference = new ReferenceInterpreter(parameters);
        var step = reference.Train(images, Losses(network, labels), Keeps);
        var rounded = new Lazy<IReadOnlyDictionary<string, double[]>>(() => GradientsOfRounded(parameters, images, labels));
        var pass = Run(generated);

        Assert.Equal(step.Loss, pass.Total, 1e-9 * Math.Abs(step.Loss));
        Assert.Equal(step.Gradients.Keys.Order(), pass.Gradients.Keys.Order());
        // Some gradients are zero but for rounding: of a bias in front of a normalization.
        var scale = step.Gradients.Values.Select(Largest).DefaultIfEmpty().Max();
        foreach (var (name, gradient) in step.Gradients)
        {
            var noise = 1e-9 * Math.Max(Largest(gradient), 0.1 * scale);
            // Others are zero because terms of any size cancel: of the weight of a convolution from one channel to one in front of a normalization.
            if (LargestDifference(gradient, pass.Gradients[name]) > noise) noise += 100 * LargestDifference(gradient, rounded.Value[name]);
            AssertClose(network, name, gradient, pass.Gradients[name], noise);
        }
        foreach (var tensor in parameters.Tensors.Where(tensor => !tensor.Info.IsTrained))
            AssertClose(network, tensor.Name, reference.Parameters[tensor.Name], pass.Statistic(tensor.Name), 1e-9 * Largest(reference.Parameters[tensor.Name]));
        return pass;
    }

    /// <summary>Executes a training step, and holds its arena to what the constant says.</summary>
    static NaiveTrainingPass Run(GeneratedNetwork generated)
    {
        var network = generated.Model.Definition;
        var (images, labels) = Batch(network);
        var parameters = new ReferenceInterpreter(Parameters(network)).Parameters;
        var pass = new NaiveTrainingPass(network, parameters.ToDictionary(entry => entry.Key, entry => (double[])entry.Value.Clone()), images, Losses(network, labels), Keeps);
        generated.Train(pass);
        Assert.Equal(pass.SlotSizes.Values.Sum(), generated.Constant<long>("TrainingArenaElements"));
        Assert.Equal(Enumerable.Range(0, pass.SlotSizes.Count), pass.SlotSizes.Keys.Order());
        return pass;
    }

    public static (float[] Images, int[] Labels) Batch(NetworkDefinition network)
    {
        var random = new Random(7);
        return (
            [.. Enumerable.Range(0, checked((int)(BatchSize * network.Input.Elements))).Select(_ => random.NextSingle() - 0.5f)],
            [.. Enumerable.Range(0, BatchSize).Select(i => (i + 1) % network.Output.Channels)]);
    }

    /// <summary>
    /// Softmax cross-entropy at the primary output, at every position if it is feature maps; other outputs take the other losses
    /// in turn, and one in four has none.
    /// </summary>
    static Dictionary<string, ReferenceLoss> Losses(NetworkDefinition network, int[] labels)
    {
        var losses = new Dictionary<string, ReferenceLoss>();
        var outputs = network.Outputs;
        for (var i = 0; i < outputs.Count; i++)
        {
            var (name, shape) = (outputs[i].Name, outputs[i].Shape);
            var elements = BatchSize * (int)shape.Elements;
            double[] Targets() => [.. Enumerable.Range(0, elements).Select(k => k % 7 / 7.0)];
            if (i == outputs.Count - 1)
                losses[name] = ReferenceLosses.SoftmaxCrossEntropy([.. labels.SelectMany(label => Enumerable.Repeat(label % shape.Channels, shape.Height * shape.Width))]);
            else if (i % 4 == 0) losses[name] = ReferenceLosses.SmoothL1(Targets(), beta: 0.5);
            else if (i % 4 == 1) losses[name] = ReferenceLosses.SigmoidCrossEntropy(Targets());
            else if (i % 4 == 2) losses[name] = ReferenceLosses.Supplied([.. Targets().Select(t => (t - 0.4) / elements)]);
        }
        return losses;
    }

    static bool Keeps(LayerInstance layer, int index) => (7 * index + layer.Index) % 3 != 0;

    static Parameters Parameters(NetworkDefinition network)
    {
        var parameters = new Parameters(network);
        Randomize(parameters);
        return parameters;
    }

    internal static void Randomize(Parameters parameters)
    {
        new HeInitializer(3).Initialize(parameters);
        var random = new Random(11);
        foreach (var tensor in parameters.Tensors.Where(tensor => tensor.Info.Kind is not ParameterKind.Weight))
        {
            var least = tensor.Info.Kind is ParameterKind.Scale or ParameterKind.RunningVariance ? 0.5f : -0.5f;
            tensor.Edit(values =>
            {
                foreach (ref var value in values) value = least + random.NextSingle();
            });
        }
    }

    /// <summary>
    /// The reference's gradients with each parameter off by its last bit: what changes by that is rounding, and no more can be
    /// asked of it.
    /// </summary>
    static IReadOnlyDictionary<string, double[]> GradientsOfRounded(Parameters parameters, float[] images, int[] labels)
    {
        var reference = new ReferenceInterpreter(parameters);
        var random = new Random(5);
        foreach (var values in reference.Parameters.Values)
            foreach (ref var value in values.AsSpan()) value = random.Next(2) == 0 ? Math.BitIncrement(value) : Math.BitDecrement(value);
        return reference.Train(images, Losses(parameters.Network, labels), Keeps).Gradients;
    }

    static double LargestDifference(double[] left, double[] right) => left.Zip(right, (a, b) => Math.Abs(a - b)).Max();

    static void AssertClose(NetworkDefinition network, string name, double[] expected, double[] actual, double allowed)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            if (!(Math.Abs(expected[i] - actual[i]) <= allowed))
                Assert.Fail($"{name}[{i}] is {actual[i]:g12} instead of {expected[i]:g12}, more than {allowed:g3} apart, in {network}");
    }

    static double Largest(double[] values) => values.Max(Math.Abs);
}
