using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace ResNet.Serve.Tests;

/// <summary>Sixty-four uploads at a time, hostile ones among them.</summary>
public sealed class LoadTests(Server server) : IClassFixture<Server>
{
    const int Clients = 64;

    /// <summary>The duration; <c>RESNET_SERVE_SECONDS</c> sets a longer one.</summary>
    static readonly TimeSpan _duration = TimeSpan.FromSeconds(
        int.Parse(Environment.GetEnvironmentVariable("RESNET_SERVE_SECONDS") ?? "6", NumberStyles.None, CultureInfo.InvariantCulture));

    [Fact]
    public async Task Good_uploads_are_answered_bad_ones_refused_and_memory_stays_flat()
    {
        byte[][] good = [.. Enumerable.Range(0, 8).Select(Uploads.Photo)];
        byte[][] bad = [.. Uploads.Hostile.Values.Select(make => make())];
        // A third of the time fills what is filled once: sessions, pools, compiled code.
        var answered = await SendAsync(_duration / 3);
        var memory = server.Memory;
        answered += await SendAsync(_duration * 2 / 3);

        Assert.True(answered > Clients, $"{answered} uploads were answered");
        Assert.True(server.Memory < memory + (64 << 20), $"Memory grew from {memory >> 20} to {server.Memory >> 20} MiB");
        Assert.Equal("healthy", await server.Client.GetStringAsync(new Uri("healthz", UriKind.Relative)));

        async Task<int> SendAsync(TimeSpan duration)
        {
            var timer = Stopwatch.StartNew();
            var counts = await Task.WhenAll(Enumerable.Range(0, Clients).Select(async client =>
            {
                var count = 0;
                for (; timer.Elapsed < duration; count++)
                {
                    // Every fourth is bad.
                    var isBad = (client + count) % 4 == 0;
                    using var body = new ByteArrayContent(isBad ? bad[count % bad.Length] : good[count % good.Length]);
                    using var response = await server.Client.PostAsync(new Uri("classify", UriKind.Relative), body);
                    Assert.Equal(isBad ? HttpStatusCode.UnsupportedMediaType : HttpStatusCode.OK, response.StatusCode);
                }
                return count;
            }));
            return counts.Sum();
        }
    }
}
