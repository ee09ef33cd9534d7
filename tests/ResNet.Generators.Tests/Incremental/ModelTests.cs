using System.Collections;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using ResNet.Generators.Diagnostics;
using ResNet.Generators.Model;

namespace ResNet.Generators.Tests.Incremental;

public class ModelTests
{
    const string Define = "{ static void Define(NetworkBuilder net) => net.Input(3, 8, 8).Relu(); }";

    [Fact]
    public void A_model_tells_where_the_class_stands()
    {
        var model = Generation.ModelOf(Source.Usings + $$"""
            namespace A.@class.B;
            partial class One { partial struct Two { partial record Three { partial record struct Four { partial interface @Five {
                [Network] protected internal sealed partial class @event {{Define}}
            } } } } }
            """);
        Assert.Equal("A.@class.B", model.Place.Namespace);
        Assert.Equal(
            [new("partial class", "One"), new("partial struct", "Two"), new("partial record", "Three"), new("partial record struct", "Four"), new("partial interface", "@Five")],
            model.Place.Containers);
        Assert.Equal("@event", model.Place.Name);
        Assert.Equal("event", model.Definition.Name);
    }

    [Theory]
    [InlineData("public ")]
    [InlineData("")]
    public void A_class_may_stand_in_the_global_namespace(string modifier)
    {
        var model = Generation.ModelOf($"{Source.Usings} [Network] {modifier}partial class Net {Define}");
        Assert.Null(model.Place.Namespace);
        Assert.Empty(model.Place.Containers);
    }

    [Fact]
    public void A_base_class_may_be_written_out() =>
        Assert.Equal("Net", Generation.ModelOf($"{Source.Usings} [Network] partial class Net : ResNet.Runtime.Network, IDisposable {Define}").Place.Name);

    [Fact]
    public void Equal_declarations_have_equal_models_and_others_have_not()
    {
        static NetworkModel Of(string body) => Generation.ModelOf(Source.Network(body));
        Assert.Equal(Of("net.Input(3, 8, 8).Repeat(2, n => n.Conv(3, 1));"), Of("net.Input(1 + 2, 8, 8); net.Repeat(2, n => n.Conv(n.Shape.Channels, 1));"));
        Assert.NotEqual(Of("net.Input(3, 8, 8).Repeat(2, n => n.Conv(3, 1));"), Of("net.Input(3, 8, 8).Repeat(3, n => n.Conv(3, 1));"));
    }

    [Theory]
    [InlineData("Network")]
    [InlineData("ResNet(Depth = 18")]
    [InlineData("CifarResNet(Depth = 20")]
    public void Every_attribute_says_whether_units_are_computed_again(string attribute)
    {
        Assert.True(Of("Recompute = true").Recomputes);
        Assert.False(Of("Recompute = false").Recomputes);
        Assert.NotEqual(Of("Recompute = false"), Of("Recompute = true"));

        NetworkModel Of(string option) =>
            Generation.ModelOf($"{Source.Usings} [{attribute}{(attribute.Contains('(', StringComparison.Ordinal) ? ", " : "(")}{option})] partial class Net {Define}");
    }

    [Fact]
    public void No_step_keeps_a_type_of_the_compiler_alive()
    {
        var run = Generation.Of(Source.Network("net.Input(3, 8, 8).Repeat(2, n => n.Residual(r => r.Conv(3, 1)));"), Source.Usings + "[ResNet(Depth = 19)] class Wrong; [FasterRcnn(Backbone = 18, Classes = 20)] partial class Found;");
        var results = run.Outputs(NetworkGenerator.ParseStep).Select(output => output.Value).ToArray();
        Assert.Equal(3, results.Length);
        Assert.Equal(2, run.Diagnostics.Length);
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        foreach (var result in results) Walk(result, seen);
        Assert.Contains(seen, value => value is ResNet.Dsl.Conv2d);
        Assert.Contains(seen, value => value is DiagnosticInfo);
        Assert.Contains(seen, value => value is ResNet.Dsl.DetectorSettings);
    }

    static void Walk(object? value, HashSet<object> seen)
    {
        // Descriptors are constants of the generator; they know nothing of a compilation.
        if (value is null or string or DiagnosticDescriptor || value.GetType().IsPrimitive || !seen.Add(value)) return;
        Assert.False(value is ISymbol or SyntaxNode or SyntaxTree or SyntaxToken or SyntaxReference or Compilation or SemanticModel or Location or AttributeData or SourceText, value.GetType().FullName);
        if (value is IEnumerable items)
            foreach (var item in items) Walk(item, seen);
        for (var type = value.GetType(); type is not null; type = type.BaseType)
            foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                Walk(field.GetValue(value), seen);
    }
}
