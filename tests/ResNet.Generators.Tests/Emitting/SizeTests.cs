using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using ResNet.Dsl;
using ResNet.Generators.Emitting;
using Xunit.Abstractions;

namespace ResNet.Generators.Tests.Emitting;

/// <summary>Code grows with what is declared, not with depth, and no method of it with either.</summary>
public class SizeTests(ITestOutputHelper output)
{
    /// <summary>Far below 60,000 bytes of IL and 2,000 locals, from where on the JIT no longer optimizes a method.</summary>
    const int MostBytes = 15_000, MostLocals = 500;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Code_of_ResNet_1202_is_about_that_of_ResNet_20(bool recomputes)
    {
        CompareSizes(Zoo.Cifar(1202), Zoo.Cifar(20));
        CompareSizes(Zoo.Cifar(1001, Unit.PreActivation), Zoo.Cifar(29, Unit.PreActivation, block: Block.Bottleneck));

        void CompareSizes(NetworkDefinition deep, NetworkDefinition shallow) =>
            Assert.InRange(Characters(deep, recomputes), 1, 1.2 * Characters(shallow, recomputes));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void No_method_of_an_architecture_is_large(bool recomputes) => CheckMethods([.. Zoo.All.Select(entry => entry.Network)], recomputes);

    [Fact]
    public void No_method_of_a_long_network_is_large() => CheckMethods(
    [
        Long(net => Straight(net, 1000)),
        Long(net => { for (var i = 0; i < 500; i++) net.Residual(r => r.Conv(4, 3, padding: 1).BatchNorm()); }),
        Long(net => net.Residual(r => Straight(r, 300)).Repeat(2, n => Straight(n, 300))),
        Long(net => { for (var i = 0; i < 150; i++) net.Repeat(2, n => n.Conv(4, 1).Relu()); }),
    ]);

    [Fact]
    public void Lists_of_calls_are_divided_as_well()
    {
        var files = Emitter.Emit(GeneratedNetwork.ModelOf(Long(net =>
        {
            for (var i = 0; i < 12_000; i++) net.Conv(1, 1);
        })));
        Assert.All(files.SelectMany(file => file.Source.Split("\n\n")), method =>
            Assert.InRange(method.Split('\n').Count(line => !line.StartsWith("///", StringComparison.Ordinal)), 0, 120));
    }

    [Fact]
    public void Planning_and_emitting_take_memory_in_proportion_to_the_code_and_the_layers()
    {
        // Memory stands for work, and does not depend on the machine: some 35 bytes a character and 1,200 a layer.
        foreach (var (name, network) in Zoo.All)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var characters = Characters(network);
            var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            output.WriteLine($"{name}: {characters:N0} characters, {bytes:N0} bytes");
            Assert.InRange(bytes, characters, 100L * characters + 3_000L * network.Layers().Count);
        }
    }

    static int Characters(NetworkDefinition network, bool recomputes = false) =>
        Emitter.Emit(GeneratedNetwork.ModelOf(network, recomputes: recomputes)).Sum(file => file.Source.Length);

    static NetworkDefinition Long(Action<NetworkBuilder> declare) => Zoo.Build(net => declare(net.Input(4, 6, 6)));

    static void Straight(NetworkBuilder net, int count)
    {
        for (var i = 0; i < count; i++) net.Conv(4, 3, padding: 1).BatchNorm().Relu();
    }

    void CheckMethods(IReadOnlyList<NetworkDefinition> networks, bool recomputes = false)
    {
        var files = networks.SelectMany((network, i) => Emitter.Emit(GeneratedNetwork.ModelOf(network, "Net" + i, recomputes))
            .Append(("User.cs", $"namespace User.Nets; public partial class Net{i};")));
        using var image = new PEReader(ImmutableArray.Create(StrictCompiler.Compile(files)));
        var metadata = image.GetMetadataReader();
        var sizes = metadata.MethodDefinitions
            .Select(handle => metadata.GetMethodDefinition(handle))
            .Where(method => method.RelativeVirtualAddress != 0)
            .Select(method => (Name: metadata.GetString(method.Name), Body: image.GetMethodBody(method.RelativeVirtualAddress)))
            .Select(method => (method.Name, Bytes: method.Body.GetILBytes()!.Length, Locals: CountLocals(metadata, method.Body)))
            .ToList();
        output.WriteLine($"{sizes.Count} methods, at most {sizes.Max(size => size.Bytes)} bytes of IL and {sizes.Max(size => size.Locals)} locals");
        Assert.All(sizes, size => Assert.True(size.Bytes < MostBytes && size.Locals < MostLocals, $"{size.Name}: {size.Bytes} bytes, {size.Locals} locals"));
    }

    static int CountLocals(MetadataReader metadata, MethodBodyBlock body)
    {
        if (body.LocalSignature.IsNil) return 0;
        var signature = metadata.GetBlobReader(metadata.GetStandaloneSignature(body.LocalSignature).Signature);
        signature.ReadSignatureHeader();
        return signature.ReadCompressedInteger();
    }
}
