using Microsoft.CodeAnalysis;

namespace ResNet.Generators.Tests;

/// <summary>From a user's source to a whole program: what the user's half and the compiled half make together.</summary>
public class ClassTests
{
    // CS8981: "net" is a lower-case name, and means to be.
    [Theory]
    [InlineData("[ResNet(Depth = 18)] public partial class Net { public Net(ResNet.Runtime.Device? device) : base(device) { } }")]
    [InlineData("[ResNet(Depth = 18)] public partial class Net { public Net() : base(null) { } public Net(string file) : this() => Load(file); }")]
    [InlineData("[ResNet(Depth = 18)] public partial class Net { public int Infer(string file) => file.Length; }")]
    [InlineData("[ResNet(Depth = 18)] public partial class Compiled;")]
    [InlineData("[ResNet(Depth = 18)] partial class Net; [CifarResNet(Depth = 20)] partial class net; namespace Some { [ResNet(Depth = 18)] partial class Net; } namespace SOME { [ResNet(Depth = 18)] partial class NET; }")]
    [InlineData("partial class Net; [ResNet(Depth = 18)] partial class Net : ResNet.Runtime.Network; partial class Net : IComparable { public int CompareTo(object? other) => 0; }")]
    [InlineData("partial class Outer { [ResNet(Depth = 18)] private sealed partial class Net; static ResNet.Runtime.Network New() => new Net(); }")]
    [InlineData("[FasterRcnn(Backbone = 18, Classes = 20)] public partial class Net { public Net(ResNet.Runtime.Device? device) : base(\"net\", new TrunkNetwork(device), new HeadNetwork(device), Compiled.Settings) { } }")]
    [InlineData("[FasterRcnn(Backbone = 18, Classes = 20)] public partial class Net { public Net(string file) : this() => Load(file); }")]
    [InlineData("[FasterRcnn(Backbone = 18, Classes = 20)] public partial class Compiled;")]
    [InlineData("[FasterRcnn(Backbone = 18, Classes = 20)] partial class Net; [FasterRcnn(Backbone = 18, Classes = 2)] partial class net; namespace Some { [FasterRcnn(Backbone = 18, Classes = 20)] partial class @class; }")]
    [InlineData("namespace A.B { partial class Outer { partial struct Inner { [FasterRcnn(Backbone = 18, Classes = 20)] private sealed partial class Net : ResNet.Runtime.Detector; static ResNet.Runtime.Network New() => new Net().Trunk; } } }")]
    [InlineData("[Detector(Classes = 3, AnchorSizes = [16, 32.5], AnchorRatios = new double[] { 1 })] partial class Net { static void Features(NetworkBuilder net) => net.Input(3, 64, 64).Conv(8, 3, stride: 4, padding: 1); static void Regions(NetworkBuilder roi) => roi.GlobalAveragePool(); }")]
    public void Both_halves_make_one_program(string source)
    {
        var compilation = Source.Compile(Source.Usings + source);
        var run = Generation.Of(compilation);
        Assert.Empty(run.Diagnostics);
        Assert.NotEmpty(run.Sources);
        var whole = compilation.AddSyntaxTrees(run.Sources.Select(generated => generated.SyntaxTree));
        Assert.DoesNotContain(whole.GetDiagnostics(), found => found.Severity >= DiagnosticSeverity.Warning && found.Id != "CS8981");
    }

    /// <summary>An editor runs the generator at every keystroke.</summary>
    [Fact]
    public void No_half_typed_source_breaks_the_generator()
    {
        var text = Source.Network("""
            const int width = 16;
            net.Input(3, 32, 32).Conv(width, kernel: 3, padding: 1).BatchNorm().Relu();
            for (var i = 0; i < 2; i++) net.Repeat(i + 1, n => n.Residual(r => Branch(r, width << i, i switch { 0 => 1, _ => 2 }), Shortcut.Projection));
            net.GlobalAveragePool().Dense(10);
            """, "static NetworkBuilder Branch(NetworkBuilder r, int width, int stride = 1) => r.Conv(width, 3, stride: stride, padding: 1).BatchNorm();");
        Assert.Single(Generation.Of(text).Models);
        var run = Generation.Of(text);
        for (var length = Source.Usings.Length; length < text.Length; length += 17)
        {
            // Generation throws what the generator throws: cut off, and with a gap.
            run = run.Then(Source.Compile(text[..length]));
            run = run.Then(Source.Compile(text.Remove(length, Math.Min(5, text.Length - length))));
        }
    }
}
