namespace ResNet.Generators.Tests.Parsing;

public class CallTests
{
    [Theory]
    [InlineData("net.Conv(16, 3, padding: 1).BatchNorm().Relu().Conv(8, 1, bias: true, stride: 2);")]
    [InlineData("net.Conv(kernel: 3, channels: 8, groups: 1, dilation: 2, name: \"first\").BatchNorm(momentum: 0.2, eps: 1e-3);")]
    [InlineData("net.MaxPool(3, 2, 1).AveragePool(2).GlobalAveragePool().Dropout(0.5).StochasticDepth(0.5).Dense(10, bias: false, name: \"head\");")]
    [InlineData("net.Repeat(3, n => n.Conv(3, 3, padding: 1).BatchNorm());")]
    [InlineData("net.Repeat(2, n => n.Conv(n.Shape.Channels * 2, 1), name: \"stage\", first: 1);")]
    [InlineData("net.Residual(r => r.Conv(3, 3, padding: 1));")]
    [InlineData("net.Residual(r => r.Conv(8, 3, stride: 2, padding: 1), Shortcut.Projection, Activation.None);")]
    [InlineData("net.Residual(r => r.Conv(8, 1), s => s.Conv(8, 1).BatchNorm(), activation: Activation.BatchNormRelu, name: \"unit\");")]
    [InlineData("net.Sequence(s => s.Relu().Tap(\"inner\"), name: \"block\");")]
    [InlineData("net.Residual(r => { r.Conv(8, 1); for (var i = 0; i < 2; i++) r.Relu(); }, (Shortcut)2);")]
    [InlineData("net.Repeat(2, n => n.Repeat(3, m => m.Residual(r => r.Conv(3, 1))));")]
    [InlineData("net.BatchNorm(frozen: true).Scale().Scale(name: \"gate\").Scale(-1, 1).Scale(shift: 2, factor: 0.5).Sigmoid().Flatten().Dense(4);")]
    [InlineData("net.Residual(r => r.Conv(3, 1), g => g.Conv(3, 1).Sigmoid(), merge: Merge.Product).Residual(r => r.Relu(), merge: (Merge)1);")]
    [InlineData("net.Output(\"maps\").Branch(\"boxes\", b => b.Conv(4, 1).Output(\"raw\")).Branch(body: b => { }, name: \"same\");")]
    public void Builder(string body) => OneMeaning.Holds(body);

    [Theory]
    [InlineData("Action<NetworkBuilder> block = n => n.Conv(3, 1); block(net); net.Repeat(2, block); block.Invoke(net);")]
    [InlineData("Func<int, int> twice = x => 2 * x; net.Conv(twice(twice(4)), 1);")]
    [InlineData("Func<NetworkBuilder, int, NetworkBuilder> conv = (n, c) => n.Conv(c, 1); conv(conv(net, 4), 8).Relu();")]
    [InlineData("var add = (int a, int b) => { var c = a + b; return c; }; net.Conv(add(1, 2), 1);")]
    [InlineData("Func<int, Func<int, int>> adder = a => b => a + b; net.Conv(adder(3)(4), 1);")]
    [InlineData("net.Repeat(2, Unit); net.Sequence(static n => Unit(n)); static void Unit(NetworkBuilder n) => n.Conv(3, 1);")]
    [InlineData("Wrap(n => Wrap(m => m.Relu())(n))(net); Action<NetworkBuilder> Wrap(Action<NetworkBuilder> inner) => n => { n.Tap($\"t{n.Shape.Channels}\"); n.Conv(n.Shape.Channels + 1, 1); inner(n); };")]
    [InlineData("Action<NetworkBuilder> all = n => n.Relu(); for (var i = 0; i < 3; i++) { var before = all; var j = i; all = n => { before(n); n.Tap($\"t{j}\"); }; } all(net);")]
    public void Lambdas(string body) => OneMeaning.Holds(body);

    [Theory]
    [InlineData("Local(4); void Local(int c) => net.Conv(c, 1);")]
    [InlineData("var c = 4; Grow(); Grow(); net.Conv(c, 1); void Grow() { c *= 2; }")]
    [InlineData("net.Conv(Width(2), 1); int Width(int n) { return n <= 0 ? 1 : 4 * n; }")]
    [InlineData("net.Conv(Outer(3), 1); static int Outer(int x) { return Inner(x) + 1; static int Inner(int y) => y * y; }")]
    [InlineData("for (var i = 1; i < 3; i++) { Add(); void Add() => net.Conv(i, 1); }")]
    public void LocalFunctions(string body) => OneMeaning.Holds(body);

    [Fact]
    public void Static_helpers() => OneMeaning.Holds(
        """
        Stem(net).Unit(8).Unit(channels: 16, stride: 2);
        Other.Tail(net, names: ["a", "b"]);
        var (c, k) = Other.Pair(3);
        net.Conv(c, k);
        net.Conv(Other.Sum(), 1).Conv(Other.Sum(1, 2, 3), 1);
        """,
        """
        static NetworkBuilder Stem(NetworkBuilder net) => net.Conv(8, 3, padding: 1).BatchNorm().Relu();
        """,
        """
        static class Units
        {
            public static NetworkBuilder Unit(this NetworkBuilder net, int channels, int stride = 1)
            {
                var shortcut = stride == 1 && channels == net.Shape.Channels ? Shortcut.Identity : Shortcut.Projection;
                return net.Residual(r => r.Conv(channels, 3, stride, padding: 1).BatchNorm(), shortcut);
            }
        }
        static class Other
        {
            public static void Tail(NetworkBuilder net, int width = 4, params string[] names)
            {
                foreach (var name in names) net.Conv(width, 1, name: name);
            }
            public static (int Channels, int Kernel) Pair(int n) => (n * 2, 1);
            public static int Sum(params int[] numbers)
            {
                var sum = 1;
                foreach (var n in numbers) sum += n;
                return sum;
            }
        }
        """);

    [Fact]
    public void Extension_blocks() => OneMeaning.Holds(
        "net.Unit(4).Wide.Repeat(2, n => n.Twice(m => m.Relu())); net.Unit(net.Four);",
        types: """
        static class Units
        {
            extension(NetworkBuilder net)
            {
                public NetworkBuilder Unit(int channels) => net.Conv(channels, 1).Relu();
                public NetworkBuilder Twice(Action<NetworkBuilder> body) { body(net); return net.Sequence(n => body(n)); }
                public NetworkBuilder Wide => net.Unit(2 * net.Shape.Channels);
                public int Four { get { return 4; } }
            }
        }
        """);

    [Fact]
    public void Arguments_are_evaluated_in_the_order_of_the_source() => OneMeaning.Holds(
        "var i = 0; net.Conv(kernel: ++i, channels: ++i * 10, stride: ++i); net.Tap($\"t{i}\");");

    [Theory]
    [InlineData("net.Conv(Width, 1);", "const int Width = 4 * 4;")]
    [InlineData("foreach (var c in Widths) net.Conv(c, 1);", "static readonly int Base = Half() * 2; static readonly int[] Widths = [Base, 2 * Base]; static int Half() => 2;")]
    [InlineData("net.Conv(Width, 1).Conv(Computed, 1).Conv(Body, 1);", "static int Width { get; } = 4; static int Computed => Width + 1; static int Body { get { return 6; } }")]
    [InlineData("net.Conv(Stages[1].Width, 1).Tap(Stages[0].Name);", "static readonly (int Width, string Name)[] Stages = [(4, \"a\"), (8, \"b\")];")]
    [InlineData("net.Sequence(Block);", "static readonly Action<NetworkBuilder> Block = n => n.Conv(5, 1);")]
    [InlineData("net.Residual(r => r.Conv(4, 1), Kind);", "static readonly Shortcut Kind = Depth > 3 ? Shortcut.Projection : Shortcut.Identity; const int Depth = 20;")]
    public void Members(string body, string members) => OneMeaning.Holds(body, members);

    [Fact]
    public void An_expression_body_and_accessibility_change_nothing()
    {
        var source = Source.Usings + "[Network] public partial class Net { public static void Define(NetworkBuilder net) => net.Input(3, 8, 8).Conv(4, 3); }";
        Assert.Equal(Source.Execute(source), Generation.ModelOf(source).Definition);
    }

    [Fact]
    public void Helpers_may_stand_in_other_files_and_parts()
    {
        var model = Generation.ModelOf(
            Source.Usings + "[Network] partial class Net { const int Width = 8; }",
            Source.Usings + "partial class Net { static void Define(NetworkBuilder net) => Helpers.Head(net.Input(3, 8, 8).Conv(Width, 1)); }",
            Source.Usings + "static class Helpers { public static void Head(NetworkBuilder net) => net.GlobalAveragePool().Dense(10); }");
        Assert.Equal(10, model.Definition.Output.Channels);
    }
}
