using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using ResNet.Runtime;

namespace ResNet.Reliability.Faults;

/// <summary>Twenty processes want one file of one cache, from a slow server; a few of them are killed while they download.</summary>
/// <param name="cache">The cache's folder.</param>
sealed class CacheFault(string cache)
{
    const int Processes = 20, KilledProcesses = 5, Length = 4 << 20, Piece = 64 << 10, PieceMilliseconds = 20;

    static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    readonly ConcurrentQueue<int> _downloads = [];
    int _requests;
    long _sent;

    /// <summary>The command of a process that wants the file.</summary>
    public const string Command = "fetch";

    /// <summary>Downloads a file into a cache and prints its hash.</summary>
    public static async Task FetchAsync(string file, string cache, string address, TextWriter output)
    {
        var path = await PublishedWeights.GetFileAsync(file, new() { CacheFolder = cache, BaseAddress = new(address) }, progress: null, CancellationToken.None);
        await output.WriteLineAsync(Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(path))));
    }

    public string Run()
    {
        var content = new byte[Length];
        new Random(1).NextBytes(content);
        var hash = Convert.ToHexStringLower(SHA256.HashData(content));
        var file = $"weights-{hash[..8]}.pth";
        using var server = new HttpListener();
        var address = $"http://127.0.0.1:{Random.Shared.Next(20_000, 60_000)}/";
        server.Prefixes.Add(address);
        server.Start();
        _ = ServeAsync(server, content);
        // Each has an address of its own, so that the server knows which one downloads.
        var processes = Enumerable.Range(0, Processes).Select(number => Start(file, $"{address}{number}/")).ToList();
        var killed = new HashSet<int>();
        while (killed.Count < KilledProcesses)
        {
            int number;
            for (var timer = Stopwatch.StartNew(); !_downloads.TryDequeue(out number); Thread.Sleep(1))
                if (timer.Elapsed > _patience) throw new FaultException("No process downloads any more");
            Thread.Sleep(PieceMilliseconds * 5);
            processes[number].Kill();
            killed.Add(number);
        }
        foreach (var process in processes.Where((_, number) => !killed.Contains(number)))
        {
            var found = process.StandardOutput.ReadToEnd().Trim();
            process.WaitForExit();
            if (found != hash) throw new FaultException($"A process found {found} instead of {hash}: exit code {process.ExitCode}, {process.StandardError.ReadToEnd()}");
        }
        server.Stop();
        var left = Directory.GetFiles(cache).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal).ToList();
        if (!left.SequenceEqual([file, file + ".lock"])) throw new FaultException($"The cache has {string.Join(", ", left)}");
        return string.Create(CultureInfo.InvariantCulture,
            $"{Processes - KilledProcesses} processes have the whole file after {_requests} requests and {(double)_sent / Length:F2} times its bytes; {KilledProcesses} were killed while they downloaded");
    }

    Process Start(string file, string address)
    {
        var start = new ProcessStartInfo("dotnet", [Environment.GetCommandLineArgs()[0], Command, file, cache, address]) { RedirectStandardOutput = true, RedirectStandardError = true };
        return Process.Start(start) ?? throw new InvalidOperationException("dotnet does not start");
    }

    async Task ServeAsync(HttpListener server, byte[] content)
    {
        while (server.IsListening)
        {
            var context = await server.GetContextAsync();
            Interlocked.Increment(ref _requests);
            _downloads.Enqueue(int.Parse(context.Request.Url!.Segments[1].TrimEnd('/'), CultureInfo.InvariantCulture));
            _ = Task.Run(() => Send(context, content));
        }
    }

    /// <summary>Sends the file in pieces, from the position that the client wants.</summary>
    void Send(HttpListenerContext context, byte[] content)
    {
        try
        {
            var from = context.Request.Headers["Range"] is { } range ? int.Parse(range["bytes=".Length..^1], CultureInfo.InvariantCulture) : 0;
            var response = context.Response;
            if (from > 0)
            {
                response.StatusCode = (int)HttpStatusCode.PartialContent;
                response.AddHeader("Content-Range", $"bytes {from}-{content.Length - 1}/{content.Length}");
            }
            response.ContentLength64 = content.Length - from;
            for (; from < content.Length; from += Piece)
            {
                var count = Math.Min(Piece, content.Length - from);
                response.OutputStream.Write(content, from, count);
                Interlocked.Add(ref _sent, count);
                Thread.Sleep(PieceMilliseconds);
            }
            response.Close();
        }
        catch (Exception e) when (e is HttpListenerException or IOException or ObjectDisposedException)
        {
            // The client was killed.
        }
    }
}
