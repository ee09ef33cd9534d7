namespace ResNet.Dsl.Tests.Summary;

public class NetworkSummaryTests
{
    static readonly NetworkSummary _tiny = NetworkSummary.Of(Declare.Network(net => net
        .Conv(8, 3, padding: 1, bias: true).BatchNorm().Relu()
        .Repeat(3, n => n.Residual(r => r.Conv(8, 3, padding: 1).BatchNorm()))
        .Residual(r => r.Conv(16, 3, stride: 2, padding: 1).BatchNorm(), Shortcut.ZeroPad)
        .GlobalAveragePool().Tap("pool").Dense(10)));

    [Fact]
    public void Every_layer_is_a_row_of_the_text() => Assert.Equal("""
        net: 3×32×32 → 10

         #  layer                  kind                          output    parameters  multiply-adds
        ──  ─────────────────────  ────────────────────────────  ────────  ──────────  ─────────────
         0  conv1                  3×3, 8, bias                  8×32×32          224        221,184
         1  bn1                    batch norm                    8×32×32           16              0
         2  relu                   ReLU                          8×32×32            0              0
         3  layer1.0.conv1         3×3, 8                        8×32×32          576        589,824
         4  layer1.0.bn1           batch norm                    8×32×32           16              0
         5  layer1.0.relu          ReLU                          8×32×32            0              0
         6  layer1.1.conv1         3×3, 8                        8×32×32          576        589,824
         7  layer1.1.bn1           batch norm                    8×32×32           16              0
         8  layer1.1.relu          ReLU                          8×32×32            0              0
         9  layer1.2.conv1         3×3, 8                        8×32×32          576        589,824
        10  layer1.2.bn1           batch norm                    8×32×32           16              0
        11  layer1.2.relu          ReLU                          8×32×32            0              0
        12  block1.conv1           3×3, 16, stride 2             16×16×16       1,152        294,912
        13  block1.bn1             batch norm                    16×16×16          32              0
        14  block1.downsample.pad  zero padding to 16, stride 2  16×16×16           0              0
        15  block1.relu            ReLU                          16×16×16           0              0
        16  avgpool                global average pool           16                 0              0
        17  pool                   tap                           16                 0              0
        18  fc                     10-d fc                       10               170            160
        ──  ─────────────────────  ────────────────────────────  ────────  ──────────  ─────────────
            total                                                               3,370      2,285,728
        """, _tiny.ToString());

    [Fact]
    public void Units_that_repeat_fold_into_one_row() => Assert.Equal("""
        net: 3×32×32 → 10

         #  layer                kind                                                output    parameters  multiply-adds
        ──  ───────────────────  ──────────────────────────────────────────────────  ────────  ──────────  ─────────────
         0  conv1                3×3, 8, bias                                        8×32×32          224        221,184
         1  bn1                  batch norm                                          8×32×32           16              0
         3  layer1.0 … layer1.2  ([3×3, 8] + identity) ×3                            8×32×32        1,776      1,769,472
        12  block1               [3×3, 16, stride 2] + zero padding to 16, stride 2  16×16×16       1,184        294,912
        16  avgpool              global average pool                                 16                 0              0
        18  fc                   10-d fc                                             10               170            160
        ──  ───────────────────  ──────────────────────────────────────────────────  ────────  ──────────  ─────────────
            total                                                                                   3,370      2,285,728
        """, _tiny.ToString(compact: true));

    [Fact]
    public void Both_forms_tell_the_same_totals()
    {
        foreach (var unit in Enum.GetValues<Unit>())
        {
            var summary = NetworkSummary.Of(new ResNetAttribute { Depth = 50, Unit = unit }.Define("net"));
            Assert.Equal(summary.Parameters, summary.CompactRows.Sum(row => row.Parameters));
            Assert.Equal(summary.MultiplyAdds, summary.CompactRows.Sum(row => row.MultiplyAdds));
        }
    }

    [Fact]
    public void The_compact_form_does_not_grow_with_depth() => Assert.Equal(
        NetworkSummary.Of(new CifarResNetAttribute { Depth = 20 }.Define("net")).CompactRows.Count,
        NetworkSummary.Of(new CifarResNetAttribute { Depth = 1202 }.Define("net")).CompactRows.Count);

    [Fact]
    public void Scopes_of_several_units_are_opened()
    {
        var rows = NetworkSummary.Of(Declare.Network(net => net
            .Sequence(stage => stage
                .Sequence(unit => unit.BatchNorm().Relu().Residual(r => r.Conv(3, 3, padding: 1), activation: Activation.None, name: ""), "0")
                .Residual(r => r.Dropout(0.5).Conv(3, 3, padding: 1), name: "1"), "stage")
            .Sequence(head => head.BatchNorm().Relu(), "head"))).CompactRows;
        Assert.Equal([
            (0, "stage.0", "[3×3, 3] + identity"),
            (3, "stage.1", "[dropout 0.5 → 3×3, 3] + identity"),
            (6, "head", "batch norm → ReLU")], rows.Select(row => (row.Index, row.Name, row.Kind)));
    }

    [Fact]
    public void Every_layer_has_words() => Assert.Equal(
        ["5×5, 8, stride 2, dilation 2, 4 groups", "2×2 max pool, stride 2", "3×3 average pool", "dropout 0.1", "global average pool", "6-d fc, no bias"],
        NetworkSummary.Of(new NetworkBuilder().Input(4, 32, 32)
            .Conv(8, 5, stride: 2, padding: 4, dilation: 2, groups: 4).MaxPool(2).AveragePool(3, stride: 1).Dropout(0.1)
            .GlobalAveragePool().Dense(6, bias: false).Build("net")).Rows.Select(row => row.Kind));

    [Fact]
    public void A_summary_needs_a_network() => Assert.Throws<ArgumentNullException>(() => NetworkSummary.Of(null!));
}
