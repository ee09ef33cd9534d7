using System.Diagnostics;
using System.Runtime.Intrinsics.X86;
using ResNet.Runtime.Cpu.Convolutions.Tiles;

namespace ResNet.Runtime.Tests.Cpu;

/// <summary>
/// Runs the tests of the kernels and of some whole networks again, in processes whose runtime is told that the processor lacks instruction sets.
/// </summary>
public sealed class InstructionSetTests
{
    /// <summary>In a child process, the tile set that the parent means it to use.</summary>
    const string Expected = "RESNET_TESTS_EXPECTED_TILES";

    /// <summary>The tests that run again: of this namespace, and of networks that have every operation between them.</summary>
    static string Filter => $"FullyQualifiedName~{typeof(InstructionSetTests).Namespace}|DisplayName~Oddities|DisplayName~ResNeXt50|DisplayName~Cifar20";

    public static TheoryData<string, string> SwitchedOff => new()
    {
        { "DOTNET_EnableAVX512", "Vector256" },
        { "DOTNET_EnableAVX2", "Vector128" },
    };

    [X86Theory, MemberData(nameof(SwitchedOff))]
    public async Task Kernels_and_networks_pass_their_tests_without(string setting, string tiles)
    {
        // A child's children would run for ever.
        if (Environment.GetEnvironmentVariable(Expected) is not null) return;
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            ArgumentList =
            {
                "vstest", typeof(InstructionSetTests).Assembly.Location,
                "--TestCaseFilter:" + Filter,
            },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { [setting] = "0", [Expected] = tiles },
        };
        using var child = Process.Start(start)!;
        var error = child.StandardError.ReadToEndAsync();
        var output = await child.StandardOutput.ReadToEndAsync();
        await child.WaitForExitAsync();
        Assert.True(child.ExitCode == 0, $"{setting}=0: {output}{await error}");
        Assert.Contains("Passed", output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_expected_tiles_are_used() =>
        Assert.Equal(Environment.GetEnvironmentVariable(Expected) ?? TileSet.Best.ToString(), TileSet.Best.ToString());
}

/// <summary>A theory about instruction sets that only x86 processors have.</summary>
sealed class X86TheoryAttribute : TheoryAttribute
{
    public X86TheoryAttribute() => Skip = X86Base.IsSupported ? null : "needs an x86 processor";
}
