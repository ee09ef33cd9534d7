using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ResNet.Generators;

namespace ResNet.Fuzz.Formats;

/// <summary>C# sources that declare networks. The generator runs in editors at every keystroke: it reports errors and never fails.</summary>
static class Declarations
{
    const string Before = "using System; using System.Linq; using ResNet.Dsl;\n[Network] partial class Net { static void Define(NetworkBuilder net) ";

    static readonly CSharpParseOptions _options = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview);

    static readonly MetadataReference[] _references =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is "System.Runtime.dll" or "System.Private.CoreLib.dll" or "System.Linq.dll" or "System.Collections.dll" or "netstandard.dll" or "ResNet.Dsl.dll" or "ResNet.Runtime.dll")
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    public static Format Define { get; } = new("define", Read, DefineSeeds)
    {
        Words =
        [
            "[Network]", "[FasterRcnn]", "[Budget(", ".Input(3, 32, 32)", ".Conv(", ".BatchNorm()", ".Relu()", ".Residual(r => r", ".Repeat(2, n => n", ".GlobalAveragePool()", ".Dense(10)", ".MaxPool(2, 2)", ".Dropout(0.5)",
            "Shortcut.Projection", "Shortcut.ZeroPad", "for (var i = 0; i < 3; i++)", "while (true)", "int.MaxValue", "const int", "? 1 : 2", "checked(", "switch", "=> ", "<<", "1 / 0", "static void", "padding: 1", "kernel: ",
            "foreach (var x in new[] { 1, 2 })", "$\"{", "name: ", ".Output(\"x\")", ".Tap(\"x\")",
        ],
    };

    static void Read(byte[] content, string folder)
    {
        var compilation = CSharpCompilation.Create("Input", [CSharpSyntaxTree.ParseText(Encoding.UTF8.GetString(content), _options, "Input.cs")], _references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        var result = CSharpGeneratorDriver.Create([new NetworkGenerator().AsSourceGenerator()], parseOptions: _options).RunGenerators(compilation).GetRunResult().Results.Single();
        if (result.Exception is { } exception) throw new InvalidOperationException("The generator failed", exception);
    }

    static IEnumerable<byte[]> DefineSeeds() => ((string[])
    [
        Before + "=> net.Input(3, 32, 32).Conv(16, kernel: 3, padding: 1).BatchNorm().Relu().Repeat(3, n => n.Residual(r => r.Conv(16, 3, padding: 1).BatchNorm().Relu().Conv(16, 3, padding: 1).BatchNorm())).GlobalAveragePool().Dense(10); }",
        Before + "{ const int n = 3; net.Input(3, 32, 32).Conv(8 << 1, 3, padding: 1).Relu(); for (var i = 0; i < n; i++) { var c = i == 0 ? 16 : 32 * i; net.Residual(r => Block(r, c, i > 0 ? 2 : 1), Shortcut.Projection); } net.GlobalAveragePool().Dense(10); } static void Block(NetworkBuilder r, int c, int s) => r.Conv(c, 3, stride: s, padding: 1).BatchNorm().Relu().Conv(c, 3, padding: 1).BatchNorm(); }",
        Before + "{ net.Input(1, 28, 28); foreach (var (c, s) in new[] { (8, 1), (16, 2) }) net.Conv(c, 3, s, 1, name: $\"conv{c}\").BatchNorm().Relu().Tap($\"t{c}\"); net.MaxPool(2, 2).Flatten().Dropout(0.5).Dense(10); } }",
    ]).Select(Encoding.UTF8.GetBytes);
}
