using ResNet.Generators.CodeFixes;

namespace ResNet.Generators.Tests.CodeFixes;

public class CodeFixTests
{
    const string Define = "{ static void Define(NetworkBuilder net) => net.Input(3, 8, 8).Relu(); }";

    static string Body(string calls) => "[Network]\npartial class Net\n{\n    static void Define(NetworkBuilder net)\n    {\n        " + calls + "\n    }\n}\n";

    [Theory]
    [InlineData("[Network] class {|RESNET001:Net|} " + Define, "[Network] partial class Net " + Define)]
    [InlineData("/// <summary>Text.</summary>\n[Network]\npublic sealed class {|RESNET001:Net|} " + Define, "/// <summary>Text.</summary>\n[Network]\npublic sealed partial class Net " + Define)]
    [InlineData("class {|RESNET002:Outer|} { public struct {|RESNET002:Inner|} { [Network] internal class {|RESNET001:Net|} " + Define + " } }",
        "partial class Outer { public partial struct Inner { [Network] internal partial class Net " + Define + " } }")]
    public Task Types_become_partial(string before, string after) => Fixing<PartialFix>.Yields(before, after);

    [Theory]
    [InlineData("[Network] static partial class {|RESNET004:Net|} " + Define, "[Network] partial class Net " + Define)]
    [InlineData("[Network] public abstract partial class {|RESNET004:Net|} " + Define, "[Network] public partial class Net " + Define)]
    [InlineData("[Network] file partial class {|RESNET004:Net|} " + Define, "[Network] partial class Net " + Define)]
    [InlineData("[Network] public partial record {|RESNET004:Net|} " + Define, "[Network] public partial class Net " + Define)]
    [InlineData("class Other; [Network] partial class Net : {|RESNET022:Other|} " + Define, "class Other; [Network] partial class Net " + Define)]
    [InlineData("class Other; interface I; [Network] partial class Net : {|RESNET022:Other|}, I " + Define, "class Other; interface I; [Network] partial class Net : I " + Define)]
    public Task A_class_becomes_a_plain_one(string before, string after) => Fixing<ClassFormFix>.Yields(before, after);

    [Theory]
    [InlineData("[Network, {|RESNET024:ResNet(Depth = 18)|}] partial class Net " + Define, "[Network] partial class Net " + Define)]
    [InlineData("[ResNet(Depth = 18)]\n[{|RESNET024:CifarResNet(Depth = 20)|}]\npartial class Net;", "[ResNet(Depth = 18)]\npartial class Net;")]
    [InlineData("[{|RESNET028:Budget(Parameters = 12e6)|}]\npartial class Net;", "partial class Net;")]
    public Task An_attribute_too_much_is_removed(string before, string after) => Fixing<AttributeFix>.Yields(before, after);

    [Theory]
    [InlineData("void {|RESNET021:Define|}(NetworkBuilder net) => net.Input(3, 8, 8).Relu();", "static void Define(NetworkBuilder net) => net.Input(3, 8, 8).Relu();")]
    [InlineData("public NetworkBuilder {|RESNET021:Define|}(NetworkBuilder net) => net.Input(3, 8, 8).Relu();", "public static void Define(NetworkBuilder net) => net.Input(3, 8, 8).Relu();")]
    [InlineData("static NetworkBuilder {|RESNET021:Define|}(NetworkBuilder net) { return net; }", null)]
    [InlineData("static void {|RESNET021:Define|}(NetworkBuilder net, int depth) { }", null)]
    public Task Define_becomes_static_and_void(string before, string? after) => Fixing<DefineFix>.Yields($"[Network] partial class Net {{ {before} }}", $"[Network] partial class Net {{ {after ?? before} }}");

    [Theory]
    [InlineData("static int Width = 16;", "static readonly int Width = 16;")]
    [InlineData("public static int Width = 16;", "public static readonly int Width = 16;")]
    public Task A_field_becomes_readonly(string before, string after) => Fixing<ConstantFix>.Yields(
        "[Network] partial class Net { " + before + " static void Define(NetworkBuilder net) => net.Input(3, 8, 8).Conv({|RESNET016:Width|}, 3); }",
        "[Network] partial class Net { " + after + " static void Define(NetworkBuilder net) => net.Input(3, 8, 8).Conv(Width, 3); }");

    [Theory]
    [InlineData("net.Input(3, 8, 8)\n            .Conv(16, 3)\n            .{|RESNET011:Dense|}(10);", "net.Input(3, 8, 8)\n            .Conv(16, 3)\n            .GlobalAveragePool()\n            .Dense(10);", null)]
    [InlineData("net.Input(3, 8, 8).{|RESNET011:Dense|}(10);", "net.Input(3, 8, 8).Flatten().Dense(10);", "Add Flatten()")]
    [InlineData("net.Input(3, 8, 8); net.{|RESNET011:Dense|}(10);", "net.Input(3, 8, 8); net.GlobalAveragePool().Dense(10);", null)]
    [InlineData("net.Input(3, 8, 8).Residual(r => r.{|RESNET013:Input|}(3, 8, 8).Relu());", "net.Input(3, 8, 8).Residual(r => r.Relu());", null)]
    [InlineData("net.Input(3, 8, 8).Relu();\n        net.{|RESNET013:Input|}(3, 8, 8);", "net.Input(3, 8, 8).Relu();", null)]
    [InlineData("net.Input(3, 8, 8).Relu().{|RESNET013:Input|}(3, 8, 8);", "net.Input(3, 8, 8).Relu();", null)]
    [InlineData("net.Input(3, 8, 8).Residual(r => net.{|RESNET023:Relu|}());", "net.Input(3, 8, 8).Residual(r => r.Relu());", null)]
    [InlineData("net.Input(3, 8, 8).Repeat(2, n => n.Conv(net.{|RESNET023:Shape|}.Channels, 1));", "net.Input(3, 8, 8).Repeat(2, n => n.Conv(n.Shape.Channels, 1));", null)]
    public Task A_chain_of_calls_is_corrected(string before, string after, string? key) => Fixing<BuilderCallFix>.Yields(Body(before), Body(after), key);

    [Theory]
    [InlineData("net.Input(8, 8, 8).{|RESNET009:Residual|}(r => r.Conv(16, 3, stride: 2, padding: 1));", "net.Input(8, 8, 8).Residual(r => r.Conv(16, 3, stride: 2, padding: 1), Shortcut.Projection);", null)]
    [InlineData("net.Input(8, 8, 8).{|RESNET009:Residual|}(r => r.Conv(16, 3, padding: 1), name: \"a\");", "net.Input(8, 8, 8).Residual(r => r.Conv(16, 3, padding: 1), name: \"a\", shortcut: Shortcut.ZeroPad);", "Use Shortcut.ZeroPad")]
    [InlineData("net.Input(16, 8, 8).Residual(r => r.Conv(8, 3, padding: 1), {|RESNET009:Shortcut.ZeroPad|});", "net.Input(16, 8, 8).Residual(r => r.Conv(8, 3, padding: 1), Shortcut.Projection);", null)]
    [InlineData("net.Input(8, 8, 8).Repeat(2, n => n.{|RESNET009:Residual|}(r => r.Conv(16, 1)));", "net.Input(8, 8, 8).Repeat(2, n => n.Residual(r => r.Conv(16, 1), Shortcut.Projection));", null)]
    [InlineData("net.Input(8, 8, 8).{|RESNET009:Residual|}(r => r.Conv(16, 4));", null, null)]
    [InlineData("net.Input(8, 8, 8).Conv(8, 3, {|RESNET020:initialBias: -6|});", "net.Input(8, 8, 8).Conv(8, 3, initialBias: -6, bias: true);", null)]
    [InlineData("net.Input(8, 8, 8).Conv(8, 3, {|RESNET020:initialBias: -6|});", "net.Input(8, 8, 8).Conv(8, 3);", "Leave out 'initialBias'")]
    [InlineData("net.Input(8, 8, 8).Residual(r => r.Relu(), Shortcut.ExclusiveGating, {|RESNET020:merge: Merge.Product|});", "net.Input(8, 8, 8).Residual(r => r.Relu(), Shortcut.ExclusiveGating);", null)]
    public Task An_argument_is_given_or_left_out(string before, string? after, string? key) => Fixing<RemedyFix>.Yields(Body(before), Body(after ?? before), key);

    [Theory]
    [InlineData("ResNet({|RESNET005:Depth = 42|}, Classes = 10)", "ResNet(Depth = 50, Classes = 10)", "Set 'Depth' to 50")]
    [InlineData("{|RESNET005:ResNet|}", "ResNet(Depth = 18)", "Set 'Depth' to 18")]
    [InlineData("CifarResNet({|RESNET005:Depth = 21|})", "CifarResNet(Depth = 20)", null)]
    [InlineData("CifarResNet({|RESNET005:Depth = 21|})", "CifarResNet(Depth = 26)", "Set 'Depth' to 26")]
    [InlineData("CifarResNet({|RESNET005:Depth = 99999|})", "CifarResNet(Depth = 9998)", null)]
    [InlineData("CifarResNet({|RESNET005:Depth = -1|})", "CifarResNet(Depth = 8)", null)]
    [InlineData("CifarWideResNet({|RESNET005:Depth = 26|}, Width = 2)", "CifarWideResNet(Depth = 28, Width = 2)", null)]
    [InlineData("Vgg({|RESNET005:Depth = 15|})", "Vgg(Depth = 16)", "Set 'Depth' to 16")]
    [InlineData("ResNet(Depth = 18, {|RESNET008:ImageSize = 16|})", "ResNet(Depth = 18, ImageSize = 17)", null)]
    [InlineData("Vgg(Depth = 16, FullyConvolutional = true, {|RESNET007:ImageSize = 128|})", "Vgg(Depth = 16, FullyConvolutional = true, ImageSize = 224)", null)]
    [InlineData("ResNet(Depth = 18, {|RESNET020:Groups = 32|})", "ResNet(Depth = 18)", null)]
    [InlineData("ResNet(Depth = 18, {|RESNET020:Shortcut = Shortcut.Identity|})", "ResNet(Depth = 18, Shortcut = Shortcut.Projection)", null)]
    [InlineData("ResNet(Depth = 18), Budget({|RESNET027:Parameters = 10e6|})", "ResNet(Depth = 18), Budget(Parameters = 11689512)", null)]
    [InlineData("FasterRcnn({|RESNET005:Vgg = 19|}, Classes = 20)", "FasterRcnn(Vgg = 16, Classes = 20)", null)]
    public Task An_option_is_given_or_left_out(string before, string after, string? key) => Fixing<RemedyFix>.Yields($"[{before}] partial class Net;", $"[{after}] partial class Net;", key);

    [Fact]
    public Task An_enumeration_is_named_as_the_file_needs_it() => Fixing<RemedyFix>.Yields(
        "namespace Other { enum Shortcut; [ResNet.Dsl.ResNet(Depth = 18, {|RESNET020:Shortcut = (ResNet.Dsl.Shortcut)0|})] partial class Net; }",
        "namespace Other { enum Shortcut; [ResNet.Dsl.ResNet(Depth = 18, Shortcut = ResNet.Dsl.Shortcut.Projection)] partial class Net; }");

    [Fact]
    public Task Types_within_each_other_are_corrected_at_once() => Fixing<PartialFix>.YieldsEverywhere(
        "class {|RESNET002:{|RESNET002:Outer|}|} { [Network] class {|RESNET001:A|} " + Define + " [Network] class {|RESNET001:B|} " + Define + " }",
        "partial class Outer { [Network] partial class A " + Define + " [Network] partial class B " + Define + " }");

    [Fact]
    public Task All_places_are_corrected_at_once() => Fixing<RemedyFix>.YieldsEverywhere(
        "[ResNet({|RESNET005:Depth = 51|})] partial class A; [ResNet(Classes = 10, {|RESNET005:Depth = 49|})] partial class B;",
        "[ResNet(Depth = 50)] partial class A; [ResNet(Classes = 10, Depth = 50)] partial class B;");

    [Theory]
    [InlineData("[ResNet({|CS0246:Dept|} = 18)] partial class Net;", "[ResNet(Depth = 18)] partial class Net;")]
    [InlineData("[ResNet(Depth = 18, {|CS0246:Clases|} = 10)] partial class Net;", "[ResNet(Depth = 18, Classes = 10)] partial class Net;")]
    [InlineData("[ResNet(Depth = 18, Shortcut = Shortcut.{|CS0117:Projecton|})] partial class Net;", "[ResNet(Depth = 18, Shortcut = Shortcut.Projection)] partial class Net;")]
    [InlineData("[Network] partial class Net { static void Define(NetworkBuilder net) => net.Input(3, 8, 8).{|CS1061:Cnov|}(4, 3).Relu(); }",
        "[Network] partial class Net { static void Define(NetworkBuilder net) => net.Input(3, 8, 8).Conv(4, 3).Relu(); }")]
    [InlineData("[Network] partial class Net { static void Define(NetworkBuilder net) => net.Input(3, 8, 8).Conv(4, {|CS1739:kernal|}: 3); }",
        "[Network] partial class Net { static void Define(NetworkBuilder net) => net.Input(3, 8, 8).Conv(4, kernel: 3); }")]
    public Task A_misspelt_word_is_corrected(string before, string after) => Fixing<SpellingFix>.Yields(before, after);

    [Theory]
    [InlineData("[ResNet(Depth = 18, {|CS0246:Frequency|} = 10)] partial class Net;")]
    [InlineData("class A { void M(string text) => text.{|CS1061:Lenght|}(); }")]
    [InlineData("enum E { Depth } class A { E M() => E.{|CS0117:Dept|}; }")]
    public Task Words_that_are_not_meant_or_not_ours_are_left_alone(string source) => Fixing<SpellingFix>.OffersNothing(source);
}
