using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ResNet.Dsl;
using ResNet.Generators.Emitting;
using ResNet.Generators.Model;
using ResNet.Runtime.Execution;

namespace ResNet.Generators.Tests.Emitting;

/// <summary>A network's generated code: its text, and the assembly that the compiler makes of it.</summary>
sealed class GeneratedNetwork
{
    static readonly IReadOnlyList<MetadataReference> References =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path))];

    readonly Lazy<(byte[] Image, Assembly Assembly)> _assembly;

    public GeneratedNetwork(NetworkDefinition definition)
        : this(new NetworkModel("User.Nets", default, "Net", "public", definition), "namespace User.Nets; public partial class Net;")
    {
    }

    /// <param name="model">What is emitted.</param>
    /// <param name="userPart">The user's part of the class.</param>
    public GeneratedNetwork(NetworkModel model, string userPart)
    {
        Model = model;
        Files = [.. Emitter.Emit(model)];
        _assembly = new(() => Compile([userPart]));
    }

    public NetworkModel Model { get; }

    public IReadOnlyList<(string HintName, string Source)> Files { get; }

    public string Description => Files[0].Source;

    public string Inference => Files[1].Source;

    public byte[] Image => _assembly.Value.Image;

    /// <summary>An instance of the class.</summary>
    public Runtime.Network Create()
    {
        var type = _assembly.Value.Assembly.GetTypes().Single(type => typeof(Runtime.Network).IsAssignableFrom(type));
        return (Runtime.Network)Activator.CreateInstance(type, [null])!;
    }

    /// <summary>Executes the generated forward pass.</summary>
    public void Infer(InferencePass pass)
    {
        var network = Create();
        network.GetType().GetMethod("Infer", BindingFlags.Instance | BindingFlags.NonPublic)!
            .CreateDelegate<Action<InferencePass>>(network)(pass);
    }

    public T Constant<T>(string name) => (T)Create().GetType().GetField(name)!.GetRawConstantValue()!;

    (byte[], Assembly) Compile(IEnumerable<string> userParts)
    {
        var image = CompileStrictly([.. userParts.Select((text, i) => ($"User{i}.cs", text)), .. Files], OptimizationLevel.Debug);
        return (image, new AssemblyLoadContext(null, isCollectible: true).LoadFromStream(new MemoryStream(image)));
    }

    /// <summary>Compiles with every warning and with documentation; each is an error.</summary>
    public static byte[] CompileStrictly(IEnumerable<(string Path, string Text)> files, OptimizationLevel level)
    {
        var parse = new CSharpParseOptions(LanguageVersion.Latest, DocumentationMode.Diagnose);
        var compilation = CSharpCompilation.Create("Generated",
            files.Select(file => CSharpSyntaxTree.ParseText(file.Text, parse, file.Path)),
            References,
            new(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: level, warningLevel: 9999, nullableContextOptions: NullableContextOptions.Enable, deterministic: true));
        using var image = new MemoryStream();
        using var documentation = new MemoryStream();
        var result = compilation.Emit(image, xmlDocumentationStream: documentation);
        // The user's part of the test's class has no documentation, which is its own affair.
        Assert.Empty(result.Diagnostics.Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning)
            .Select(diagnostic => diagnostic + "\n" + diagnostic.Location.SourceTree?.GetText().Lines[diagnostic.Location.GetLineSpan().StartLinePosition.Line]));
        Assert.True(result.Success);
        return image.ToArray();
    }
}
