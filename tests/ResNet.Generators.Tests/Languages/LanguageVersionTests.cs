using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace ResNet.Generators.Tests.Languages;

/// <summary>Projects of C# 9 and later declare networks and call the library; generated code is of their version, too.</summary>
public class LanguageVersionTests
{
    /// <summary>Declarations and calls of the README and the guides, as C# 9 writes them.</summary>
    const string Program = """
        using System;
        using System.Collections.Generic;
        using System.Linq;
        using System.Threading.Tasks;
        using ResNet.Dsl;
        using ResNet.Runtime;
        using ResNet.Runtime.Data;
        using ResNet.Runtime.Evaluation;
        using ResNet.Runtime.Optimizers;
        using ResNet.Runtime.Runs;
        using ResNet.Runtime.Training;

        namespace User.Nets
        {
            [ResNet(Depth = 18)] public partial class MyNet { }

            [FasterRcnn(Backbone = 18, Classes = 20)] public partial class VocDetector { }

            public partial class Outer
            {
                [Network(Recompute = true)]
                public partial class Tiny
                {
                    static void Define(NetworkBuilder net) => net
                        .Input(3, 32, 32)
                        .Conv(16, kernel: 3, padding: 1).BatchNorm().Relu()
                        .Repeat(3, n => n.Residual(r => r.Conv(16, 3, padding: 1).BatchNorm().Relu().Conv(16, 3, padding: 1).BatchNorm()))
                        .Tap("stage1")
                        .Residual(r => r.Conv(32, 3, stride: 2, padding: 1).BatchNorm().Relu().Conv(32, 3, padding: 1).BatchNorm(), Shortcut.Projection)
                        .GlobalAveragePool().Dense(10);
                }
            }

            public static class Calls
            {
                public static async Task InferAsync()
                {
                    using var net = new MyNet();
                    await net.LoadPublishedAsync("resnet18");
                    foreach (var p in net.Classify(Image.Load("cat.jpg"), top: 5)) Console.WriteLine(p);

                    using var tiny = new Outer.Tiny(CpuDevice.Shared);
                    var images = new Tensor(2, Outer.Tiny.InputChannels, Outer.Tiny.InputHeight, Outer.Tiny.InputWidth);
                    var logits = new Tensor(new float[20], 2, 10);
                    var same = new Tensor(new[] { 2, 10 });
                    var scalar = new Tensor();
                    var features = tiny.Features(images, "stage1");
                    using var session = tiny.CreateSession();
                    features = session.Features(images, "stage1");
                    features = session.Features(images);
                    logits = session.Predict(images);

                    var protocol = new TestProtocol("two", new CropView(0, 0), new WholeView(256)) with { Average = ScoreAverage.Probabilities };
                    var thirds = new TestProtocol("thirds", from x in new[] { 0, 0.5, 1 } select new CropView(x, 0.5) { Resize = 320 });
                    using var classifier = Classifier.Open("runs/resnet18", protocol: protocol);
                    await foreach (var found in classifier.ClassifyAsync(Pictures())) Console.WriteLine(found[0]);

                    using var detector = Detector.Open("runs/shapes-detector", new CpuDevice(threads: 2));
                    foreach (var item in detector.Detect(Image.Load("picture.png"))) Console.WriteLine(item);
                    var index = new EmbeddingIndex(new[] { "a" }, net.Embed(images));
                    using var cam = new GradCam(net);
                    using var ensemble = new Ensemble(net, tiny);
                    var scales = TestProtocol.MultiScaleOf(256, 384);
                    using var planned = Network.Create(new NetworkBuilder().Input(1, 8, 8).Flatten().Dense(2).Build("Planned"));
                }

                static async IAsyncEnumerable<Image> Pictures()
                {
                    await Task.Yield();
                    yield return Image.Load("cat.jpg");
                }

                public static void Train()
                {
                    using var net = new Outer.Tiny();
                    var data = DatasetSplits.Of(new Shapes10(1000));
                    var mean = PixelMeans.Of(data.Train, net.Preprocessing);
                    using var loader = new DataLoader(data.Train, new CropAndFlip { Normalization = net.Preprocessing }, new DataLoaderOptions { BatchSize = 32 });
                    using var trainer = new Trainer(net, loader, new TrainerOptions { Epochs = 2, Optimizer = new AdamW(), Schedule = new CosineSchedule(0.1) })
                    {
                        Folder = "runs/tiny",
                        Observers = new ITrainingObserver[] { new EpochLog() },
                        OnGradients = gradients => gradients.Clear(),
                    };
                    trainer.Run();
                    using var session = net.CreateTrainingSession();
                    Span<float> first = net.Predict(new Tensor(1, 3, 32, 32))[0];
                    var run = new TrainingRun(net, data.Train, data.Validation, Recipe.FineTune.Apply(new RunSettings()), "runs/fine-tune");
                    Console.WriteLine(Evaluator.Evaluate(net, data.Train).Top1);
                }

                sealed class EpochLog : ITrainingObserver
                {
                    public void OnEpoch(EpochMetrics metrics) => Console.WriteLine(metrics.Epoch);
                }
            }
        }
        """;

    public static TheoryData<LanguageVersion> Versions =>
        [LanguageVersion.CSharp9, LanguageVersion.CSharp10, LanguageVersion.CSharp11, LanguageVersion.CSharp12, LanguageVersion.CSharp13, LanguageVersion.Preview];

    [Theory]
    [MemberData(nameof(Versions))]
    public void Networks_are_declared_and_used(LanguageVersion version)
    {
        var options = CSharpParseOptions.Default.WithLanguageVersion(version);
        CSharpGeneratorDriver.Create([new NetworkGenerator().AsSourceGenerator()], parseOptions: options)
            .RunGeneratorsAndUpdateCompilation(Source.Compile(options, Program), out var compilation, out var diagnostics);
        Assert.Empty(diagnostics);
        Assert.Equal(1 + 3 + 7 + 3, compilation.SyntaxTrees.Count());
        Assert.Empty(compilation.GetDiagnostics().Where(found => found.Severity == DiagnosticSeverity.Error));
        Assert.Empty(compilation.GetDiagnostics().Where(found => found.Severity == DiagnosticSeverity.Warning && found.Location.SourceTree!.FilePath.EndsWith(".g.cs", StringComparison.Ordinal)));
    }

    /// <summary>Only C# 13 lists arguments for spans and sequences.</summary>
    [Theory]
    [InlineData(typeof(ResNet.Dsl.NetworkBuilder))]
    [InlineData(typeof(ResNet.Runtime.Network))]
    public void Whatever_takes_a_list_of_arguments_takes_an_array(Type ofAssembly)
    {
        var methods = ofAssembly.Assembly.GetExportedTypes()
            .SelectMany(type => type.GetMembers(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .OfType<MethodBase>().Where(method => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly).ToList();
        Assert.NotEmpty(methods);
        Assert.DoesNotContain(methods, method => method.IsDefined(typeof(OverloadResolutionPriorityAttribute)));
        Assert.All(methods.Where(method => method.GetParameters().Any(parameter => parameter.IsDefined(typeof(ParamCollectionAttribute)))), method =>
            Assert.Contains(methods, other => other.DeclaringType == method.DeclaringType && other.Name == method.Name && Matches(method, other)));
    }

    static bool Matches(MethodBase spans, MethodBase arrays)
    {
        var (from, to) = (spans.GetParameters(), arrays.GetParameters());
        return from.Length == to.Length && from.SkipLast(1).Select(parameter => parameter.ParameterType).SequenceEqual(to.SkipLast(1).Select(parameter => parameter.ParameterType))
            && to[^1].IsDefined(typeof(ParamArrayAttribute)) && to[^1].ParameterType.GetElementType() == from[^1].ParameterType.GetGenericArguments().Single();
    }
}
