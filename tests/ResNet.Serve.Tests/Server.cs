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
        var address = new TaskCompletionSource<Uri>();
        var said = new List<string>();
        _process.OutputDataReceived += (_, e) =>
        {
            if (e.Data is null) address.TrySetException(new InvalidOperationException($"The server ended: {string.Join('\n', said)}"));
            else if (Address().Match(e.Data) is { Success: true } found) address.TrySetResult(new(found.Groups[1].Value + "/"));
            else said.Add(e.Data);
        };
        _process.Start();
        _process.BeginOutputReadLine();
        Client = new() { BaseAddress = await address.Task };
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
