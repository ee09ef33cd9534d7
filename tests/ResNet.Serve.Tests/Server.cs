using System.Diagnostics;
using System.Text.RegularExpressions;

namespace ResNet.Serve.Tests;

/// <summary>The example as a process of its own, on a port that the system chooses; shared by the tests of a class.</summary>
public sealed partial class Server : IAsyncLifetime, IDisposable
{
    readonly Process _process = new()
    {
        StartInfo = new(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            ArgumentList = { Assembly(), "--urls", "http://127.0.0.1:0" },
            RedirectStandardOutput = true,
        },
    };

    /// <summary>Sends requests to the server.</summary>
    public HttpClient Client { get; private set; } = new();

    /// <summary>Bytes of memory that the process has now.</summary>
    public long Memory
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    public async Task InitializeAsync()
    {
        _process.Start();
        var lines = new List<string>();
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            lines.Add(line);
            if (Address().Match(line) is not { Success: true } address) continue;
            Client = new() { BaseAddress = new(address.Groups[1].Value + "/") };
            // What it says further on must not fill the pipe.
            _process.BeginOutputReadLine();
            return;
        }
        Assert.Fail($"The server ended: {string.Join('\n', lines)}");
    }

    public Task DisposeAsync()
    {
        _process.Kill();
        return _process.WaitForExitAsync();
    }

    public void Dispose()
    {
        Client.Dispose();
        _process.Dispose();
    }

    /// <summary>The example as it was built beside these tests.</summary>
    static string Assembly()
    {
        var here = AppContext.BaseDirectory;
        return here.Replace(Path.Combine("tests", "ResNet.Serve.Tests"), Path.Combine("examples", "Serve"), StringComparison.Ordinal) + "Serve.dll";
    }

    [GeneratedRegex("Now listening on: (http://.*)")]
    private static partial Regex Address();
}
