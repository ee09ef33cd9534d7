using System.IO.Compression;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace ResNet.Package.Tests;

/// <summary>Each package has the files that it should and no others, and says what it is.</summary>
[Collection(SharedPackages.Name)]
public sealed partial class ContentTests(Packages packages)
{
    /// <summary>The libraries: of each an assembly and its documentation.</summary>
    static readonly string[] _libraries =
    [
        "ResNet.Data.Parquet", "ResNet.Dsl", "ResNet.Extensions.AI", "ResNet.Imaging.Skia", "ResNet.Onnx",
        "ResNet.Planning", "ResNet.Reports", "ResNet.Runtime", "ResNet.Runtime.Gpu", "ResNet.Runtime.Mpi", "ResNet.Zoo",
    ];

    /// <summary>The files of libraries beside those.</summary>
    static readonly Dictionary<string, string[]> _others = new()
    {
        ["ResNet.Dsl"] = ["lib/netstandard2.0/ResNet.Dsl.dll", "lib/netstandard2.0/ResNet.Dsl.xml"],
        ["ResNet.Planning"] = ["lib/netstandard2.0/ResNet.Planning.dll", "lib/netstandard2.0/ResNet.Planning.xml"],
        ["ResNet.Runtime"] = ["analyzers/dotnet/cs/ResNet.Dsl.dll", "analyzers/dotnet/cs/ResNet.Generators.CodeFixes.dll", "analyzers/dotnet/cs/ResNet.Generators.dll", "analyzers/dotnet/cs/ResNet.Planning.dll", "buildTransitive/ResNet.Runtime.targets"],
        ["ResNet.Onnx"] = ["buildTransitive/ResNet.Onnx.targets"],
    };

    /// <summary>Packages that are used by compilers, too, and check nothing.</summary>
    static readonly string[] _withoutChecks = ["ResNet.Dsl", "ResNet.Planning"];

    public static TheoryData<string> Libraries => [.. _libraries];

    [GeneratedRegex(@"\]\(([^)]*)\)")]
    private static partial Regex Link { get; }

    [GeneratedRegex(@"<_ResNetPackages>;(.*);</_ResNetPackages>")]
    private static partial Regex CheckedPackages { get; }

    [Fact]
    public void Every_package_is_known() => Assert.Equal([.. _libraries.Append("ResNet.Templates").Append("ResNet.Tool").Order(StringComparer.Ordinal)], packages.Ids.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Libraries))]
    public void A_library_has_its_files_and_no_others(string id)
    {
        using var package = packages.Open(id);
        string[] expected =
        [
            "README.md", "icon.png", $"{id}.nuspec", $"lib/net10.0/{id}.dll", $"lib/net10.0/{id}.xml",
            .. _others.GetValueOrDefault(id, []), .. _withoutChecks.Contains(id) ? Array.Empty<string>() : [$"buildTransitive/{id}.props"],
        ];
        // The program that imports models in builds is the one that others carry.
        var files = Files(package).ToLookup(file => id == "ResNet.Onnx" && file.StartsWith("tools/net10.0/", StringComparison.Ordinal));
        Assert.Equal(expected.Order(StringComparer.Ordinal), files[false].Order(StringComparer.Ordinal));
        string[] program = ["tools/net10.0/ResNet.Onnx.Import.deps.json", "tools/net10.0/ResNet.Onnx.Import.dll", "tools/net10.0/ResNet.Onnx.Import.runtimeconfig.json"];
        Assert.Equal(id == "ResNet.Onnx" ? program : [], program.Intersect(files[true]));
    }

    [Fact]
    public void No_package_has_symbols_beside_its_assemblies_and_only_the_tool_has_weights()
    {
        foreach (var id in packages.Ids)
        {
            using var package = packages.Open(id);
            Assert.DoesNotContain(Files(package), file => file.EndsWith(".pdb", StringComparison.OrdinalIgnoreCase));
            if (id != "ResNet.Tool") Assert.DoesNotContain(Files(package), file => file.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase));
        }
    }

    [Fact]
    public void Every_package_says_what_it_is_and_where_it_comes_from()
    {
        var descriptions = new HashSet<string>();
        foreach (var id in packages.Ids)
        {
            using var package = packages.Open(id);
            var metadata = Metadata(package, id);
            string Value(string name) => metadata.Element(metadata.Name.Namespace + name)?.Value ?? "";
            Assert.True(descriptions.Add(Value("description")), $"{id} has no description of its own");
            Assert.Equal(("MIT", "icon.png", "README.md"), (Value("license"), Value("icon"), Value("readme")));
            var repository = metadata.Element(metadata.Name.Namespace + "repository")!;
            Assert.Equal(("git", Value("projectUrl")), (repository.Attribute("type")!.Value, repository.Attribute("url")!.Value));
            using var icon = new BinaryReader(package.GetEntry("icon.png")!.Open());
            Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], icon.ReadBytes(4));
        }
    }

    /// <summary>The packages see each other's internals.</summary>
    [Fact]
    public void A_package_depends_on_the_others_in_its_own_version_only()
    {
        var seen = 0;
        foreach (var id in packages.Ids)
        {
            using var package = packages.Open(id);
            var dependencies = Metadata(package, id).Descendants().Where(element => element.Name.LocalName == "dependency").ToList();
            foreach (var dependency in dependencies.Where(dependency => _libraries.Contains(dependency.Attribute("id")!.Value)))
            {
                Assert.Equal($"[{packages.Version}]", dependency.Attribute("version")!.Value);
                seen++;
            }
        }
        Assert.True(seen >= _libraries.Length - 1);
    }

    [Fact]
    public void The_check_of_versions_names_every_library()
    {
        using var package = packages.Open("ResNet.Zoo");
        var targets = Text(package, "buildTransitive/ResNet.Zoo.props");
        Assert.Equal(_libraries.Order(StringComparer.Ordinal), CheckedPackages.Match(targets).Groups[1].Value.Split(';').Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Links_of_a_package_s_page_lead_to_files_of_the_repository()
    {
        using var package = packages.Open("ResNet.Runtime");
        var repository = Metadata(package, "ResNet.Runtime").Descendants().Single(element => element.Name.LocalName == "repository").Attribute("url")!.Value + "/blob/main/";
        var links = Link.Matches(Text(package, "README.md")).Select(match => match.Groups[1].Value).ToList();
        Assert.NotEmpty(links);
        Assert.All(links, link => Assert.True(link.StartsWith("https://", StringComparison.Ordinal) || link.StartsWith('#'), link));
        var own = links.Where(link => link.StartsWith(repository, StringComparison.Ordinal)).Select(link => link[repository.Length..].Split('#')[0]).ToList();
        Assert.NotEmpty(own);
        Assert.All(own, file => Assert.True(Path.Exists(Path.Combine(SharedData.Root, file)), file));
        // Nothing else has changed.
        Assert.Equal(File.ReadAllText(Path.Combine(SharedData.Root, "README.md")).ReplaceLineEndings("\n"),
            Text(package, "README.md").Replace(repository, "", StringComparison.Ordinal).ReplaceLineEndings("\n").TrimEnd('\n') + "\n");
    }

    /// <summary>The files of a package, without those of the archive's own format.</summary>
    static IEnumerable<string> Files(ZipArchive package) => package.Entries.Select(entry => entry.FullName)
        .Where(name => name != "[Content_Types].xml" && !name.StartsWith("_rels/", StringComparison.Ordinal) && !name.StartsWith("package/", StringComparison.Ordinal));

    static XElement Metadata(ZipArchive package, string id) => XDocument.Parse(Text(package, $"{id}.nuspec")).Root!.Elements().Single();

    static string Text(ZipArchive package, string file)
    {
        using var reader = new StreamReader(package.GetEntry(file)!.Open());
        return reader.ReadToEnd();
    }
}
