using ResNet.Dsl;
using ResNet.Reference;
using ResNet.Runtime.Tensors;
using ResNet.Runtime.Weights.Initialization;

namespace ResNet.Runtime.Tests;

public class ParametersInitializationTests
{
    [Fact]
    public void SplitMix64_gives_the_published_sequence()
    {
        // The first five values for the seed 1234567, as in Rosetta Code's "Pseudo-random numbers/Splitmix64".
        var random = new CounterRandom(1234567);
        Assert.Equal(
            [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821],
            Enumerable.Range(0, 5).Select(i => random[i]));
    }

    [Theory]
    [InlineData("", 0xcbf29ce484222325), InlineData("a", 0xaf63dc4c8601ec8c), InlineData("foobar", 0x85944171f73967e8)]
    public void Fnv1a_gives_the_published_values(string text, ulong expected) => Assert.Equal(expected, CounterRandom.Fnv1a(text));

    [Theory]
    [InlineData(1), InlineData(3), InlineData(4), InlineData(1003)]
    public void Four_normal_numbers_at_a_time_are_those_one_by_one(int count)
    {
        var random = new CounterRandom(5, "conv1.weight");
        var values = new float[count];
        random.FillNormal(values, 0.3);
        for (var i = 0; i < count; i++) Assert.Equal(0.3 * random.Normal(i), values[i], 1e-7 * Math.Max(1, Math.Abs(values[i])));
    }

    [Theory]
    [InlineData(FanMode.Out, 64 * 9), InlineData(FanMode.In, 8 * 9)]
    public void Convolutions_are_normal_with_the_fans_deviation(FanMode fan, int size)
    {
        var values = Initialized(n => n.Conv(64, 3, padding: 1, groups: 4), 32, new() { Fan = fan })["conv1.weight"].Read().ToArray();
        var deviation = Math.Sqrt(2.0 / size);
        // 4,608 values: the standard errors are 1.5 % of a deviation for the mean and 1 % for the deviation.
        Assert.Equal(0, values.Average(), 0.05 * deviation);
        Assert.Equal(deviation, Math.Sqrt(values.Average(v => (double)v * v)), 0.04 * deviation);
        // Of a normal distribution, 68.3 % lie within one deviation and 95.4 % within two.
        Assert.Equal(0.683, values.Count(v => Math.Abs(v) < deviation) / (double)values.Length, 0.03);
        Assert.Equal(0.954, values.Count(v => Math.Abs(v) < 2 * deviation) / (double)values.Length, 0.015);
    }

    [Fact]
    public void Dense_layers_are_uniform_within_the_inverse_root_of_their_inputs()
    {
        var parameters = Initialized(n => n.Dense(100), 64);
        var values = parameters["fc.weight"].Read().ToArray();
        Assert.All(values, v => Assert.InRange(v, -0.125f, 0.125f));
        Assert.InRange(values.Max(), 0.124f, 0.125f);
        Assert.InRange(values.Min(), -0.125f, -0.124f);
        Assert.Equal(0.125 / Math.Sqrt(3), Math.Sqrt(values.Average(v => (double)v * v)), 0.002);
        Assert.All(parameters["fc.bias"].Read().ToArray(), v => Assert.InRange(v, -0.125f, 0.125f));
    }

    [Fact]
    public void Batch_normalization_starts_as_the_identity_and_convolution_biases_at_zero()
    {
        var parameters = Initialized(n => n.BatchNorm().Conv(2, 1, bias: true), 2);
        Assert.Equal([1, 1], parameters["bn1.weight"].Read().ToArray());
        Assert.Equal([0, 0], parameters["bn1.bias"].Read().ToArray());
        Assert.Equal([0, 0], parameters["bn1.running_mean"].Read().ToArray());
        Assert.Equal([1, 1], parameters["bn1.running_var"].Read().ToArray());
        Assert.Equal([0, 0], parameters["conv1.bias"].Read().ToArray());
    }

    [Fact]
    public void A_convolutions_bias_starts_where_it_is_declared_to()
    {
        var parameters = Initialized(n => n.Conv(3, 1, bias: true, initialBias: -6).Residual(r => r.Conv(3, 1), Shortcut.ExclusiveGating), 2);
        Assert.Equal([-6, -6, -6], parameters["conv1.bias"].Read().ToArray());
        Assert.Equal([-6, -6, -6], parameters["block1.downsample.gate.bias"].Read().ToArray());
        Assert.Equal(Initialized(n => n.Conv(3, 1), 2)["conv1.weight"].Read().ToArray(), parameters["conv1.weight"].Read().ToArray());
    }

    [Fact]
    public void A_tensor_depends_on_the_seed_and_its_name_alone()
    {
        var alone = Initialized(n => n.Conv(8, 3, padding: 1, name: "a"), 3, new(Seed: 7))["a.weight"].Read().ToArray();
        var among = Initialized(n => n.Conv(3, 1, name: "b").Conv(8, 3, padding: 1, name: "a"), 3, new(Seed: 7));
        Assert.Equal(alone, among["a.weight"].Read().ToArray());
        Assert.NotEqual(alone.Take(9), among["b.weight"].Read().ToArray());
        Assert.NotEqual(alone, Initialized(n => n.Conv(8, 3, padding: 1, name: "a"), 3, new(Seed: 8))["a.weight"].Read().ToArray());
    }

    [Fact]
    public void Zero_gamma_makes_residual_units_start_as_their_shortcuts()
    {
        var network = TestNetworks.Build(4, 5, 5, n => n
            .Repeat(2, u => u.Residual(r => r.Conv(8, 1).BatchNorm().Relu().Conv(4, 3, padding: 1).BatchNorm(), activation: Activation.None)));
        var images = TestNetworks.Pattern(4 * 5 * 5);
        var parameters = new Parameters(network);
        new HeInitializer { ZeroGamma = true }.Initialize(parameters);
        Assert.Equal(images.Select(v => (double)v), new ReferenceInterpreter(parameters).Infer(images).Output);
        Assert.All(parameters["layer1.0.bn1.weight"].Read().ToArray(), v => Assert.Equal(1, v));
    }

    [Theory]
    [InlineData(Shortcut.ConstantScaling, 0.5)]
    [InlineData(Shortcut.FrozenGating, 0.5)]
    [InlineData(Shortcut.ExclusiveGating, 0.75)]
    [InlineData(Shortcut.ShortcutOnlyGating, 0.75)]
    [InlineData(Shortcut.Dropout, 1)]
    public void Zero_gamma_leaves_of_scaled_and_gated_units_what_their_shortcuts_yield(Shortcut shortcut, double share)
    {
        var network = TestNetworks.Build(4, 5, 5, n => n.Residual(r => r.Conv(4, 3, padding: 1).BatchNorm(), shortcut, Activation.None));
        var parameters = new Parameters(network);
        new HeInitializer { ZeroGamma = true }.Initialize(parameters);
        // A gate that is a quarter open, whatever it sees.
        foreach (var tensor in parameters.Tensors.Where(tensor => tensor.Name.Contains("gate", StringComparison.Ordinal)))
            tensor.Edit().Fill(tensor.Info.Kind == ParameterKind.Bias ? (float)Math.Log(1.0 / 3) : 0);
        var images = TestNetworks.Pattern(4 * 5 * 5);
        var output = new ReferenceInterpreter(parameters).Infer(images).Output;
        for (var i = 0; i < images.Length; i++) Assert.Equal(share * images[i], output[i], 1e-6);
    }

    [Fact]
    public void Zero_gamma_takes_only_normalizations_that_end_a_branch()
    {
        var network = TestNetworks.Build(4, 5, 5, n => n
            .BatchNorm(name: "stem")
            .Residual(r => r.Conv(4, 1).BatchNorm().Tap("end"), Shortcut.ProjectionAlways, name: "original")
            .Residual(r => r.Conv(4, 1).BatchNorm().Relu(), activation: Activation.None, name: "relu_before_addition")
            .Residual(r => r.BatchNorm().Relu().Conv(4, 1), activation: Activation.None, name: "preactivation")
            .Residual(r => r.Conv(4, 1), activation: Activation.BatchNormRelu, name: "norm_after_addition")
            .Residual(r => r.Residual(i => i.Conv(4, 1).BatchNorm(), name: "inner"), name: "nested")
            .BatchNorm(name: "last"));
        var parameters = new Parameters(network);
        new HeInitializer { ZeroGamma = true }.Initialize(parameters);
        var zero = parameters.Tensors.Where(t => t.Info.Kind == ParameterKind.Scale && t.Read()[0] == 0).Select(t => t.Name);
        Assert.Equal(["original.bn1.weight", "nested.inner.bn1.weight"], zero);
    }

    static Parameters Initialized(Action<NetworkBuilder> declare, int channels, HeInitializer? initializer = null)
    {
        var parameters = new Parameters(TestNetworks.Build(channels, 1, 1, declare));
        (initializer ?? new()).Initialize(parameters);
        return parameters;
    }
}
