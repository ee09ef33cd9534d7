namespace ResNet.Generators.Tests.Diagnostics;

public class EvaluationErrorTests
{
    [Theory]
    [InlineData("net.Conv([|Environment.ProcessorCount|], 1);")]
    [InlineData("net.Conv([|Width|], 1);", "make the field const or static readonly", "static int Width = 4;")]
    [InlineData("net.Conv([|Width|], 1);", "make the property get-only", "static int Width { get; set; } = 4;")]
    [InlineData("net.Conv([|Width|], 1);", "initializer", "static readonly int Width; static Net() { Width = 4; }")]
    [InlineData("net.Conv(A, 1);", "initialized after 'A'", "static readonly int A = [|B|] + 1; static readonly int B = 4;")]
    [InlineData("[|Width|] = 4;", "cannot be evaluated", "static int Width;")]
    [InlineData("var b = [|new NetworkBuilder()|]; b.Input(3, 8, 8);")]
    [InlineData("[|try|] { net.Relu(); } finally { }")]
    [InlineData("[|goto|] end; end: net.Relu();")]
    [InlineData("net.Conv(1 + new object().[|GetHashCode|]() * 2, 1);", "cannot be called", "", "RESNET017")]
    [InlineData("foreach (var x in [|new List<int> { 1, 2 }|]) net.Conv(x, 1);")]
    [InlineData("var x = [|new int[2, 2]|];", "array of arrays")]
    [InlineData("var d = [|1.5m * M()|];", "cannot be evaluated", "static decimal M() => 2m;")]
    [InlineData("var d = 1.5m; net.Conv([|(int)d|], 1);")]
    [InlineData("net.Reset();", "cannot be evaluated", "", "RESNET016", "static class X { extension(NetworkBuilder n) { public void Reset() { [|n|] = null!; } } }")]
    [InlineData("switch (1) { case 1: [|Later|](); break; default: void Later() { } break; }", "cannot be called", "", "RESNET017")]
    [InlineData("net.Relu(); var t = [|typeof(int)|];")]
    [InlineData("object o = 3; var i = [|(int)o|];")]
    [InlineData("int.[|TryParse|](\"4\", out var c); net.Conv(c, 1);", "cannot be called", "", "RESNET017")]
    [InlineData("Change([|ref net|]);", "return the value instead", "static void Change(ref NetworkBuilder net) { }")]
    [InlineData("[|net?.Relu()|];")]
    public void The_first_expression_that_is_not_constant_is_marked(string body, string text = "cannot be evaluated", string members = "", string id = "RESNET016", string types = "") =>
        MarkedSource.BodyYields(body, id, text, members, types);

    [Theory]
    [InlineData("net.Conv(Convert.[|ToInt32|](\"4\"), 1);", "only those of this project, Math and Enumerable.Range")]
    [InlineData("net.[|Build|](\"x\");", "ends and builds the network itself")]
    [InlineData("net.[|ToString|]();", "only static methods and extension members")]
    [InlineData("net.Conv([|Id|]<int>(4), 1);", "it is generic", "static T Id<T>(T x) => x;")]
    [InlineData("net.Conv(Box<int>.[|Four|](), 1);", "it is generic", "", "static class Box<T> { public static int Four() => 4; }")]
    [InlineData("[|Run|]();", "it is async", "static async System.Threading.Tasks.Task Run() { }")]
    [InlineData("Box.One.[|Four|]();", "only static methods", "", "class Box { public static readonly Box One = null!; public int Four() => 4; }")]
    [InlineData("net.Repeat(2, Console.[|WriteLine|]);", "only those of this project")]
    public void An_unknown_call_is_marked(string body, string text, string members = "", string types = "") =>
        MarkedSource.BodyYields(body, "RESNET017", text, members, types);

    [Theory]
    [InlineData("Stage(net, 3);", "static void Stage(NetworkBuilder n, int depth) { n.Relu(); if (depth > 0) [|Stage|](n, depth - 1); }")]
    [InlineData("A(net);", "static void A(NetworkBuilder n) => B(n); static void B(NetworkBuilder n) => [|A|](n);")]
    [InlineData("net.Sequence(A);", "static void A(NetworkBuilder n) => n.Sequence([|A|]);")]
    [InlineData("A(net);", "static void A(NetworkBuilder n) => n.Sequence(m => [|A|](m));")]
    [InlineData("Action<NetworkBuilder> f = null!; f = n => [|f|](n); f(net);")]
    [InlineData("Loop(); void Loop() => [|Loop|]();")]
    [InlineData("net.Conv(A, 1);", "static int A => 1 + [|A|];")]
    [InlineData("net.Conv(A, 1);", "static readonly int A = F(); static int F() => [|A|];")]
    [InlineData("A(net); void A(NetworkBuilder n) => B(n); void B(NetworkBuilder n) => [|A|](n);")]
    public void Recursion_is_marked(string body, string members = "") => MarkedSource.BodyYields(body, "RESNET018", "calls itself", members);

    [Fact]
    public void Lambdas_that_call_each_other_without_end_are_recursion() =>
        MarkedSource.BodyYields("Action<NetworkBuilder> f = null!, g = null!; f = n => g(n); g = n => [|f|](n); f(net);", "RESNET018", "calls itself");

    [Theory]
    [InlineData("[|while|] (true) { }")]
    [InlineData("for (var i = 0; i < 3; i++) [|do|] { } while (true);")]
    [InlineData("[|for|] (var i = 0; ; i++) for (var j = 0; j < 10; j++) { }")]
    [InlineData("Forever(); static void Forever() { [|while|] (true) ; }")]
    [InlineData("foreach (var i in [|Enumerable.Range(0, int.MaxValue)|]) net.Relu();")]
    [InlineData("var x = [|new int[2000000000]|];")]
    [InlineData("var s = \"ab\"; [|while|] (true) s += s;")]
    [InlineData("var s = $\"[|{1,100000000}|]\";")]
    public void What_does_not_end_is_marked(string body) => MarkedSource.BodyYields(body, "RESNET019", "1,000,000 steps");

    [Theory]
    [InlineData("OverflowException", "does not fit into int", "var c = 2000000000; net.Conv([|c + c|], 1);")]
    [InlineData("OverflowException", "does not fit into byte", "var c = 300; var b = [|(byte)c|];")]
    [InlineData("OverflowException", "does not fit into int", "var c = int.MaxValue; [|c++|];")]
    [InlineData("OverflowException", "does not fit into int", "var c = 1e10; var b = [|(int)c|];")]
    [InlineData("OverflowException", "does not fit into int", "var c = int.MinValue; var b = [|-c|];")]
    [InlineData("OverflowException", "does not fit into byte", "byte c = 250; [|c += 9|];")]
    [InlineData("OverflowException", "does not fit into byte", "byte c = 255; [|++c|];")]
    [InlineData("OverflowException", "negative", "var c = -1; var b = [|new int[c]|];")]
    [InlineData("DivideByZeroException", "zero", "var c = 0; net.Conv([|4 / c|], 1);")]
    [InlineData("DivideByZeroException", "zero", "var c = 0; c = 5 + [|4 % c|];")]
    [InlineData("IndexOutOfRangeException", "the index is 2, the length 2", "var a = new[] { 1, 2 }; net.Conv([|a[2]|], 1);")]
    [InlineData("IndexOutOfRangeException", "the index is -1", "var a = new[] { 1, 2 }; net.Conv([|a[^3]|], 1);")]
    [InlineData("NullReferenceException", "null", "int[]? a = null; net.Conv([|a|]![0], 1);")]
    [InlineData("NullReferenceException", "null", "NetworkBuilder n = null!; [|n|].Relu();")]
    [InlineData("NullReferenceException", "null", "net.Repeat(2, [|null|]!);")]
    [InlineData("InvalidOperationException", "no value", "int? n = null; net.Conv([|n.Value|], 1);")]
    [InlineData("SwitchExpressionException", "no arm", "var d = 7; var x = d [|switch|] { 1 => 2 };")]
    [InlineData("ArgumentException", "depth 7 is odd", "var d = 7; if (d % 2 == 1) [|throw|] new ArgumentException($\"depth {d} is odd\");")]
    [InlineData("NotSupportedException", "no depth", "var d = 7; var x = d switch { 1 => 2, _ => [|throw|] new NotSupportedException(\"no depth\") };")]
    [InlineData("ArgumentOutOfRangeException", "count", "foreach (var i in [|Enumerable.Range(0, -1)|]) { }")]
    [InlineData("FormatException", "", "var x = 3; net.Tap($\"{[|x|]:Q9}\");")]
    public void What_throws_is_marked(string exception, string text, string body)
    {
        MarkedSource.BodyYields(body, "RESNET025", $"This throws {exception}: ");
        MarkedSource.BodyYields(body, "RESNET025", text);
    }
}
