using ResNet.Dsl;
using ResNet.Generators.Emitting;
using ResNet.Tests;

namespace ResNet.Generators.Tests.Emitting;

/// <summary>Whole generated files, to be read like code.</summary>
public class SnapshotTests
{
    [Theory]
    [InlineData("resnet18")]
    [InlineData("resnet50")]
    [InlineData("resnet18d")]
    [InlineData("cifar-resnet20")]
    [InlineData("cifar-plain20")]
    [InlineData("cifar-preact-resnet164")]
    [InlineData("BatchNormAfterAddition-ProjectionAlways-Bottleneck")]
    [InlineData("Original-ExclusiveGating")]
    public Task Architecture(string network) =>
        Snapshot.Verify(FilesOf(Zoo.Find(network)), (nameof(network), network));

    /// <summary>Declarations that a user may write and the architectures do not contain.</summary>
    [Fact]
    public Task Network_of_ones_own() => Snapshot.Verify(FilesOf(Zoo.Build(net => net
        .Input(3, 32, 32)
        .Conv(16, 3, padding: 1, bias: true).Relu().BatchNorm(eps: 1e-3, momentum: 0.01)
        .Repeat(5, n => n.Conv(16, 3, padding: 1).BatchNorm().Relu())
        .Residual(r => r.Repeat(2, n => n.Repeat(3, m => m.Residual(u => u.Conv(16, 3, padding: 1).BatchNorm()))), name: "root")
        .Residual(r => r.MaxPool(3, 2, 1), s => s.Conv(16, 1, stride: 2).BatchNorm(), Activation.BatchNormRelu, name: "pooled")
        .Sequence(n => n.Conv(32, 3, dilation: 2, groups: 4).Dropout(0.25).Tap("features"), name: "last")
        .AveragePool(2).GlobalAveragePool().Dense(10, bias: false))));

    [Fact]
    public Task Units_are_computed_again() =>
        Snapshot.Verify(FilesOf(Zoo.Find("cifar-resnet20"), recomputes: true).Where(file => file.Name.Contains("Training", StringComparison.Ordinal)));

    /// <summary>The rates differ from iteration to iteration; the loops stay.</summary>
    [Fact]
    public Task Units_are_dropped() =>
        Snapshot.Verify(FilesOf(Zoo.Build(new CifarResNetAttribute { Depth = 20, StochasticDepth = 0.5 }.Declare)).Where(file => file.Name.Contains("Training", StringComparison.Ordinal)));

    static IEnumerable<(string Name, string Text)> FilesOf(NetworkDefinition network, bool recomputes = false) =>
        Emitter.Emit(GeneratedNetwork.ModelOf(network, recomputes: recomputes)).Select(file => (file.HintName["User.Nets.".Length..^".cs".Length], file.Source));
}
