using ResNet.Dsl;

namespace ResNet.Runtime.Tests.Networks;

/// <summary>A small network of timm's form, with a deep stem and averaged projections at odd sizes, and of its names.</summary>
public class TimmNetworkTests
{
    /// <summary>
    /// Logits of two images by PyTorch 1.13 in float64: modules <c>nn.Conv2d</c>, <c>nn.BatchNorm2d</c> and
    /// <c>nn.AvgPool2d(2, 2, ceil_mode=True, count_include_pad=False)</c> as timm's <c>ResNet(stem_type='deep', avg_down=True)</c> puts them together, with the state dict of <see cref="Weights"/>.
    /// </summary>
    static readonly double[] _logits =
    [
        0.19963171268586832, -0.17805842051666954, -0.43078229921531974, -0.6986132446778813, -0.8346649777763848, -1.2180779673492874, -1.21035830748213,
        0.1991969872958366, -0.17840529099276786, -0.431251831477885, -0.6996551423878681, -0.8366306519608473, -1.2198937009050512, -1.2095242789363336,
    ];

    /// <summary>21×14 pixels: the poolings see 6×4 and 3×2.</summary>
    static NetworkDefinition Definition { get; } = TestNetworks.Build(3, 21, 14, net =>
    {
        net.Conv(8, 3, stride: 2, padding: 1, name: "conv1.0").BatchNorm(name: "conv1.1").Relu()
            .Conv(8, 3, padding: 1, name: "conv1.3").BatchNorm(name: "conv1.4").Relu()
            .Conv(16, 3, padding: 1, name: "conv1.6").BatchNorm().Relu().MaxPool(3, 2, 1);
        foreach (var (stage, channels) in new[] { (1, 24), (2, 32), (3, 40) })
            net.Residual(r => r.Conv(channels, 3, stage == 1 ? 1 : 2, padding: 1).BatchNorm().Relu().Conv(channels, 3, padding: 1).BatchNorm(), Shortcut.AveragedProjection, name: $"layer{stage}.0");
        net.GlobalAveragePool().Dense(7);
    });

    [Fact]
    public void Logits_are_PyTorchs()
    {
        using var network = Network.Create(Definition);
        using var stream = new MemoryStream();
        WeightFile.Save(stream, Weights());
        network.Load(stream.ToArray());
        var logits = network.Predict(new Tensor(TestNetworks.Pattern(2 * 3 * 21 * 14), 2, 3, 21, 14)).Data.ToArray();
        var greatest = _logits.Max(Math.Abs);
        Assert.All(logits.Zip(_logits), pair => Assert.Equal(pair.Second, pair.First, 1e-5 * greatest));
    }

    /// <summary>A state dict: of its names in order, each has another piece of the test pattern.</summary>
    static IEnumerable<WeightTensor> Weights()
    {
        var number = 0;
        foreach (var tensor in new Parameters(Definition).Tensors.OrderBy(tensor => tensor.Name, StringComparer.Ordinal))
        {
            var values = TestNetworks.Pattern(tensor.Length, 100 * number++);
            yield return new("module." + tensor.Name, [.. tensor.Shape], Array.ConvertAll(values, value => (float)Scale(tensor, value)));
        }
    }

    static double Scale(ParameterTensor tensor, double value) => tensor.Info.Kind switch
    {
        ParameterKind.RunningVariance => 0.5 + Math.Abs(value),
        ParameterKind.RunningMean or ParameterKind.Bias or ParameterKind.Shift => value * 0.1,
        ParameterKind.Weight when tensor.Shape.Count == 4 => value * Math.Sqrt(2.0 / (tensor.Shape[1] * tensor.Shape[2] * tensor.Shape[3])),
        _ => value,
    };
}
