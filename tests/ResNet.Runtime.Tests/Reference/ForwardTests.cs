using ResNet.Dsl;
using ResNet.Reference;

namespace ResNet.Runtime.Tests.Reference;

/// <summary>
/// Each layer alone, against PyTorch 1.13 in float64. The stored numbers are inner products of PyTorch's output y with
/// the test pattern, (y.flatten() * pattern(y.numel(), 7)).sum(), which no two different outputs are likely to share.
/// </summary>
public class ForwardTests
{
    static readonly Dictionary<string, (Action<NetworkBuilder> Declare, double Expected)> _cases = new()
    {
        ["conv 3x3, padding, bias"] = (n => n.Conv(6, 3, padding: 1, bias: true), 3.9178000912070274),
        ["conv 3x3, stride"] = (n => n.Conv(5, 3, stride: 2, padding: 1), -18.900903329253197),
        ["conv 3x3, stride, dilation, groups"] = (n => n.Conv(6, 3, stride: 3, padding: 3, dilation: 2, groups: 2), 1.1097353100776672),
        ["conv 1x1, stride"] = (n => n.Conv(3, 1, stride: 2), 1.0349999591708183),
        ["conv 5x5, depthwise"] = (n => n.Conv(4, 5, padding: 2, groups: 4), 9.078933872282505),
        ["conv 7x7, more padding than reach"] = (n => n.Conv(2, 7, stride: 2, padding: 6), -16.395687207579613),
        ["conv 3x3, dilation, bias"] = (n => n.Conv(2, 3, dilation: 3, bias: true), 1.5054950416088104),
        ["batch norm"] = (n => n.BatchNorm(eps: 1e-3), 6.818463580172761),
        ["relu"] = (n => n.Relu(), 66.23358917236328),
        ["max pool, overlapping"] = (n => n.MaxPool(3, 2, 1), 3.0355186462402344),
        ["max pool"] = (n => n.MaxPool(2), 1.1571006774902344),
        ["average pool, overlapping"] = (n => n.AveragePool(3, 2, 1), 0.17904196845160553),
        ["average pool"] = (n => n.AveragePool(2), -0.2673454284667969),
        ["average pool, ceil mode"] = (n => n.AveragePool(2, ceilMode: true), 0.6193027496337891),
        ["average pool, overlapping, ceil mode"] = (n => n.AveragePool(4, 3, 1, ceilMode: true), 0.6813228130340576),
        ["global average pool"] = (n => n.GlobalAveragePool(), 0.002725631471664188),
        ["dense"] = (n => n.GlobalAveragePool().Dense(3), 0.568278042569993),
        ["residual, zero-padded shortcut"] = (n => n.Residual(r => r.Conv(8, 3, stride: 2, padding: 1), Shortcut.ZeroPad), -2.481420710682869),
        ["residual, identity shortcut"] = (n => n.Residual(r => r.Conv(4, 3, padding: 1)), 52.8027521148324),
    };

    public static TheoryData<string> Names => new(_cases.Keys);

    [Theory, MemberData(nameof(Names))]
    public void Layer_gives_what_PyTorch_gives(string name)
    {
        var (declare, expected) = _cases[name];
        var parameters = new Parameters(TestNetworks.Build(4, 9, 7, declare));
        for (var t = 0; t < parameters.Tensors.Count; t++)
        {
            var tensor = parameters.Tensors[t];
            TestNetworks.Pattern(tensor.Length, 100 * t).CopyTo(tensor.Edit());
            if (tensor.Info.Kind != ParameterKind.RunningVariance) continue;
            foreach (ref var value in tensor.Edit()) value = 0.5f + Math.Abs(value);
        }

        var output = new ReferenceInterpreter(parameters).Infer(TestNetworks.Pattern(2 * 4 * 9 * 7)).Output;

        var weights = TestNetworks.Pattern(output.Length, 7);
        Assert.Equal(2 * parameters.Network.Output.Elements, output.Length);
        Assert.Equal(expected, output.Zip(weights, (y, w) => y * w).Sum(), 1e-11);
    }

    [Fact]
    public void Repeat_executes_each_iteration_with_its_own_parameters()
    {
        var parameters = new Parameters(TestNetworks.Build(1, 1, 1, n => n.Repeat(3, r => r.Conv(1, 1, bias: true), "stage")));
        foreach (var (i, weight, bias) in new[] { (0, 2f, 1f), (1, 3f, -4f), (2, 5f, 6f) })
        {
            parameters[$"stage.{i}.conv1.weight"].Edit()[0] = weight;
            parameters[$"stage.{i}.conv1.bias"].Edit()[0] = bias;
        }
        // ((7·2 + 1)·3 - 4)·5 + 6
        Assert.Equal([211.0], new ReferenceInterpreter(parameters).Infer([7]).Output);
    }

    [Fact]
    public void Taps_record_the_value_where_they_stand()
    {
        var network = TestNetworks.Build(1, 1, 2, n => n.Tap("input").Residual(r => r.Tap("branch").Relu().Tap("rectified"), activation: Activation.None));
        var result = new ReferenceInterpreter(new(network)).Infer([-1, 2]);
        Assert.Equal([-1.0, 2.0], result.Taps["input"]);
        Assert.Equal([-1.0, 2.0], result.Taps["branch"]);
        Assert.Equal([0.0, 2.0], result.Taps["rectified"]);
        Assert.Equal([-1.0, 4.0], result.Output);
    }

    [Fact]
    public void Pointwise_layers_do_what_they_say()
    {
        var network = TestNetworks.Build(2, 1, 2, n => n.Sigmoid().Tap("sigmoid").Scale(factor: -2, shift: 1).Tap("constant").Scale().Tap("learned").Flatten());
        var parameters = new Parameters(network);
        parameters["scale1.weight"].Edit()[0] = 10;
        parameters["scale1.bias"].Edit()[1] = 5;
        var result = new ReferenceInterpreter(parameters).Infer([0, 1, -1, 1000]);
        var e = 1 / (1 + Math.Exp(-1));
        Assert.Equal([0.5, e, 1 - e, 1.0], result.Taps["sigmoid"], (x, y) => Math.Abs(x - y) < 1e-14);
        Assert.Equal([0.0, 1 - 2 * e, 2 * e - 1, -1.0], result.Taps["constant"], (x, y) => Math.Abs(x - y) < 1e-14);
        Assert.Equal([0.0, 10 - 20 * e, 5.0, 5.0], result.Taps["learned"], (x, y) => Math.Abs(x - y) < 1e-13);
        Assert.Equal(result.Taps["learned"], result.Output);
    }

    [Fact]
    public void Branches_are_multiplied()
    {
        var network = TestNetworks.Build(1, 1, 3, n => n.Residual(r => r.Scale(3), s => s.Scale(1, shift: 1), Activation.None, merge: Merge.Product));
        // 3x·(x + 1)
        Assert.Equal([-1 * 3.0 * 0, 0, 2 * 3 * 3], new ReferenceInterpreter(new(network)).Infer([-1, 0, 2]).Output);
    }

    [Fact]
    public void Every_output_is_given_and_the_chain_goes_on_from_where_a_branch_began()
    {
        var network = TestNetworks.Build(1, 1, 1, n => n.Scale(2).Output("twice").Branch("more", b => b.Scale(10).Scale(1, shift: 1)).Scale(3));
        var result = new ReferenceInterpreter(new(network)).Infer([1]);
        Assert.Equal([2.0, 21.0, 6.0], new[] { "twice", "more", "output" }.Select(name => result.Outputs[name].Single()));
        Assert.Equal([6.0], result.Output);

        network = TestNetworks.Build(1, 1, 1, n => n.Scale(2).Branch("a", b => b.Scale(10)).Branch("b", b => b.Scale(5)));
        result = new ReferenceInterpreter(new(network)).Infer([1]);
        Assert.Equal(["a", "b"], result.Outputs.Keys);
        Assert.Equal([10.0], result.Output);
    }

    [Fact]
    public void Dropout_is_the_identity_in_inference()
    {
        var network = TestNetworks.Build(3, 1, 1, n => n.Dropout(0.9));
        Assert.Equal([1.0, 2.0, 3.0], new ReferenceInterpreter(new(network)).Infer([1, 2, 3]).Output);
    }

    [Fact]
    public void NaN_is_never_hidden()
    {
        var network = TestNetworks.Build(1, 2, 2, n => n.Relu().MaxPool(2));
        Assert.Equal([double.NaN], new ReferenceInterpreter(new(network)).Infer([1, float.NaN, 2, 3]).Output);
    }

    [Theory]
    [InlineData(0), InlineData(11), InlineData(13)]
    public void Values_that_are_no_whole_images_are_refused(int count)
    {
        var interpreter = new ReferenceInterpreter(new(TestNetworks.Build(3, 2, 2, n => n.Relu())));
        var error = Assert.Throws<ArgumentException>(() => interpreter.Infer(new float[count]));
        Assert.Contains("3×2×2", error.Message, StringComparison.Ordinal);
    }
}
