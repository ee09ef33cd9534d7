using System.Diagnostics;
using ResNet.Runtime;

namespace ResNet.Tool.Tests;

/// <summary>examples/DetectShapes as a process of its own, on a few pictures.</summary>
public sealed class DetectExampleTests
{
    [Fact]
    public async Task The_example_trains_measures_and_draws()
    {
        using var folder = new TemporaryFolder();
        using var process = Process.Start(new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            ArgumentList = { Assembly(), folder.File("shapes"), "24", "1" },
            RedirectStandardOutput = true,
        })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        Assert.Matches(@"mAP \d+\.\d\d\s?%", output);
        Assert.Equal(128, Image.Load(folder.File("shapes/found-3.png")).Width);
        using var detector = Detector.Open(folder.File("shapes"));
        Assert.Equal(ShapesDetection.Names, detector.Labels);
    }

    /// <summary>The example as it was built beside these tests.</summary>
    static string Assembly() => AppContext.BaseDirectory.Replace(
        Path.Combine("tests", "ResNet.Tool.Tests"), Path.Combine("examples", "DetectShapes"), StringComparison.Ordinal) + "DetectShapes.dll";
}
