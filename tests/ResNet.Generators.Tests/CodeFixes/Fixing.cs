using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Testing;

namespace ResNet.Generators.Tests.CodeFixes;

/// <summary>Applies a code fix as an editor does.</summary>
/// <typeparam name="TFix">The fix.</typeparam>
sealed class Fixing<TFix> : CSharpCodeFixTest<GeneratorAsAnalyzer, TFix, DefaultVerifier> where TFix : CodeFixProvider, new()
{
    Fixing(string before, string after, string? key, bool all)
    {
        // The framework of these tests; nothing is fetched.
        ReferenceAssemblies = new("net10.0");
        TestState.AdditionalReferences.AddRange(Source.References);
        TestCode = Source.Usings + before;
        FixedCode = Source.Usings + after;
        CodeActionEquivalenceKey = key;
        CodeFixTestBehaviors = all ? CodeFixTestBehaviors.None : CodeFixTestBehaviors.SkipFixAllCheck;
    }

    protected override ParseOptions CreateParseOptions() => Source.ParseOptions;

    /// <summary>Holds a fix to what it makes of a source, one place after the other.</summary>
    /// <param name="before">The source; <c>{|ID:…|}</c> marks what is reported.</param>
    /// <param name="after">The corrected source. What is still reported there is marked, too.</param>
    /// <param name="key">Which edit is chosen; null for the first one that is offered.</param>
    public static Task Yields(string before, string after, string? key = null) => new Fixing<TFix>(before, after, key, all: false).RunAsync();

    /// <summary>The same, and for all places of a document, of a project and of a solution at once.</summary>
    public static Task YieldsEverywhere(string before, string after, string? key = null) => new Fixing<TFix>(before, after, key, all: true).RunAsync();

    /// <summary>Holds a fix to offering nothing.</summary>
    public static Task OffersNothing(string source) => Yields(source, source);
}
