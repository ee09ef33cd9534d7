using System.Diagnostics;
using System.Text.Json.Nodes;

namespace ResNet.Tool.Tests;

/// <summary>Messages of the build and of the GPU package to programs that are compiled ahead of time.</summary>
public sealed class NativeCodeTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("cuda")]
    [InlineData("opencl:1")]
    public async Task A_graphics_processor_needs_the_JIT_and_the_message_says_so(string device)
    {
        // The feature that native code lacks can be switched off before a process starts.
        var settings = JsonNode.Parse(await File.ReadAllTextAsync(BesideTheTests("resnet.runtimeconfig.json")))!;
        settings["runtimeOptions"]!["configProperties"]!["System.Runtime.CompilerServices.RuntimeFeature.IsDynamicCodeSupported"] = false;
        _folder.Write("native.runtimeconfig.json", settings.ToJsonString());
        var (exitCode, _, error) = await RunAsync(
            "exec", "--runtimeconfig", _folder.File("native.runtimeconfig.json"), "--depsfile", BesideTheTests("resnet.deps.json"), BesideTheTests("resnet.dll"),
            "bench", "cifar-resnet20", "--seconds", "0", "--device", device);
        Assert.Equal(1, exitCode);
        Assert.StartsWith("error: No graphics processor can be used: ILGPU compiles kernels at run time and needs the JIT", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_build_warns_where_native_code_for_x64_names_no_instruction_set()
    {
        var targets = Path.Combine(SharedData.Root, "build", "NativeCode.targets");
        (string Name, string Properties, bool IsWarned)[] projects =
        [
            ("Program", "<PublishAot>true</PublishAot><RuntimeIdentifier>win-x64</RuntimeIdentifier>", true),
            ("NativeLibrary", "<PublishAot>true</PublishAot><RuntimeIdentifier>linux-x64</RuntimeIdentifier><OutputType>Library</OutputType><NativeLib>Shared</NativeLib>", true),
            ("ThisSystem", "<PublishAot>true</PublishAot><NETCoreSdkRuntimeIdentifier>linux-x64</NETCoreSdkRuntimeIdentifier>", true),
            ("Named", "<PublishAot>true</PublishAot><RuntimeIdentifier>linux-x64</RuntimeIdentifier><IlcInstructionSet>native</IlcInstructionSet>", false),
            ("Argument", "<PublishAot>true</PublishAot><RuntimeIdentifier>linux-x64</RuntimeIdentifier></PropertyGroup><ItemGroup><IlcArg Include=\"--instruction-set:native\" /></ItemGroup><PropertyGroup>", false),
            ("Arm", "<PublishAot>true</PublishAot><RuntimeIdentifier>linux-arm64</RuntimeIdentifier>", false),
            ("Library", "<PublishAot>true</PublishAot><RuntimeIdentifier>linux-x64</RuntimeIdentifier><OutputType>Library</OutputType>", false),
            ("OneFile", "<PublishAot>true</PublishAot><RuntimeIdentifier>linux-x64</RuntimeIdentifier><FileBasedProgram>true</FileBasedProgram>", false),
            ("PublishedFile", "<PublishAot>true</PublishAot><RuntimeIdentifier>linux-x64</RuntimeIdentifier><FileBasedProgram>true</FileBasedProgram><_IsPublishing>true</_IsPublishing>", true),
            ("Jit", "<RuntimeIdentifier>linux-x64</RuntimeIdentifier>", false),
        ];
        foreach (var (name, properties, _) in projects)
            _folder.Write($"{name}.proj", $"<Project><PropertyGroup><OutputType>Exe</OutputType>{properties}</PropertyGroup><Import Project=\"{targets}\" /><Target Name=\"PrepareForBuild\" /></Project>");
        _folder.Write("All.proj", $"<Project><Target Name=\"All\"><MSBuild Projects=\"{string.Join(';', projects.Select(project => $"{project.Name}.proj"))}\" Targets=\"PrepareForBuild\" /></Target></Project>");
        var (exitCode, output, _) = await RunAsync("msbuild", _folder.File("All.proj"), "-nologo", "-v:q", "-nodeReuse:false");
        Assert.Equal(0, exitCode);
        foreach (var (name, _, isWarned) in projects)
        {
            var warnings = output.Split('\n').Where(line => line.Contains("warning RESNETPKG004", StringComparison.Ordinal) && line.Contains($"{Path.DirectorySeparatorChar}{name}.proj]", StringComparison.Ordinal)).ToList();
            Assert.Equal(isWarned ? 1 : 0, warnings.Count);
            Assert.All(warnings, warning => Assert.Contains("<IlcInstructionSet>x86-64-v3</IlcInstructionSet>", warning, StringComparison.Ordinal));
        }
    }

    static string BesideTheTests(string file) => Path.Combine(AppContext.BaseDirectory, file);

    static async Task<(int ExitCode, string Out, string Error)> RunAsync(params string[] args)
    {
        using var process = Process.Start(new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", args)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }
}
