namespace ResNet.Generators.Tests.Diagnostics;

public class ClassFormTests
{
    const string Define = "{ static void Define(NetworkBuilder net) => net.Input(3, 8, 8).Relu(); }";

    [Theory]
    [InlineData("RESNET001", "'partial class Net'", "[Network] class [|Net|] " + Define)]
    [InlineData("RESNET002", "'Outer' contains 'Net'", "class [|Outer|] { [Network] partial class Net " + Define + " }")]
    [InlineData("RESNET002", "'partial'", "partial class A { struct [|B|] { [Network] partial class Net " + Define + " } }")]
    [InlineData("RESNET003", "'Net' has type parameters", "[Network] partial class [|Net|]<T> " + Define)]
    [InlineData("RESNET003", "'Outer' has type parameters", "partial class [|Outer|]<T> { [Network] partial class Net " + Define + " }")]
    [InlineData("RESNET004", "'Net' is static", "[Network] static partial class [|Net|] " + Define)]
    [InlineData("RESNET004", "'Net' is abstract", "[Network] abstract partial class [|Net|] " + Define)]
    [InlineData("RESNET004", "'Net' is a record", "[Network] partial record [|Net|] " + Define)]
    [InlineData("RESNET004", "local to its file", "[Network] file partial class [|Net|] " + Define)]
    [InlineData("RESNET004", "constructor parameters", "[Network] partial class [|Net|](int x) { int X => x; static void Define(NetworkBuilder net) => net.Input(3, 8, 8).Relu(); }")]
    [InlineData("RESNET022", "'Net' derives from 'Other'", "class Other; [Network] partial class Net : [|Other|] " + Define)]
    [InlineData("RESNET022", "derives from 'Other'", "class Other; interface I; [Network] partial class Net : I " + Define + " partial class Net : [|Other|], IDisposable { void IDisposable.Dispose() { } }")]
    [InlineData("RESNET024", "by [Network]", "[Network, [|ResNet(Depth = 18)|]] partial class Net " + Define)]
    [InlineData("RESNET024", "by [ResNet]", "[ResNet(Depth = 18)] [[|Network|]] [[|CifarResNet(Depth = 20)|]] partial class Net " + Define)]
    [InlineData("RESNET026", "'ClassCount'", "[ResNet(Depth = 18)] partial class Net { const int [|ClassCount|] = 10; }")]
    [InlineData("RESNET026", "'Compiled'", "[ResNet(Depth = 18)] partial class Net { class [|Compiled|]; }")]
    [InlineData("RESNET026", "'Then'", "[ResNet(Depth = 18)] partial class Net; partial class Net { int [|Then|] { get; set; } }")]
    [InlineData("RESNET026", "'Infer'", "[ResNet(Depth = 18)] partial class [|Infer|];")]
    [InlineData("RESNET026", "'Infer'", "[ResNet(Depth = 18)] partial class Net { void [|Infer|](ResNet.Runtime.Programs.InferencePass pass) { } }")]
    public void A_wrong_form_is_an_error(string id, string text, string source) =>
        MarkedSource.Yields(Source.Usings + source, id, text);

    [Theory]
    [InlineData("'Net' has no method Define", "[Network] partial class [|Net|] { }")]
    [InlineData("'Define' is not static", "[Network] partial class Net { void [|Define|](NetworkBuilder net) { } }")]
    [InlineData("'Define' returns a value", "[Network] partial class Net { static NetworkBuilder [|Define|](NetworkBuilder net) => net; }")]
    [InlineData("'Define' is generic", "[Network] partial class Net { static void [|Define|]<T>(NetworkBuilder net) { } }")]
    [InlineData("'Define' is async", "[Network] partial class Net { static async void [|Define|](NetworkBuilder net) { } }")]
    [InlineData("does not take a NetworkBuilder alone", "[Network] partial class Net { static void [|Define|](NetworkBuilder net, int depth) { } }")]
    [InlineData("does not take a NetworkBuilder alone", "[Network] partial class Net { static void [|Define|]() { } }")]
    [InlineData("by reference", "[Network] partial class Net { static void [|Define|](ref NetworkBuilder net) { } }")]
    [InlineData("has no body", "[Network] partial class Net { static partial void [|Define|](NetworkBuilder net); }")]
    public void A_wrong_Define_is_an_error(string text, string source) =>
        MarkedSource.Yields(Source.Usings + source, "RESNET021", text);

    [Fact]
    public void Several_wrongs_are_reported_at_once() =>
        Assert.Equal(["RESNET001", "RESNET003", "RESNET007"], Generation.Of(Source.Usings
            + "[Network] class Net<T> { static void Define(NetworkBuilder net) => net.Input(3, 8, 8).Conv(4, 9); }").Diagnostics.Select(found => found.Id));

    /// <summary>Each part comes to the generator, which must not write a file of one name twice. That an attribute is repeated, the compiler reports.</summary>
    [Fact]
    public void Two_parts_with_the_attribute_are_one_network() =>
        Assert.Equal(3, Generation.Of(Source.Network("net.Input(3, 8, 8).GlobalAveragePool().Dense(2);", types: "[Network] partial class Net;")).Sources.Count());

    [Fact]
    public void What_the_compiler_reports_itself_is_not_reported_twice() =>
        Assert.Empty(Generation.Of(
            Source.Network("net.Input(3, 8, 8).Cnov(4, 9);"),
            Source.Usings + """
                [Network] partial class A { static void Define(NetworkBuilder net) { net.Input(3, undefined, 8); int x; net.Conv(x, 1); } }
                [ResNet(Depth = Undefined)] partial class B;
                [ResNet(Dept = 18)] partial class F;
                [FasterRcnn(Backbon = 18, Classes = 20)] partial class G;
                [ResNet(Depth = 18)] [ResNet(Depth = 34)] partial class C;
                [Network] partial struct D;
                [Network] partial class E : Missing { static void Define(NetworkBuilder net) => net.Input(3, 8, 8).Relu(); }
                """).Diagnostics);
}
