namespace ResNet.Generators.Tests.Parsing;

public class StatementTests
{
    [Theory]
    [InlineData("for (var i = 0; i < 3; i++) net.Tap($\"t{i}\");")]
    [InlineData("for (int i = 0, j = 5; i < j; i++, j -= 2) net.Tap($\"t{i}_{j}\");")]
    [InlineData("for (var i = 0; ; i++) { if (i == 1) continue; if (i > 4) break; net.Tap($\"t{i}\"); }")]
    [InlineData("var i = 9; for (; i > 0;) i -= 2; net.Tap($\"t{i}\");")]
    public void For(string body) => OneMeaning.Holds(body);

    [Theory]
    [InlineData("foreach (var c in new[] { 4, 8, 16 }) net.Conv(c, 1);")]
    [InlineData("int[] widths = [4, 8, 16]; foreach (var c in widths) net.Conv(c, 1);")]
    [InlineData("foreach (var (c, k) in new[] { (4, 1), (8, 3) }) net.Conv(c, k, padding: k / 2);")]
    [InlineData("foreach ((int c, int k) in new List<(int, int)>([(4, 1), (8, 3)]).ToArray()) net.Conv(c, k);", false)]
    [InlineData("foreach (var i in Enumerable.Range(2, 3)) net.Tap($\"t{i}\");")]
    [InlineData("foreach (long i in Enumerable.Range(2, 3)) net.Tap($\"t{i + 3000000000}\");")]
    [InlineData("foreach (var c in \"abc\") net.Tap($\"t{c}\");")]
    [InlineData("foreach (var c in new[] { 1, 2, 3, 4 }) { if (c == 2) continue; if (c == 4) break; net.Tap($\"t{c}\"); }")]
    [InlineData("foreach (var row in new[] { new[] { 1, 2 }, new[] { 3 } }) foreach (var c in row) net.Tap($\"t{c}\");")]
    [InlineData("IReadOnlyList<int> w = [4, 8]; foreach (var c in w) net.Conv(c, 1); net.Tap($\"t{w.Count}_{w[1]}\");")]
    public void ForEach(string body, bool isKnown = true)
    {
        if (isKnown) OneMeaning.Holds(body);
        else Assert.NotEmpty(Generation.Of(Source.Network(body)).Diagnostics);
    }

    [Theory]
    [InlineData("var c = 64; while (c > 8) { net.Conv(c, 1); c /= 2; }")]
    [InlineData("var c = 0; do { net.Tap($\"t{c}\"); } while (++c < 3);")]
    [InlineData("var c = 0; do { c++; if (c == 2) continue; if (c == 5) break; net.Tap($\"t{c}\"); } while (c < 9);")]
    [InlineData("var c = 0; while (true) { if (c++ == 3) break; } net.Tap($\"t{c}\");")]
    public void While(string body) => OneMeaning.Holds(body);

    [Theory]
    [InlineData("if (net.Shape.Channels == 3) net.Tap(\"yes\"); else net.Tap(\"no\");")]
    [InlineData("var x = 2; if (x > 2) net.Tap(\"a\"); else if (x == 2) net.Tap(\"b\"); else net.Tap(\"c\");")]
    [InlineData("if (net.Shape is (3, var h, _) && h > 4) net.Tap($\"t{h}\");")]
    public void If(string body) => OneMeaning.Holds(body);

    [Theory]
    [InlineData(18)]
    [InlineData(34)]
    [InlineData(50)]
    [InlineData(7)]
    public void Switch(int depth) => OneMeaning.Holds($$"""
        var depth = {{depth}};
        switch (depth)
        {
            case 18:
            case 34:
                net.Tap("basic");
                break;
            case > 40 and < 100 when depth != 60:
                net.Tap("bottleneck");
                break;
            default:
                net.Tap("other");
                break;
        }
        for (var i = 0; i < 4; i++)
        {
            switch (i)
            {
                case 1: continue;
                case 3: break;
            }
            net.Tap($"loop{i}");
        }
        """);

    [Fact]
    public void Return_ends_the_method_from_within_loops() =>
        OneMeaning.Holds("First(net);", """
            static void First(NetworkBuilder net)
            {
                foreach (var i in new[] { 1, 2, 3 })
                    while (true)
                    {
                        if (i == 2) return;
                        net.Tap($"t{i}");
                        break;
                    }
                net.Tap("never");
            }
            """);

    [Fact]
    public void Each_iteration_has_variables_of_its_own() => OneMeaning.Holds("""
        var taps = new Action<NetworkBuilder>[3];
        var shared = new Action<NetworkBuilder>[3];
        var each = new Action<NetworkBuilder>[2];
        for (var i = 0; i < 3; i++)
        {
            var copy = i * 10;
            taps[i] = n => n.Tap($"own{copy}");
            shared[i] = n => { i++; n.Tap($"shared{i}"); };
        }
        foreach (var x in new[] { 7, 8 }) each[x - 7] = n => n.Tap($"each{x}");
        foreach (var tap in taps) tap(net);
        foreach (var tap in shared) tap(net);
        foreach (var tap in each) tap(net);
        """);

    [Fact]
    public void A_captured_variable_is_shared_with_its_lambda() => OneMeaning.Holds("""
        var count = 0;
        Action<NetworkBuilder> step = n => { count += 2; n.Tap($"c{count}"); };
        step(net);
        count *= 10;
        step(net);
        net.Tap($"end{count}");
        """);

    [Fact]
    public void Empty_statements_and_blocks_do_nothing() => OneMeaning.Holds("; { } { int x = 1; { x++; } net.Tap($\"x{x}\"); }");
}
