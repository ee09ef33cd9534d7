namespace ResNet.Dsl.Tests.Building;

/// <summary>Layers for gates, for dense layers over feature maps and for detection.</summary>
public class LayerTests
{
    [Fact]
    public void A_unit_may_multiply_its_branches()
    {
        var net = Declare.Network(net => net.Residual(r => r.Conv(3, 3, padding: 1), g => g.Conv(3, 1, bias: true).Sigmoid(), merge: Merge.Product));
        Assert.Equal(Merge.Product, Assert.IsType<Residual>(Assert.Single(net.Body.Layers)).Merge);
        Assert.NotEqual(net, Declare.Network(net => net.Residual(r => r.Conv(3, 3, padding: 1), g => g.Conv(3, 1, bias: true).Sigmoid())));
        Assert.Equal("[3×3, 3] × 1×1, 3, bias → sigmoid", NetworkSummary.Of(net).CompactRows[0].Kind);
        Declare.LayersFail("RESNET009", "shortcut", net => net.Residual(r => r.Conv(8, 1), s => s.Conv(9, 1), merge: Merge.Product), "multiplied");
        Declare.LayersFail("RESNET006", "merge", net => net.Residual(r => r.Relu(), merge: (Merge)7), "Sum, Product");
    }

    [Fact]
    public void Exclusive_gating_is_a_tree() => Assert.Equal("[[[3×3, 3] + scale -1] × 1×1, 3, bias → sigmoid] + identity",
        NetworkSummary.Of(Declare.Network(net => net.Residual(
            g => g.Residual(
                f => f.Residual(r => r.Conv(3, 3, padding: 1), minus => minus.Scale(-1), Activation.None),
                gate => gate.Conv(3, 1, bias: true).Sigmoid(), Activation.None, merge: Merge.Product),
            activation: Activation.None))).CompactRows[0].Kind);

    [Fact]
    public void A_scale_is_learned_or_constant()
    {
        var layers = Declare.Network(net => net.Conv(4, 3).Scale().Scale(0.5).Scale(-1, shift: 1).Scale("gate")).Layers();
        Assert.Equal(["conv1", "scale1", "scale", "scale", "gate"], layers.Select(layer => layer.Name));
        Assert.Equal(["scale1.weight 4 Scale", "scale1.bias 4 Shift"], layers[1].Parameters.Select(p => $"{p.Name} {string.Join("×", p.Shape)} {p.Kind}"));
        Assert.All(layers[1].Parameters, parameter => Assert.True(parameter.IsTrained));
        Assert.Empty(layers[2].Parameters);
        Assert.Equal(new ScaleConstants(-1, 1), ((Scale)layers[3].Layer).Constants);
        Declare.LayersFail("RESNET015", "name", net => net.Scale("a").BatchNorm(name: "a"));
        Declare.LayersFail("RESNET006", "factor", net => net.Scale(double.NaN), "factor is NaN, which is not finite");
        Declare.LayersFail("RESNET006", "shift", net => net.Scale(1, double.PositiveInfinity));
        Declare.LayersFail("RESNET006", "factor", net => net.Scale(1e300));
    }

    [Fact]
    public void A_convolutions_bias_may_begin_elsewhere_than_at_zero()
    {
        var net = Declare.Network(net => net.Conv(4, 1, bias: true, initialBias: -6.5));
        Assert.Equal(new Conv2d("conv1", 4, 1, Bias: true, InitialBias: -6.5), Assert.Single(net.Body.Layers));
        Assert.Equal("1×1, 4, bias -6.5", NetworkSummary.Of(net).Rows[0].Kind);
        Declare.LayersFail("RESNET020", "initialBias", net => net.Conv(4, 1, initialBias: -6), "add bias: true");
        Declare.LayersFail("RESNET006", "initialBias", net => net.Conv(4, 1, bias: true, initialBias: double.NaN), "not finite");
        Declare.LayersFail("RESNET006", "initialBias", net => net.Conv(4, 1, bias: true, initialBias: 1e39));
    }

    [Fact]
    public void Flatten_says_what_it_flattens()
    {
        var net = Declare.Network(net => net.Conv(8, 3, stride: 2).Flatten().Dense(10));
        Assert.Equal(new Shape(8 * 15 * 15, 1, 1), net.Layers()[1].Output);
        Assert.Equal([10, 1800], net.Layers()[2].Parameters[0].Shape);
        Assert.Equal("flatten 8×15×15", NetworkSummary.Of(net).Rows[1].Kind);
        Assert.Equal(new Shape(3, 1, 1), Declare.Network(net => net.GlobalAveragePool().Flatten()).Output);
        Declare.LayersFail("RESNET006", null, net => net.Conv(128, 1).Flatten(), "131072 values of 128×32×32", "65536");
        Declare.LayersFail("RESNET006", "units", net => net.Conv(64, 1).Flatten().Dense(40_000), "more than 2147483647");
        Declare.LayersFail("RESNET011", null, net => net.Dense(10), "Flatten()");
    }

    [Fact]
    public void Dropout_may_stand_on_a_shortcut()
    {
        // He et al. 2016, Figure 2f.
        var net = Declare.Network(net => net.Residual(r => r.Conv(3, 3, padding: 1), s => s.Dropout(0.5)));
        Assert.Equal(["block1.conv1", "block1.downsample.dropout", "block1.relu"], net.Layers().Select(layer => layer.Name));
        Assert.Equal("[3×3, 3] + dropout 0.5", NetworkSummary.Of(net).CompactRows[0].Kind);
    }

    [Fact]
    public void Every_new_layer_has_words() => Assert.Equal(
        ["frozen batch norm", "sigmoid", "scale and shift", "scale 0.5", "scale -1, shift 1", "output", "3×3, 2", "output", "flatten 3×32×32"],
        NetworkSummary.Of(Declare.Network(net => net.BatchNorm(frozen: true).Sigmoid().Scale().Scale(0.5).Scale(-1, 1).Output("a")
            .Branch("b", b => b.Conv(2, 3)).Flatten())).Rows.Select(row => row.Kind));

    [Fact]
    public void The_summary_lists_several_outputs()
    {
        var summary = NetworkSummary.Of(Declare.Network(net => net.Conv(4, 3).Output("maps").Branch("boxes", b => b.Conv(8, 1).Relu()).GlobalAveragePool().Dense(5)));
        Assert.StartsWith("net: 3×32×32 → maps 4×30×30, boxes 8×30×30, output 5\n", summary.ToString(), StringComparison.Ordinal);
        Assert.Equal([(0, "conv1", "4×30×30"), (2, "boxes", "8×30×30"), (5, "avgpool", "4"), (6, "fc", "5")],
            summary.CompactRows.Select(row => (row.Index, row.Name, row.Output.ToString())));
        Assert.Equal(summary.Parameters, summary.CompactRows.Sum(row => row.Parameters));
    }
}
