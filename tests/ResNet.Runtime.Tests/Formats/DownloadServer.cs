using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ResNet.Runtime.Tests.Formats;

/// <summary>
/// An HTTP server on this machine that serves one body at every path, and misbehaves as told. A plain socket, since
/// cutting a response in its middle is not something a proper server can be asked to do.
/// </summary>
sealed class DownloadServer : IDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _stop = new();
    readonly byte[] _body;

    public DownloadServer(byte[] body)
    {
        _body = body;
        _listener.Start();
        Address = new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/models/");
        _ = AcceptAsync();
    }

    public Uri Address { get; }

    /// <summary>Whether Range headers are obeyed.</summary>
    public bool Ranges { get; set; } = true;

    /// <summary>The position in the body at which the connection is cut.</summary>
    public int CutAt { get; set; } = int.MaxValue;

    /// <summary>Whether to fall silent, with the connection open, instead of cutting.</summary>
    public bool Stall { get; set; }

    /// <summary>Answer with this status line and no body.</summary>
    public string? Status { get; set; }

    /// <summary>Per request, the path and the first byte asked for.</summary>
    public List<(string Path, int? From)> Requests { get; } = [];

    async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
        var path = (await reader.ReadLineAsync())!.Split(' ')[1];
        int? from = null;
        for (string? line; (line = await reader.ReadLineAsync()) is { Length: > 0 };)
            if (line.StartsWith("Range: bytes=", StringComparison.OrdinalIgnoreCase))
                from = int.Parse(line.Split('=')[1].TrimEnd('-'), System.Globalization.CultureInfo.InvariantCulture);
        lock (Requests)
            Requests.Add((path, from));

        var start = Ranges ? from ?? 0 : 0;
        var (status, range) = Status is not null ? (Status, "")
            : !Ranges || from is null ? ("200 OK", "")
            : start >= _body.Length ? ("416 Range Not Satisfiable", $"Content-Range: bytes */{_body.Length}\r\n")
            : ("206 Partial Content", $"Content-Range: bytes {start}-{_body.Length - 1}/{_body.Length}\r\n");
        var body = status[0] == '2' ? _body.AsMemory(start) : default;
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n{range}\r\n"));
        await stream.WriteAsync(body[..Math.Clamp(CutAt - start, 0, body.Length)]);
        if (Stall)
            await Task.Delay(Timeout.Infinite, _stop.Token).ContinueWith(_ => { }, TaskScheduler.Default);
    }

    public void Dispose()
    {
        if (_stop.IsCancellationRequested)
            return;
        _stop.Cancel();
        _listener.Stop();
        _stop.Dispose();
    }
}
