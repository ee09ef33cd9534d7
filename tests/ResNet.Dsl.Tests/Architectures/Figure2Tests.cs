namespace ResNet.Dsl.Tests.Architectures;

/// <summary>The shortcuts of He et al. 2016, Figure 2, in networks: they replace identities, and leave all else as it is.</summary>
public class Figure2Tests
{
    public static TheoryData<Unit, Block, Shortcut> Combinations
    {
        get
        {
            var combinations = new TheoryData<Unit, Block, Shortcut>();
            foreach (var unit in Enum.GetValues<Unit>())
                foreach (var block in new[] { Block.Basic, Block.Bottleneck })
                    foreach (var shortcut in Enum.GetValues<Shortcut>().Where(shortcut => shortcut is > Shortcut.ProjectionAlways and <= Shortcut.Dropout))
                        combinations.Add(unit, block, shortcut);
            return combinations;
        }
    }

    [Theory, MemberData(nameof(Combinations))]
    public void The_identity_of_every_unit_is_replaced_and_nothing_else(Unit unit, Block block, Shortcut shortcut)
    {
        // 38 is both 6n+2 and 9n+2.
        var usual = new CifarResNetAttribute { Depth = 38, Block = block, Unit = unit }.Define("net");
        var other = new CifarResNetAttribute { Depth = 38, Block = block, Unit = unit, Shortcut = shortcut }.Define("net");
        Assert.Equal(usual.Body.Layers.Count, other.Body.Layers.Count);
        foreach (var (layer, changed) in usual.Body.Layers.Zip(other.Body.Layers))
        {
            // What changes the shape, or is no unit, is the base network's.
            if (UnitOf(layer) is { Shortcut.Layers.Count: 0 } unitOfIdentity) Assert.Equal(unitOfIdentity.Activation, UnitOf(changed)!.Activation);
            else Assert.Equal(layer, changed);
        }

        var rows = NetworkSummary.Of(usual).CompactRows;
        Assert.Equal(block == Block.Basic ? 4 : 3, rows.Count(HasIdentity));
        Assert.Equal(rows.Select(row => HasIdentity(row) ? Formula(row, shortcut) : row.Kind), NetworkSummary.Of(other).CompactRows.Select(row => row.Kind));
    }

    [Theory]
    [InlineData(Shortcut.ExclusiveGating)]
    [InlineData(Shortcut.ShortcutOnlyGating)]
    public void Gates_begin_where_the_option_says(Shortcut shortcut)
    {
        Assert.Equal([-6], Biases(new CifarResNetAttribute { Depth = 20, Shortcut = shortcut }));
        Assert.Equal([-6], Biases(new ResNetAttribute { Depth = 34, Shortcut = shortcut }));
        Assert.Equal([0], Biases(new CifarResNetAttribute { Depth = 20, Shortcut = shortcut, GateBias = 0 }));
        Assert.Equal([-5.5], Biases(new ResNetAttribute { Depth = 50, Shortcut = shortcut, GateBias = -5.5, Unit = Unit.PreActivation }));

        static IEnumerable<double> Biases(ArchitectureAttribute architecture) => architecture.Define("net").Layers()
            .Where(layer => layer.Name.EndsWith(".downsample.gate", StringComparison.Ordinal)).Select(layer => ((Conv2d)layer.Layer).InitialBias).Distinct();
    }

    [Fact]
    public void A_pre_activation_unit_adds_its_input_as_it_is()
    {
        // The gate sees what the shortcut sees: the sum of the unit before, not activated.
        var net = new CifarResNetAttribute { Depth = 20, Unit = Unit.PreActivation, Shortcut = Shortcut.ShortcutOnlyGating }.Define("net");
        Assert.All(net.Body.Layers.OfType<Repeat>(), repeat => Assert.IsType<Residual>(Assert.Single(repeat.Body.Layers)));
    }

    /// <summary>The unit that a layer is or repeats, if it is one.</summary>
    static Residual? UnitOf(Layer layer) => layer as Residual ?? (layer as Repeat)?.Body.Layers.OfType<Residual>().SingleOrDefault();

    static bool HasIdentity(SummaryRow row) => row.Kind.Contains("] + identity", StringComparison.Ordinal);

    /// <summary>The summary of units that equal those of a row, but have another shortcut than the identity.</summary>
    static string Formula(SummaryRow row, Shortcut shortcut)
    {
        const string end = "] + identity";
        var (begin, at) = (row.Kind.IndexOf('[', StringComparison.Ordinal) + 1, row.Kind.IndexOf(end, StringComparison.Ordinal));
        var f = row.Kind[begin..at];
        var gate = $"1×1, {row.Output.Channels}, bias -6 → sigmoid";
        var formula = shortcut switch
        {
            Shortcut.ConstantScaling => $"[{f}] + scale 0.5",
            Shortcut.FrozenGating => $"[{f} → scale 0.5] + scale 0.5",
            Shortcut.ExclusiveGating => $"[[[{f}] + scale -1] × {gate}] + identity",
            Shortcut.ShortcutOnlyGating => $"[{f}] + [{gate} → scale -1, shift 1] × identity",
            Shortcut.Dropout => $"[{f}] + dropout 0.5",
            _ => throw new ArgumentOutOfRangeException(nameof(shortcut)),
        };
        return row.Kind.Replace($"[{f}{end}", formula, StringComparison.Ordinal);
    }
}
