using System.IO.Compression;
using System.Reflection;
using System.Text.RegularExpressions;

namespace ResNet.Package.Tests;

/// <summary>
/// The packages of this build in a folder that serves as a source, and a place outside of the repository where projects use them: an empty
/// cache, the sources of this machine for all other packages, and nothing of the repository's settings. Shared by all tests.
/// </summary>
public sealed partial class Packages : IAsyncLifetime, IDisposable
{
    /// <summary>A version that differs from <see cref="Version"/>, of the packages that <see cref="Republish"/> makes.</summary>
    public const string OtherVersion = "99.0.0";

    static readonly Dictionary<string, string> _noVariables = [];

    readonly TemporaryFolder _folder = new();

    /// <summary>The version of the packages.</summary>
    public string Version { get; private set; } = "";

    string Feed => _folder.File("feed");

    [GeneratedRegex(@"^\s*\d+\.\s+(.+) \[Enabled\]", RegexOptions.Multiline)]
    private static partial Regex EnabledSource { get; }

    /// <summary>Packs.</summary>
    public async Task InitializeAsync()
    {
        var configuration = typeof(Packages).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "Configuration").Value;
        var packing = await Command.RunAsync(Command.Dotnet, SharedData.Root, _noVariables,
            "msbuild", "build/Pack.proj", "-m", "-v:q", "-nologo", $"-p:Configuration={configuration}", $"-p:PackageOutputPath={Feed}",
            // "dotnet pack" validates; it takes long.
            "-p:EnablePackageValidation=false");
        packing.Succeeds();
        Version = Path.GetFileNameWithoutExtension(Directory.GetFiles(Feed, "ResNet.Dsl.*.nupkg").Single())["ResNet.Dsl.".Length..];

        var sources = (await RunAsync("", "nuget", "list", "source")).Succeeds();
        _folder.Write("nuget.config", $"""
            <configuration>
              <packageSources><add key="packed" value="{Feed}" /></packageSources>
              <packageSourceMapping>
                <packageSource key="packed"><package pattern="ResNet.*" /></packageSource>
                {string.Concat(EnabledSource.Matches(sources).Select(source => $"""<packageSource key="{source.Groups[1].Value}"><package pattern="*" /></packageSource>"""))}
              </packageSourceMapping>
            </configuration>
            """);
        // Not every source has the data of an audit.
        _folder.Write("Directory.Build.props", $"""
            <Project>
              <PropertyGroup>
                <NuGetAudit>false</NuGetAudit>
                <ResNetVersion>{Version}</ResNetVersion>
                <OtherResNetVersion>{OtherVersion}</OtherResNetVersion>
              </PropertyGroup>
            </Project>
            """);
    }

    /// <inheritdoc/>
    public Task DisposeAsync() => Task.CompletedTask;

    /// <summary>Deletes the packages, and the projects that used them.</summary>
    public void Dispose() => _folder.Dispose();

    /// <summary>The ids of all packages.</summary>
    public IEnumerable<string> Ids => Directory.GetFiles(Feed, $"*.{Version}.nupkg").Select(file => Path.GetFileName(file)[..^$".{Version}.nupkg".Length]);

    /// <summary>Opens a package as the archive that it is.</summary>
    public ZipArchive Open(string id) => ZipFile.OpenRead(Path.Combine(Feed, $"{id}.{Version}.nupkg"));

    /// <summary>Puts a package into the source a second time, as <see cref="OtherVersion"/>, with dependencies on that version of the other packages.</summary>
    public void Republish(string id)
    {
        var copy = Path.Combine(Feed, $"{id}.{OtherVersion}.nupkg");
        File.Copy(Path.Combine(Feed, $"{id}.{Version}.nupkg"), copy);
        using var archive = ZipFile.Open(copy, ZipArchiveMode.Update);
        var old = archive.GetEntry($"{id}.nuspec")!;
        string text;
        using (var reader = new StreamReader(old.Open())) text = reader.ReadToEnd();
        old.Delete();
        using var writer = new StreamWriter(archive.CreateEntry($"{id}.nuspec").Open());
        writer.Write(text
            .Replace($"<version>{Version}</version>", $"<version>{OtherVersion}</version>", StringComparison.Ordinal)
            .Replace($"version=\"[{Version}]\"", $"version=\"[{OtherVersion}]\"", StringComparison.Ordinal));
    }

    /// <summary>Copies a folder of the repository to the place where projects use the packages.</summary>
    /// <param name="from">The folder, seen from the top of the repository.</param>
    /// <param name="change">Changes the text of a project file.</param>
    public void Copy(string from, Func<string, string>? change = null)
    {
        foreach (var file in Directory.GetFiles(Path.Combine(SharedData.Root, from)))
        {
            var text = File.ReadAllText(file);
            _folder.Write(Path.Combine(Path.GetFileName(from), Path.GetFileName(file)), Path.GetExtension(file).EndsWith("proj", StringComparison.Ordinal) && change is not null ? change(text) : text);
        }
    }

    /// <summary>Copies scenarios to the place where projects use the packages.</summary>
    public void CopyScenarios(params string[] names)
    {
        foreach (var name in names) Copy($"tests/ResNet.Package.Tests/Scenarios/{name}");
    }

    /// <summary>Writes a file there.</summary>
    public string Write(string name, string text) => _folder.Write(name, text);

    /// <summary>A folder there.</summary>
    public string Folder(string name) => _folder.File(name);

    /// <summary>Runs <c>dotnet</c> in a folder there.</summary>
    internal Task<Command> RunAsync(string folder, params string[] arguments) => RunAsync(folder, [], arguments);

    /// <summary>Runs <c>dotnet</c> in a folder there with a home of its own: it remembers where a tool of some version lies, whichever cache that was. Only our packages are found.</summary>
    internal Task<Command> RunAtHomeAsync(string folder, params string[] arguments) => RunAsync(folder, [new("DOTNET_CLI_HOME", Folder("home"))], arguments);

    Task<Command> RunAsync(string folder, IEnumerable<KeyValuePair<string, string>> variables, string[] arguments)
    {
        Directory.CreateDirectory(Folder(folder));
        return Command.RunAsync(Command.Dotnet, Folder(folder), new Dictionary<string, string>(variables) { ["NUGET_PACKAGES"] = Folder("cache") }, arguments);
    }
}

/// <summary>All tests of the packages, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class SharedPackages : ICollectionFixture<Packages>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "Packages";
}
