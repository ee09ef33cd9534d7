namespace ResNet.Package.Tests;

/// <summary>Projects that cannot use the packages get the reason, by the codes of docs/packages.md.</summary>
[Collection(SharedPackages.Name)]
public class RefusalTests(Packages packages)
{
    [Fact]
    public async Task An_older_framework_is_named_with_the_one_that_is_needed()
    {
        packages.CopyScenarios("OldFramework");
        var build = await packages.RunAsync("OldFramework", "build");
        Assert.NotEqual(0, build.ExitCode);
        Assert.Contains("error RESNETPKG001: ResNet.Zoo needs .NET 10, and this project targets net8.0", build.Output, StringComparison.Ordinal);
    }

    /// <summary>A project of another language that references the compiler of networks, and packages that do not belong together.</summary>
    [Fact]
    public async Task Versions_that_differ_are_refused_and_another_language_is_told_what_it_can_use()
    {
        foreach (var id in new[] { "ResNet.Dsl", "ResNet.Planning", "ResNet.Runtime" }) packages.Republish(id);
        packages.CopyScenarios("Skewed");
        var build = await packages.RunAsync("Skewed", "build");
        Assert.NotEqual(0, build.ExitCode);
        Assert.Contains("error RESNETPKG002: The ResNet packages work together in one version only", build.Output, StringComparison.Ordinal);
        Assert.Contains($"ResNet.Onnx {packages.Version}", build.Output, StringComparison.Ordinal);
        Assert.Contains($"ResNet.Runtime {Packages.OtherVersion}", build.Output, StringComparison.Ordinal);
        Assert.Contains("warning RESNETPKG003: Networks are declared in C#", build.Output, StringComparison.Ordinal);
        var quiet = await packages.RunAsync("Skewed", "build", "--no-restore", "-p:NoWarn=RESNETPKG003");
        Assert.DoesNotContain("RESNETPKG003", quiet.Output, StringComparison.Ordinal);
        Assert.Contains("RESNETPKG002", quiet.Output, StringComparison.Ordinal);
    }
}
