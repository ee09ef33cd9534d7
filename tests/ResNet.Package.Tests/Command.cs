using System.Diagnostics;

namespace ResNet.Package.Tests;

/// <summary>A run of a program: its exit code, and all that it has printed.</summary>
sealed record Command(int ExitCode, string Output)
{
    /// <summary>The longest time that a command may take.</summary>
    static readonly TimeSpan _limit = TimeSpan.FromMinutes(8);

    /// <summary>The <c>dotnet</c> that runs the tests.</summary>
    public static string Dotnet => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    /// <summary>Runs a program in a folder.</summary>
    public static async Task<Command> RunAsync(string program, string folder, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // The test's own MSBuild sets variables with its place; a user's shell does not.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_NOLOGO"] = "1";
        // A home of its own is a first run, which would change the user's path and certificates.
        start.Environment["DOTNET_ADD_GLOBAL_TOOLS_TO_PATH"] = "false";
        start.Environment["DOTNET_GENERATE_ASPNET_CERTIFICATE"] = "false";
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var limit = new CancellationTokenSource(_limit);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} takes more than {_limit.TotalMinutes} minutes");
        }
        return new(process.ExitCode, await output + await errors);
    }

    /// <summary>Checks that the command succeeded without a warning.</summary>
    /// <returns>Its output.</returns>
    public string Succeeds()
    {
        Assert.True(ExitCode == 0, Output);
        Assert.DoesNotContain(": warning ", Output, StringComparison.Ordinal);
        return Output;
    }
}
