using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using ResNet.Runtime.Data;

namespace ResNet.Reliability.Soak;

/// <summary>The ASP.NET example under load on loopback: clients send photos, and now and then other bytes.</summary>
/// <param name="server">The path of <c>Serve.dll</c>.</param>
/// <param name="duration">The duration.</param>
sealed partial class ServerSoak(string server, TimeSpan duration)
{
    const int Clients = 16, Photos = 8;

    /// <summary>Requests after which it ends, whatever the time.</summary>
    const long MostRequests = 2_000_000;
    static readonly TimeSpan _interval = TimeSpan.FromSeconds(2);

    long _answered, _refused;

    /// <summary>Runs, and reports the server's figures.</summary>
    /// <returns>Whether all requests were answered correctly and nothing grew.</returns>
    public bool Run(string? chart, TextWriter output)
    {
        var start = new ProcessStartInfo("dotnet", [server, "--urls", "http://127.0.0.1:0"]) { RedirectStandardOutput = true };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("The server does not start");
        try
        {
            using var client = new HttpClient { BaseAddress = Address(process) };
            var figures = new ProcessFigures(process.Id);
            using var stop = new CancellationTokenSource(duration);
            var clients = Enumerable.Range(0, Clients).Select(number => Task.Run(() => SendAsync(client, number, stop))).ToArray();
            while (!stop.IsCancellationRequested)
            {
                figures.Take();
                stop.Token.WaitHandle.WaitOne(_interval);
            }
            Task.WaitAll(clients, CancellationToken.None);
            figures.Take();
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_answered} photos answered, {_refused} bad uploads refused, by {Clients} clients"));
            return figures.Tell("The ASP.NET example under load", chart, output);
        }
        finally
        {
            process.Kill();
        }
    }

    async Task SendAsync(HttpClient client, int number, CancellationTokenSource stop)
    {
        byte[][] photos = [.. Enumerable.Range(0, Photos).Select(Png)];
        try
        {
            for (var i = number; !stop.IsCancellationRequested; i++)
            {
                // Every eighth is cut short.
                var isBad = i % 8 == 0;
                var photo = photos[i % Photos];
                using var body = new ByteArrayContent(isBad ? photo[..^200] : photo);
                using var response = await client.PostAsync(new Uri("classify", UriKind.Relative), body);
                if (response.StatusCode != (isBad ? HttpStatusCode.UnsupportedMediaType : HttpStatusCode.OK))
                    throw new InvalidOperationException($"Request {i} of client {number}: {response.StatusCode}");
                if (isBad) Interlocked.Increment(ref _refused);
                else if (Interlocked.Increment(ref _answered) >= MostRequests) await stop.CancelAsync();
            }
        }
        catch
        {
            await stop.CancelAsync();
            throw;
        }
    }

    static byte[] Png(int index)
    {
        using var stream = new MemoryStream();
        new Shapes10(Photos).Load(index).SavePng(stream);
        return stream.ToArray();
    }

    static Uri Address(Process process)
    {
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (Listening().Match(line) is not { Success: true } found) continue;
            // Its further output must not fill the pipe.
            _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
            return new(found.Groups[1].Value + "/");
        }
        throw new InvalidOperationException("The server ended");
    }

    [GeneratedRegex("Now listening on: (http://.*)")]
    private static partial Regex Listening();
}
