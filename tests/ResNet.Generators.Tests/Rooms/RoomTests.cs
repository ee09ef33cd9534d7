using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ResNet.Generators.Tests.Rooms;

/// <summary>
/// The folders of a project are rooms in an order: the types of a room name only types of its own and of earlier rooms. The order
/// stands in docs/architecture.md, too.
/// </summary>
public class RoomTests
{
    static readonly Dictionary<string, string[]> _orders = new()
    {
        ["ResNet.Dsl"] = ["Foundation", "Layers", "", "Printing", "Architectures", "Detection", "Summary"],
        ["ResNet.Planning"] = ["Programs", "Graph", "Lowering", "Differentiation", "Slots", "", "Verification"],
        ["ResNet.Generators"] = ["Names", "Diagnostics", "Model", "Parsing/Evaluation", "Parsing", "Emitting", ""],
        ["ResNet.Generators.CodeFixes"] = [""],
        ["ResNet.Runtime"] =
        [
            "Files", "Tensors", "Communication", "Programs", "Optimizers", "Devices/Losses", "Devices",
            "Cpu/Threads", "Cpu/Memory", "Cpu/Layers", "Cpu/Losses", "Cpu/Convolutions/Tiles", "Cpu/Convolutions",
            "Cpu/Convolutions/Direct", "Cpu/Convolutions/Winograd", "Cpu/Convolutions/Choice", "Cpu/Binding", "Cpu",
            "Imaging", "Imaging/Bmp", "Imaging/Jpeg", "Imaging/Png", "Imaging/Formats", "Vision",
            "Downloads", "Weights/Files", "Weights/Python", "Weights/PyTorch", "Weights", "Weights/Initialization",
            "Networks", "Classification", "Explanations",
            "Data/Files", "Data/Cifar", "Data/Mnist", "Data/Shapes", "Data/Published", "Data/Folders", "Data/Shards", "Data",
            "Training", "Evaluation", "Embeddings", "Runs",
            "Detection/Boxes", "Detection/Regions", "Detection/Losses", "Detection/Drawing",
            "Detection/Data/Annotations", "Detection/Data/Voc", "Detection/Data/Coco", "Detection/Data/Shapes", "Detection/Data",
            "Detection/Evaluation", "Detection", "Detection/Training",
        ],
        ["ResNet.Data.Parquet"] = ["Reading", ""],
        ["ResNet.Imaging.Skia"] = [""],
        ["ResNet.Runtime.Gpu"] = ["Contracts", "Ilgpu/Kernels", "Ilgpu/Driver", "Ilgpu/Binding", "Missing", "Ilgpu", ""],
        ["ResNet.Runtime.Mpi"] = ["Binding", ""],
        ["ResNet.Reports"] = ["Html", "Charts", "Sections", ""],
        ["ResNet.Extensions.AI"] = [""],
        ["ResNet.Onnx"] = ["Contracts", "Exporting", "Importing", "Sources", ""],
        ["ResNet.Zoo"] = [""],
        ["ResNet.Experiments"] = ["Networks", "Budgets", "Probes", "Declarations", "Running", "Pages", "Papers", ""],
        ["ResNet.Tool"] = ["Output", "Data", "Networks", "Benchmarking", "Classification", "Embedding", "Detection", "Training", "Commands", ""],
    };

    public static TheoryData<string> Projects => [.. _orders.Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_room_knows_only_those_before_it(string project)
    {
        var folder = Folder(project);
        var order = _orders[project];
        var files = Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Where(file => !IsBuilt(folder, file)).ToList();
        var trees = files.ConvertAll(file => CSharpSyntaxTree.ParseText(GlobalUsings.Insert + File.ReadAllText(file), new(LanguageVersion.Preview), file));
        var compilation = CSharpCompilation.Create("Rooms", trees, GlobalUsings.References, new(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));

        var unknown = files.Select(file => RoomOf(folder, file)).Distinct().Except(order).ToList();
        Assert.True(unknown.Count == 0, $"Rooms without a place in the order: {string.Join(", ", unknown)}");
        var wrong = trees.SelectMany(tree => Later(compilation.GetSemanticModel(tree), folder, order)).Distinct().Order(StringComparer.Ordinal).ToList();
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    /// <summary>The test sees an arrow that points the wrong way.</summary>
    [Fact]
    public void An_arrow_against_the_order_is_found()
    {
        CSharpSyntaxTree[] trees =
        [
            (CSharpSyntaxTree)CSharpSyntaxTree.ParseText("class Ground { Roof? roof; }", path: "/p/Ground/Ground.cs"),
            (CSharpSyntaxTree)CSharpSyntaxTree.ParseText("class Roof { Ground? ground; }", path: "/p/Roof/Roof.cs"),
        ];
        var compilation = CSharpCompilation.Create("Rooms", trees, GlobalUsings.References);
        var wrong = trees.SelectMany(tree => Later(compilation.GetSemanticModel(tree), "/p", ["Ground", "Roof"]));
        Assert.Equal(["Ground knows Roof: Ground.cs names Roof"], wrong);
    }

    /// <summary>The types of later rooms that a file names.</summary>
    static IEnumerable<string> Later(SemanticModel model, string folder, string[] order)
    {
        var here = RoomOf(folder, model.SyntaxTree.FilePath);
        var names = model.SyntaxTree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>().Where(name => name.FirstAncestorOrSelf<UsingDirectiveSyntax>() is null);
        foreach (var symbol in names.Select(name => TypeOf(model.GetSymbolInfo(name).Symbol)).OfType<INamedTypeSymbol>().Distinct(SymbolEqualityComparer.Default))
        {
            var rooms = symbol!.DeclaringSyntaxReferences.Select(reference => RoomOf(folder, reference.SyntaxTree.FilePath)).ToList();
            if (rooms.Count > 0 && rooms.TrueForAll(room => Array.IndexOf(order, room) > Array.IndexOf(order, here)))
                yield return $"{here} knows {rooms[0]}: {Path.GetFileName(model.SyntaxTree.FilePath)} names {symbol!.Name}";
        }
    }

    /// <summary>The type that a name stands for, or whose constructor or extension method it calls.</summary>
    static INamedTypeSymbol? TypeOf(ISymbol? symbol) => symbol switch
    {
        INamedTypeSymbol type => type.OriginalDefinition,
        IMethodSymbol { MethodKind: MethodKind.Constructor or MethodKind.ReducedExtension } method => method.ContainingType.OriginalDefinition,
        _ => null,
    };

    static string RoomOf(string folder, string file) => Path.GetRelativePath(folder, Path.GetDirectoryName(file)!).Replace('\\', '/') is var room && room == "." ? "" : room;

    static bool IsBuilt(string folder, string file) => Path.GetRelativePath(folder, file).Replace('\\', '/').Split('/')[0] is "obj" or "bin";

    static string Folder(string project, [CallerFilePath] string path = "")
    {
        var top = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "../../.."));
        return new[] { "src", "experiments" }.Select(folder => Path.Combine(top, folder, project)).First(Directory.Exists);
    }
}
