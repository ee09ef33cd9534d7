using ResNet.Runtime;
using Shop;
using Shop.Vision;

namespace ResNet.Package.Tests;

/// <summary>Projects of many kinds use the packages, without a warning, and get the answers that this build gives.</summary>
[Collection(SharedPackages.Name)]
public class ConsumerTests(Packages packages)
{
    static readonly string _weights = Path.Combine(SharedData.Root, "examples", "weights", "cifar-resnet20.safetensors");
    static readonly string _picture = Path.Combine(SharedData.Root, "docs", "images", "ship.png");

    /// <summary>The library's rules are the strictest; the program has C# 9, no nullable types, no implicit usings, and checks its arithmetic.</summary>
    [Fact]
    public async Task A_strict_library_and_a_program_of_C_sharp_9_with_the_graphics_package()
    {
        packages.CopyScenarios("Library", "App");
        using var tiny = new Tiny();
        using var photos = new PhotoNet();
        var output = (await packages.RunAsync("App", "run")).Succeeds();
        Assert.Contains($"tiny: {Answers.Of(tiny)}\n", output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains($"photos: {Answers.Of(photos)}\n", output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Matches(@"devices: \d+", output);
    }

    [Fact]
    public async Task A_program_in_one_file()
    {
        var program = File.ReadAllText(Path.Combine(SharedData.Root, "tests/ResNet.Package.Tests/Scenarios/FileApp/app.cs"));
        packages.Write("FileApp/app.cs", program.Replace("VERSION", packages.Version, StringComparison.Ordinal));
        Assert.Contains(Expected(), (await packages.RunAsync("FileApp", "run", "--artifacts-path", "artifacts", "app.cs", "--", _weights, _picture)).Succeeds().ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    /// <summary>These languages cannot declare networks, and use those of the zoo.</summary>
    [Theory]
    [InlineData("ClassifyFSharp")]
    [InlineData("ClassifyVisualBasic")]
    public async Task Other_languages_use_the_networks_of_the_zoo(string example)
    {
        packages.Copy($"examples/{example}", project => project.Replace(
            "<ProjectReference Include=\"../../src/ResNet.Zoo/ResNet.Zoo.csproj\" />",
            "<PackageReference Include=\"ResNet.Zoo\" Version=\"$(ResNetVersion)\" />", StringComparison.Ordinal));
        Assert.Contains(Expected(), (await packages.RunAsync(example, "run", "--", _picture, _weights)).Succeeds().ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_tool_as_a_local_tool()
    {
        (await packages.RunAtHomeAsync("Tool", "new", "tool-manifest")).Succeeds();
        (await packages.RunAtHomeAsync("Tool", "tool", "install", "ResNet.Tool", "--version", packages.Version)).Succeeds();
        // With the weights that come along.
        Assert.Contains("ship", (await packages.RunAtHomeAsync("Tool", "resnet", "classify", "cifar-resnet20", _picture)).Succeeds(), StringComparison.Ordinal);
    }

    [SlowTheory]
    [InlineData("trimmed", "-p:PublishTrimmed=true")]
    [InlineData("single", "-p:PublishSingleFile=true")]
    [InlineData("native", "-p:PublishAot=true")]
    public async Task Published_programs_answer_alike(string kind, string option)
    {
        packages.CopyScenarios("Library", "Published");
        using var photos = new PhotoNet();
        (await packages.RunAsync("Published", "publish", option, "-o", kind)).Succeeds();
        var program = Path.Combine(packages.Folder("Published"), kind, OperatingSystem.IsWindows() ? "Published.exe" : "Published");
        var output = (await Command.RunAsync(program, packages.Folder("Published"), new Dictionary<string, string>(), _weights, _picture)).Succeeds().ReplaceLineEndings("\n");
        Assert.Contains($"photos: {Answers.Of(photos)}\n{Expected()}", output, StringComparison.Ordinal);
    }

    /// <summary>The three lines that a program prints of the picture.</summary>
    static string Expected()
    {
        using var net = Network.Open(_weights);
        return string.Concat(net.Classify(Image.Load(_picture), top: 3).Select(prediction => prediction + "\n"));
    }
}
