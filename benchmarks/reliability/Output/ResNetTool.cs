using System.Diagnostics;

namespace ResNet.Reliability.Output;

/// <summary>The <c>resnet</c> command, started as a process.</summary>
/// <param name="assembly">The path of <c>resnet.dll</c>.</param>
sealed class ResNetTool(string assembly)
{
    /// <summary>The exit code of a process that a signal ended: 128 + SIGKILL.</summary>
    public const int Killed = 137;

    /// <summary>Starts a command on one thread.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="environment">Variables beside those of this process.</param>
    public ToolProcess Start(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo("dotnet", [assembly, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        return new(Process.Start(start) ?? throw new InvalidOperationException("dotnet does not start"));
    }

    /// <summary>Runs a command to its end.</summary>
    /// <param name="arguments">The command line.</param>
    public ToolProcess Run(IReadOnlyList<string> arguments)
    {
        var process = Start(arguments);
        process.Process.WaitForExit();
        return process;
    }
}

/// <summary>A process and its last lines.</summary>
sealed class ToolProcess : IDisposable
{
    const int KeptLines = 20;

    readonly Queue<string> _lines = new();

    public ToolProcess(Process process)
    {
        Process = process;
        process.OutputDataReceived += (_, e) => Keep(e.Data);
        process.ErrorDataReceived += (_, e) => Keep(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public Process Process { get; }

    public bool HasExited => Process.HasExited;

    public int ExitCode => Process.ExitCode;

    /// <summary>Its last lines, of both streams.</summary>
    public string Output
    {
        get
        {
            // Waits for the streams' ends, too.
            if (HasExited) Process.WaitForExit();
            lock (_lines) return string.Join('\n', _lines);
        }
    }

    public void Dispose()
    {
        if (!HasExited) Process.Kill();
        Process.Dispose();
    }

    void Keep(string? line)
    {
        if (line is null) return;
        lock (_lines)
        {
            _lines.Enqueue(line);
            if (_lines.Count > KeptLines) _lines.Dequeue();
        }
    }
}
