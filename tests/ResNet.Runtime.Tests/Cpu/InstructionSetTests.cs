using System.Diagnostics;
using System.Reflection;
using System.Runtime.Intrinsics.X86;
using ResNet.Runtime.Cpu;
using ResNet.Runtime.Cpu.Convolutions.Tiles;
using Xunit.Sdk;

namespace ResNet.Runtime.Tests.Cpu;

/// <summary>
/// Runs the tests of the kernels and of some whole networks again, in processes whose runtime is told that the processor lacks instruction sets.
/// </summary>
public sealed class InstructionSetTests
{
    /// <summary>In a child process, the tile set that the parent means it to use.</summary>
    public const string Expected = "RESNET_TESTS_EXPECTED_TILES";

    /// <summary>The tests that run again: of this namespace, and of networks that have every operation between them.</summary>
    static string Filter => $"FullyQualifiedName~{typeof(InstructionSetTests).Namespace}|"
        + "(FullyQualifiedName~AgainstReferenceTests&(DisplayName~Oddities|DisplayName~NarrowResNeXt50|DisplayName~Cifar20PreActivation|DisplayName~Cifar20OfOddSize))";

    [Theory, SwitchedOff("DOTNET_EnableAVX512", "Vector256"), SwitchedOff("DOTNET_EnableAVX2", "Vector128")]
    public async Task Kernels_and_networks_pass_their_tests_without(string setting, string tiles)
    {
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

/// <summary>A setting of the runtime that hides an instruction set; skipped, visibly, where that hides nothing.</summary>
/// <param name="setting">The environment variable that is set to 0.</param>
/// <param name="tiles">The tile set that is left.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
sealed class SwitchedOffAttribute(string setting, string tiles) : DataAttribute
{
    public override string? Skip =>
        !X86Base.IsSupported ? "The processor is no x86"
        // A child's children would run for ever.
        : Environment.GetEnvironmentVariable(InstructionSetTests.Expected) is { } hidden ? $"This process is left with {hidden} already"
        : Rank(TileSet.Best.ToString()) >= Rank(tiles) ? "The processor lacks the instruction set: every test runs without it"
        : null;

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[setting, tiles]];

    static int Rank(string tiles) => Array.FindIndex(DirectConvolutionTests.TileSets, set => set.ToString() == tiles);
}
