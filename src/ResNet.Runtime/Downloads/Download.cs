using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace ResNet.Runtime.Downloads;

/// <summary>
/// One download, into <c>PATH.part</c> and, once its hash begins as expected, to its path. The caller holds a <see cref="CacheLock"/>.
/// </summary>
/// <param name="address">The address of the file.</param>
/// <param name="path">The path of the downloaded file.</param>
/// <param name="algorithm">The hash algorithm.</param>
/// <param name="hash">The first digits of its hash, or all, in lower case.</param>
/// <param name="timeout">The longest silence of the server.</param>
/// <param name="progress">Receives the progress after every piece of the download.</param>
sealed class Download(Uri address, string path, HashAlgorithmName algorithm, string hash, TimeSpan timeout, IProgress<DownloadProgress>? progress)
{
    static readonly HttpClient _client = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        // Silence is limited, not the whole: a slow line may take its time.
        Timeout = System.Threading.Timeout.InfiniteTimeSpan,
    };

    readonly string _part = path + ".part";

    /// <exception cref="DownloadException">The file did not arrive, or another one did.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var before = File.Exists(_part) ? new FileInfo(_part).Length : 0;
        try
        {
            await ReceiveAsync(cancellationToken).ConfigureAwait(false);
        }
        catch when (new FileInfo(_part) is { Exists: true, Length: 0 })
        {
            File.Delete(_part);
            throw;
        }
        var found = await HashAsync(cancellationToken).ConfigureAwait(false);
        if (!found.StartsWith(hash, StringComparison.Ordinal))
        {
            File.Delete(_part);
            throw new DownloadException(address, "what arrived is damaged or not the published file; it was deleted" + (before > 0 ? ", with what an earlier download had left" : ""),
                $"{(algorithm == HashAlgorithmName.SHA256 ? "SHA-256" : algorithm)} {hash}{(hash.Length < found.Length ? "…" : "")}", found);
        }
        File.Move(_part, path, overwrite: true);
    }

    /// <summary>Completes the part, from where it ends if the server can continue there.</summary>
    async Task ReceiveAsync(CancellationToken cancellationToken)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        silence.CancelAfter(timeout);
        using var part = new FileStream(_part, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
        try
        {
            using var response = await RequestAsync(part, silence.Token).ConfigureAwait(false);
            if (response is null)
                return;
            var total = part.Position + response.Content.Headers.ContentLength;
            using var body = await response.Content.ReadAsStreamAsync(silence.Token).ConfigureAwait(false);
            var buffer = new byte[1 << 16];
            int count;
            while ((count = await body.ReadAsync(buffer, silence.Token).ConfigureAwait(false)) > 0)
            {
                part.Write(buffer, 0, count);
                silence.CancelAfter(timeout);
                progress?.Report(new(Path.GetFileName(path), part.Position, total));
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Interrupted(part, $"the server was silent for {timeout.TotalSeconds:0.#} s", null);
        }
        catch (Exception e) when (e is HttpRequestException or HttpIOException)
        {
            throw Interrupted(part, e.Message, e);
        }
    }

    /// <summary>The response whose body belongs at the part's position, or null where the part is already whole.</summary>
    async Task<HttpResponseMessage?> RequestAsync(FileStream part, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            if (part.Length > 0)
                request.Headers.Range = new RangeHeaderValue(part.Length, null);
            var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            switch (response.StatusCode)
            {
                case HttpStatusCode.OK: // A server without ranges sends everything again.
                    part.SetLength(0);
                    return response;
                case HttpStatusCode.PartialContent when response.Content.Headers.ContentRange?.From == part.Length:
                    part.Position = part.Length;
                    return response;
                case HttpStatusCode.RequestedRangeNotSatisfiable when part.Length > 0 && response.Content.Headers.ContentRange?.Length == part.Length:
                    response.Dispose();
                    return null;
                case HttpStatusCode.RequestedRangeNotSatisfiable or HttpStatusCode.PartialContent when part.Length > 0:
                    // The part is none of this file; without it there is no range to ask for, so this happens once.
                    response.Dispose();
                    part.SetLength(0);
                    continue;
                default:
                    var status = $"{(int)response.StatusCode} {response.ReasonPhrase}";
                    response.Dispose();
                    throw new DownloadException(address, $"the download failed: the server answered {status}");
            }
        }
    }

    async Task<string> HashAsync(CancellationToken cancellationToken)
    {
        using var part = File.OpenRead(_part);
        return Convert.ToHexStringLower(await CryptographicOperations.HashDataAsync(algorithm, part, cancellationToken).ConfigureAwait(false));
    }

    DownloadException Interrupted(FileStream part, string reason, Exception? inner) =>
        new(address, $"the download failed: {reason}. {part.Length} bytes are kept; another try goes on from there", inner: inner);
}

/// <summary>A file cannot be downloaded.</summary>
sealed class DownloadException(Uri address, string problem, string? expected = null, string? found = null, Exception? inner = null)
    : Exception($"{address}: {problem}{(expected is null ? "" : $"; expected {expected}; found {found}")}", inner)
{
    public string Address { get; } = address.ToString();

    public string Problem { get; } = problem;

    public string? Expected { get; } = expected;

    public string? Found { get; } = found;
}
