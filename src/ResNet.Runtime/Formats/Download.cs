using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace ResNet.Runtime.Formats;

/// <summary>
/// One download, into <c>PATH.part</c> and, once its hash is the one in the file's name, to its path.
/// The caller holds the file's lock.
/// </summary>
sealed class Download(Uri address, string path, TimeSpan timeout, IProgress<DownloadProgress>? progress)
{
    static readonly HttpClient Client = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        // Silence is limited, not the whole: a slow line may take its time.
        Timeout = System.Threading.Timeout.InfiniteTimeSpan,
    };

    readonly string _part = path + ".part";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var before = File.Exists(_part) ? new FileInfo(_part).Length : 0;
        await ReceiveAsync(cancellationToken).ConfigureAwait(false);
        var (expected, found) = (ExpectedHash(path), await HashAsync(cancellationToken).ConfigureAwait(false));
        if (!found.StartsWith(expected, StringComparison.Ordinal))
        {
            File.Delete(_part);
            throw new WeightsException(address.ToString(), "what arrived is damaged or not the published file; it was deleted" + (before > 0 ? ", with what an earlier download had left" : ""),
                expected: $"SHA-256 {expected}…", found: found);
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
            var response = await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
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
                    throw new WeightsException(address.ToString(), $"the download failed: the server answered {status}");
            }
        }
    }

    async Task<string> HashAsync(CancellationToken cancellationToken)
    {
        using var part = File.OpenRead(_part);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(part, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>The hexadecimal digits between the last hyphen and the extension.</summary>
    static string ExpectedHash(string path) => Path.GetFileNameWithoutExtension(path).Split('-')[^1];

    WeightsException Interrupted(FileStream part, string reason, Exception? inner) =>
        new(address.ToString(), $"the download failed: {reason}. {part.Length} bytes are kept; another try goes on from there", inner: inner);
}
