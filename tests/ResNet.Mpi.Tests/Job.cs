using System.Diagnostics;
using System.Text;

namespace ResNet.Mpi.Tests;

/// <summary>The output of the ranks of a job, and its end.</summary>
/// <param name="ExitCode">The launcher's exit code.</param>
/// <param name="Lines">Lines of the standard output that are no launcher's, in order of their text: ranks write in any order.</param>
/// <param name="Error">The error stream.</param>
sealed record Job(int ExitCode, IReadOnlyList<string> Lines, string Error)
{
    /// <summary>A job takes seconds; one that takes longer hangs.</summary>
    static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    /// <summary>The program of this project: <see cref="Program"/>.</summary>
    public static string Ranks { get; } = typeof(Job).Assembly.Location;

    /// <summary>The <c>resnet</c> command, built in the same configuration.</summary>
    public static string Tool { get; } = AppContext.BaseDirectory.Replace(Path.Combine("tests", "ResNet.Mpi.Tests"), Path.Combine("src", "ResNet.Tool"), StringComparison.Ordinal) + "resnet.dll";

    /// <summary>Runs a job to its end.</summary>
    /// <param name="launcher">The <c>mpirun</c>.</param>
    /// <param name="ranks">Number of ranks.</param>
    /// <param name="program">The assembly to run.</param>
    /// <param name="args">Its arguments.</param>
    /// <param name="mpi">The library to load, if it is not the launcher's.</param>
    public static Job Run(string launcher, int ranks, string program, string[] args, string? mpi = null)
    {
        var start = Programs.StartOf(launcher);
        // More ranks than cores, bound to none.
        if (Programs.IsOpenMpi(launcher))
            foreach (var argument in new[] { "--oversubscribe", "--bind-to", "none" }) start.ArgumentList.Add(argument);
        foreach (var argument in new[] { "-n", $"{ranks}", Environment.ProcessPath!, program }.Concat(args)) start.ArgumentList.Add(argument);
        if (mpi is not null) start.Environment["RESNET_MPI"] = mpi;
        using var process = Process.Start(start)!;
        var (output, error) = (new StringBuilder(), new StringBuilder());
        process.OutputDataReceived += (_, line) => Append(output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(error, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (!process.WaitForExit(_patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"The job hangs:\n{output}\n{error}");
        }
        process.WaitForExit();
        // Open MPI gives each rank a terminal, for which .NET puts a control sequence before the first line.
        var lines = output.ToString().Split('\n').Where(line => line.Contains("rank ", StringComparison.Ordinal)).Select(line => line[line.IndexOf("rank ", StringComparison.Ordinal)..].TrimEnd('\r'));
        return new(process.ExitCode, [.. lines.Order(StringComparer.Ordinal)], error.ToString());
    }

    static void Append(StringBuilder to, string? line)
    {
        lock (to) to.Append(line).Append('\n');
    }
}
