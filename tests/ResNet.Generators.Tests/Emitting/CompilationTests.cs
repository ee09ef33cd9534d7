using ResNet.Dsl;
using ResNet.Generators.Emitting;
using ResNet.Generators.Model;

namespace ResNet.Generators.Tests.Emitting;

/// <summary>Generated code compiles without a warning, whatever stands around it. Every other test compiles as strictly.</summary>
public class CompilationTests
{
    static readonly NetworkDefinition _small = Zoo.Build(net => net
        .Input(3, 8, 8)
        .Conv(4, 3, padding: 1).BatchNorm().Relu().Tap("stem")
        .Residual(r => r.Conv(8, 3, stride: 2, padding: 1).BatchNorm().Relu().Conv(8, 3, padding: 1).BatchNorm(), Shortcut.Projection, name: "layer1.0")
        .Repeat(3, n => n.Residual(r => r.BatchNorm().Relu().Conv(8, 3, padding: 1), activation: Activation.None), name: "layer1", first: 1)
        .BatchNorm().Relu().GlobalAveragePool().Dense(10));

    [Theory]
    [InlineData(null, "Net", "public partial class Net;")]
    [InlineData("ResNet.Something", "Network", "namespace ResNet.Something; public partial class Network;")]
    [InlineData("ResNet.Dsl.Mine", "Net", "namespace ResNet.Dsl.Mine; internal partial class Net;")]
    [InlineData("Company.ResNet", "Runtime", "namespace Company.ResNet; public partial class Runtime;")]
    [InlineData("Nets", "@class", "namespace Nets; public partial class @class;")]
    [InlineData("Nets", "Compiled", "namespace Nets; public sealed partial class Compiled;")]
    [InlineData("Nets", "Layer1", "namespace Nets; public sealed partial class Layer1;")]
    [InlineData("Nets", "A", "namespace Nets; abstract partial class A;")]
    [InlineData("Nets", "Net", """
        namespace Nets;
        partial class Net { const int A = 64, B = 2, Classes = 10, Width = 16; static int Stem(int layer1) => layer1 + A * B * Classes * Width; internal int Use() => Stem(1); }
        """)]
    [InlineData("Nets", "Net", """
        namespace Nets;
        partial class Net { enum Shortcut { None } internal object Use() => (Shortcut.None, new InferencePass(), new Epilogue(), new NetworkBuilder(), new Device(), new NetworkDefinition(), Activation.None); }
        class InferencePass; class Epilogue; class NetworkBuilder; class Device; class NetworkDefinition; class System; class Network; enum Activation { None }
        """)]
    [InlineData("Nets", "Net", """
        namespace Nets;
        /// <summary>Documented by its author.</summary>
        public partial class Net;
        """)]
    public void Compiles_whatever_its_name_and_its_neighbours_are(string? space, string className, string userPart) =>
        Compile(new NetworkModel(new(space, default, className), _small), userPart);

    [Fact]
    public void Compiles_within_other_types()
    {
        EquatableArray<ContainingType> containers = new([new("partial class", "Outer<T>"), new("partial record struct", "@struct"), new("partial interface", "IInner")]);
        Compile(new NetworkModel(new("Nets", containers, "Net"), _small), """
            namespace Nets;
            partial class Outer<T> { partial record struct @struct { partial interface IInner { internal partial class Net; T Use(); } } }
            """);
    }

    [Fact]
    public void Files_of_different_classes_have_different_names()
    {
        ContainingType outer = new("partial class", "Outer"), generic = new("partial class", "Outer<T>");
        NetworkModel[] models =
        [
            new(new(null, default, "Net"), _small),
            new(new("A", default, "Net"), _small),
            new(new("A.B", default, "Net"), _small),
            new(new("A", new([outer]), "Net"), _small),
            new(new("A", new([generic]), "Net"), _small),
            new(new("A", new([outer]), "@class"), _small),
        ];
        var names = models.SelectMany(Emitter.Emit).Select(file => file.HintName).ToList();
        Assert.Equal(3 * models.Length, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.Contains("A.Outer.class.g.cs", names);
    }

    [Fact]
    public void Constants_say_what_the_network_costs()
    {
        var network = GeneratedNetwork.Of(Zoo.ResNet(50));
        Assert.Equal(3, network.Constant<int>("InputChannels"));
        Assert.Equal(224, network.Constant<int>("InputHeight"));
        Assert.Equal(224, network.Constant<int>("InputWidth"));
        Assert.Equal(1000, network.Constant<int>("ClassCount"));
        // The published figures.
        Assert.Equal(25_557_032, network.Constant<long>("ParameterCount"));
        Assert.Equal(4.09, network.Constant<long>("MultiplyAdds") / 1e9, 2);
    }

    static void Compile(ClassModel model, string userPart) => StrictCompiler.Compile([("User.cs", userPart), .. Emitter.Emit(model)]);
}
