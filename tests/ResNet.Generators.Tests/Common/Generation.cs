using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ResNet.Generators.Model;

namespace ResNet.Generators.Tests;

/// <summary>One run of the generator.</summary>
sealed class Generation
{
    readonly GeneratorDriver _driver;
    readonly GeneratorRunResult _result;

    Generation(GeneratorDriver driver)
    {
        _driver = driver;
        _result = driver.GetRunResult().Results.Single();
        if (_result.Exception is { } exception) throw new InvalidOperationException("The generator failed", exception);
    }

    public static Generation Of(params string[] sources) => Of(Source.Compile(sources));

    public static Generation Of(Compilation compilation) => new(CSharpGeneratorDriver.Create(
        [new NetworkGenerator().AsSourceGenerator()],
        parseOptions: Source.ParseOptions,
        driverOptions: new(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true)).RunGenerators(compilation));

    /// <summary>The next run of the same generator, after an edit.</summary>
    public Generation Then(Compilation compilation) => new(_driver.RunGenerators(compilation));

    public ImmutableArray<Diagnostic> Diagnostics => _result.Diagnostics;

    public IEnumerable<ClassModel> Models => Outputs(NetworkGenerator.ModelStep).Select(output => (ClassModel)output.Value);

    public IEnumerable<GeneratedSourceResult> Sources => _result.GeneratedSources;

    /// <summary>The outputs of a step that are still there, with why they are.</summary>
    public IEnumerable<(object Value, IncrementalStepRunReason Reason)> Outputs(string step) =>
        (_result.TrackedSteps.TryGetValue(step, out var runs) ? runs : [])
            .SelectMany(run => run.Outputs)
            .Where(output => output.Reason != IncrementalStepRunReason.Removed);

    /// <summary>Why each of the source outputs ran.</summary>
    public IEnumerable<IncrementalStepRunReason> OutputReasons =>
        _result.TrackedOutputSteps.SelectMany(step => step.Value).SelectMany(run => run.Outputs).Select(output => output.Reason);

    /// <summary>The network of a source that declares one and has no error.</summary>
    public static NetworkModel ModelOf(params string[] sources) => ModelOf<NetworkModel>(sources);

    /// <summary>The detector of a source that declares one and has no error.</summary>
    public static DetectorModel DetectorOf(params string[] sources) => ModelOf<DetectorModel>(sources);

    static T ModelOf<T>(string[] sources) where T : ClassModel
    {
        var run = Of(sources);
        Assert.Empty(run.Diagnostics);
        return Assert.IsType<T>(Assert.Single(run.Models));
    }
}
