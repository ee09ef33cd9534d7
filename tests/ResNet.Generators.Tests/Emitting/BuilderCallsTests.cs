using System.Reflection;
using ResNet.Dsl;
using ResNet.Generators.Names;

namespace ResNet.Generators.Tests.Emitting;

/// <summary>The calls that are written back yield the network that they were written from.</summary>
public class BuilderCallsTests
{
    static readonly Dictionary<string, Action<NetworkBuilder>> _networks = new()
    {
        ["leaves"] = n => n.Conv(4, 3, 2, 1, 2, 4, true, initialBias: -6).BatchNorm(1e-3, 0.25).BatchNorm(frozen: true).Relu().Sigmoid().Scale().Scale("gate").Scale(-1, 1).Scale(1e-7)
            .MaxPool(2, 1).AveragePool(3, padding: 1).Dropout(0.25).Tap("t").Flatten().Dense(5, bias: false).Dense(6),
        ["global average"] = n => n.GlobalAveragePool().Dense(6),
        ["products"] = n => n.Residual(r => r.Conv(4, 1), merge: Merge.Product)
            .Residual(r => r.Conv(4, 1), Shortcut.ProjectionAlways, Activation.None, merge: Merge.Product)
            .Residual(r => r.Conv(4, 1), s => s.Conv(4, 1).Sigmoid(), Activation.BatchNormRelu, merge: Merge.Product),
        ["shortcuts of Figure 2"] = n => n.Residual(r => r.Conv(4, 1), Shortcut.ConstantScaling).Residual(r => r.Conv(4, 1), Shortcut.FrozenGating)
            .Residual(r => r.Conv(4, 1), Shortcut.ExclusiveGating).Residual(r => r.Conv(4, 1), Shortcut.ShortcutOnlyGating).Residual(r => r.Conv(4, 1), Shortcut.Dropout),
        ["averaged projections"] = n => n.AveragePool(2, ceilMode: true).Residual(r => r.Conv(6, 3, 2, 1), Shortcut.AveragedProjection)
            .Residual(r => r.Conv(8, 1), Shortcut.AveragedProjection, Activation.None).Residual(r => r.Conv(6, 1), s => s.AveragePool(1, ceilMode: true).Conv(6, 1, name: "1")),
        ["stochastic depth"] = n => n.Repeat(3, m => m.Residual(r => r.Conv(4, 1).BatchNorm().StochasticDepth(0.5))),
        ["dropout on a shortcut"] = n => n.Residual(r => r.Conv(4, 1), s => s.Dropout(0.5)),
        ["outputs"] = n => n.Output("maps").Branch("boxes", b => b.Conv(3, 1).Branch("in-ner", i => i.Conv(2, 1)).Relu()).Branch("long", b => b
            .Conv(8, 1).BatchNorm().Relu().Conv(8, 1).BatchNorm().Relu().Conv(8, 1).BatchNorm().Relu().Conv(8, 1).BatchNorm().Relu()).Branch("empty", b => { }).Relu().Output("end"),
        ["frozen in part"] = n => n.Repeat(5, r => r.Residual(u => u.Conv(4, 1).BatchNorm())),
    };

    public static TheoryData<string> Names => new(_networks.Keys);

    [Theory, MemberData(nameof(Names))]
    public void The_calls_are_the_network(string name)
    {
        var builder = new NetworkBuilder().Input(4, 9, 9);
        _networks[name](builder);
        var network = builder.Build(name);
        Assert.Equal(network, Execute(new BuilderCalls(RuntimeNames.Dsl).Expression(network)));
        if (name.StartsWith("frozen", StringComparison.Ordinal))
        {
            var partly = network.WithFrozenNormalization("layer1.2");
            Assert.Equal(partly.Layers(), Execute(new BuilderCalls(RuntimeNames.Dsl).Expression(partly)).Layers());
        }
    }

    static NetworkDefinition Execute(IEnumerable<string> expression)
    {
        var code = $"public static class Written {{ public static object Net() => {string.Join("\n", expression)}; }}";
        using var stream = new MemoryStream();
        var result = Source.Compile(code).Emit(stream);
        Assert.True(result.Success, string.Join("\n", result.Diagnostics));
        return (NetworkDefinition)Assembly.Load(stream.ToArray()).GetType("Written")!.GetMethod("Net")!.Invoke(null, null)!;
    }
}
