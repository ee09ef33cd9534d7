using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace ResNet.Generators.Tests.Incremental;

public class CachingTests
{
    const string Helpers = Source.Usings + "static class Helpers { public static int Width => 8; }";

    static readonly string _net = Source.Network("net.Input(3, 8, 8).Conv(Helpers.Width, 3);");

    static readonly string _other = Source.Usings + "[ResNet(Depth = 18)] partial class Other;";

    readonly CSharpCompilation _before = Source.Compile(_net, _other, Helpers);

    static CSharpCompilation Edit(CSharpCompilation compilation, int file, string text)
    {
        var tree = compilation.SyntaxTrees[file];
        return compilation.ReplaceSyntaxTree(tree, CSharpSyntaxTree.ParseText(text, Source.ParseOptions, tree.FilePath));
    }

    static void AssertNothingIsEmitted(Generation run)
    {
        Assert.Equal(2, run.Models.Count());
        Assert.All(run.Outputs(NetworkGenerator.ModelStep), output => Assert.True(output.Reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged, output.Reason.ToString()));
        Assert.All(run.OutputReasons, reason => Assert.Equal(IncrementalStepRunReason.Cached, reason));
    }

    [Fact]
    public void An_unrelated_edit_leaves_every_step_as_it_was()
    {
        var run = Generation.Of(_before).Then(Edit(_before, 2, Helpers + " class Unrelated;"));
        foreach (var step in new[] { NetworkGenerator.ParseStep, NetworkGenerator.ModelStep })
        {
            Assert.Equal(2, run.Outputs(step).Count());
            Assert.All(run.Outputs(step), output => Assert.True(output.Reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged, output.Reason.ToString()));
        }
        AssertNothingIsEmitted(run);
    }

    [Theory]
    [InlineData("partial class Net", "// moved\n\n\npartial class Net")]
    [InlineData("net.Input(3, 8, 8)", "net /* the input */ . Input(channels: 3, width: 4 + 4, height: 8)")]
    [InlineData("[Network]", "[Network] [Obsolete(\"a second attribute\")]")]
    public void An_edit_that_changes_no_network_emits_nothing(string from, string to) =>
        AssertNothingIsEmitted(Generation.Of(_before).Then(Edit(_before, 0, _net.Replace(from, to, StringComparison.Ordinal))));

    [Theory]
    [InlineData(0, "(Helpers.Width, 3)", "(Helpers.Width, 5)")]
    [InlineData(2, "Width => 8", "Width => 9")]
    public void An_edit_of_one_network_emits_that_network_alone(int file, string from, string to)
    {
        var text = _before.SyntaxTrees[file].ToString();
        var run = Generation.Of(_before).Then(Edit(_before, file, text.Replace(from, to, StringComparison.Ordinal)));
        Assert.Single(run.Outputs(NetworkGenerator.ModelStep), output => output.Reason == IncrementalStepRunReason.Modified);
        Assert.Single(run.OutputReasons, reason => reason == IncrementalStepRunReason.Modified);
    }

    [Fact]
    public void An_error_that_moves_emits_nothing_and_is_reported_where_it_is()
    {
        var wrong = _net.Replace("Width, 3", "Width, 99", StringComparison.Ordinal);
        var before = Edit(_before, 0, wrong);
        var run = Generation.Of(before);
        Assert.Equal(LineOf(wrong, "Conv("), LineOf(Assert.Single(run.Diagnostics)));
        var moved = "// moved\n" + wrong;
        var after = run.Then(Edit(before, 0, moved));
        Assert.Equal(LineOf(moved, "Conv("), LineOf(Assert.Single(after.Diagnostics)));
        Assert.Equal("Other", Assert.Single(after.Models).Place.Name);
        Assert.DoesNotContain(IncrementalStepRunReason.New, after.Outputs(NetworkGenerator.ModelStep).Select(output => output.Reason));
    }

    [Fact]
    public void A_budget_that_changes_emits_nothing_and_its_error_comes_and_goes()
    {
        var run = Generation.Of(_before);
        foreach (var (budget, errors) in new[] { ("1000", 0), ("100", 1), ("200", 1), ("1000", 0) })
        {
            run = run.Then(Edit(_before, 0, _net.Replace("[Network]", $"[Network, Budget(Parameters = {budget})]", StringComparison.Ordinal)));
            Assert.Equal(errors, run.Diagnostics.Length);
            Assert.Equal(2, run.Outputs(NetworkGenerator.ModelStep).Count());
            Assert.All(run.Outputs(NetworkGenerator.ModelStep), output => Assert.True(output.Reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged, output.Reason.ToString()));
            // The error itself is an output.
            Assert.Equal(errors, run.OutputReasons.Count(reason => reason is IncrementalStepRunReason.New or IncrementalStepRunReason.Modified));
        }
    }

    [Fact]
    public void A_detector_is_emitted_only_when_its_networks_or_settings_change()
    {
        const string detector = Source.Usings + """
            [Detector(Classes = 3, AnchorSizes = new double[] { 8, 16 })]
            partial class Net
            {
                static void Features(NetworkBuilder net) => net.Input(3, 64, 64).Conv(Helpers.Width, 3, stride: 4, padding: 1);
                static void Regions(NetworkBuilder roi) => roi.GlobalAveragePool();
            }
            """;
        var before = Source.Compile(detector, _other, Helpers);
        var run = Generation.Of(before);
        AssertNothingIsEmitted(run.Then(Edit(before, 2, Helpers + " class Unrelated;")));
        foreach (var (from, to) in new[] { ("Classes = 3", "Classes = 1 + 2"), ("{ 8, 16 }", "{ 8.0, 2 * 8 }"), ("partial class Net", "// moved\npartial class Net"), ("Features(NetworkBuilder net) => net.", "Features(NetworkBuilder n) => n.") })
            AssertNothingIsEmitted(run.Then(Edit(before, 0, detector.Replace(from, to, StringComparison.Ordinal))));
        foreach (var (from, to) in new[] { ("Classes = 3", "Classes = 4"), ("{ 8, 16 }", "{ 8, 17 }"), ("roi.Global", "roi.Relu().Global"), ("3, stride: 4", "5, stride: 4"), ("Net\n", "Net2\n") })
            Assert.Single(run.Then(Edit(before, 0, detector.Replace(from, to, StringComparison.Ordinal))).Outputs(NetworkGenerator.ModelStep), output => output.Reason == IncrementalStepRunReason.Modified);
    }

    [Fact]
    public void A_mended_error_leaves_the_other_network_alone()
    {
        var before = Edit(_before, 0, _net.Replace("Width, 3", "Width, 99", StringComparison.Ordinal));
        var run = Generation.Of(before).Then(_before);
        Assert.Empty(run.Diagnostics);
        Assert.Equal(IncrementalStepRunReason.Cached, Assert.Single(run.Outputs(NetworkGenerator.ModelStep), output => ((Model.ClassModel)output.Value).Place.Name == "Other").Reason);
    }

    static int LineOf(Diagnostic diagnostic) => diagnostic.Location.GetLineSpan().StartLinePosition.Line + 1;

    static int LineOf(string text, string part) => text[..text.IndexOf(part, StringComparison.Ordinal)].Split('\n').Length;
}
