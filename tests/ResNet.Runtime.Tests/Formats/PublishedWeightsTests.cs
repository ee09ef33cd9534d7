using System.Security.Cryptography;
using ResNet.Runtime.Downloads;

namespace ResNet.Runtime.Tests.Formats;

/// <summary>Downloads from a server on this machine, through every accident.</summary>
public sealed class PublishedWeightsTests : IDisposable
{
    static readonly byte[] _body = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * 31 >> 3))];
    static readonly string _fileName = $"tiny-{Convert.ToHexStringLower(SHA256.HashData(_body))[..8]}.pth";

    readonly TemporaryFolder _cache = new();
    readonly DownloadServer _server = new(_body);
    readonly List<DownloadProgress> _progress = [];

    string Cached => _cache.File(_fileName);
    string Part => Cached + ".part";

    [Fact]
    public async Task Downloads_once_and_reports_progress()
    {
        Assert.Equal(Cached, await Get());
        Assert.Equal(_body, File.ReadAllBytes(Cached));
        Assert.Equal(new(_fileName, _body.Length, _body.Length), _progress[^1]);
        Assert.False(File.Exists(Part));

        await Get();
        Assert.Equal([($"/models/{_fileName}", null)], _server.Requests);
    }

    [Fact]
    public async Task Resumes_after_a_cut()
    {
        _server.CutAt = 100_000;
        var error = await Assert.ThrowsAsync<WeightsException>(() => Get());
        Assert.Contains("100000 bytes are kept", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Cached));
        Assert.Equal(_body[..100_000], File.ReadAllBytes(Part));

        _server.CutAt = int.MaxValue;
        _progress.Clear();
        await Get();
        Assert.Equal(_body, File.ReadAllBytes(Cached));
        Assert.Equal([null, 100_000], _server.Requests.Select(r => r.From));
        Assert.True(_progress[0].Received > 100_000);
        Assert.All(_progress, p => Assert.Equal(_body.Length, p.Total));
    }

    [Fact]
    public async Task Starts_again_where_the_server_knows_no_ranges()
    {
        File.WriteAllBytes(Part, new byte[1000]);
        _server.Ranges = false;
        await Get();
        Assert.Equal(_body, File.ReadAllBytes(Cached));
    }

    [Fact]
    public async Task Takes_a_part_that_is_already_whole()
    {
        File.WriteAllBytes(Part, _body);
        await Get();
        Assert.Equal(_body, File.ReadAllBytes(Cached));
    }

    [Fact]
    public async Task Starts_again_where_the_part_is_longer_than_the_file()
    {
        File.WriteAllBytes(Part, new byte[_body.Length + 1]);
        await Get();
        Assert.Equal(_body, File.ReadAllBytes(Cached));
        Assert.Equal([_body.Length + 1, null], _server.Requests.Select(r => r.From));
    }

    [Fact]
    public async Task Deletes_what_has_another_hash()
    {
        File.WriteAllBytes(Part, new byte[1000]);
        var error = await Assert.ThrowsAsync<WeightsException>(() => Get());
        Assert.Contains("damaged", error.Message, StringComparison.Ordinal);
        Assert.Equal($"SHA-256 {_fileName[5..13]}…", error.Expected);
        Assert.False(File.Exists(Part) || File.Exists(Cached));

        await Get();
        Assert.Equal(_body, File.ReadAllBytes(Cached));
    }

    [Fact]
    public async Task An_empty_file_in_the_cache_is_downloaded_again()
    {
        File.WriteAllBytes(Cached, []);
        await Get();
        Assert.Equal(_body, File.ReadAllBytes(Cached));
    }

    [Theory]
    [InlineData("404 Not Found")]
    [InlineData("503 Service Unavailable")]
    [InlineData("416 Range Not Satisfiable")]
    public async Task Says_what_the_server_answered(string status)
    {
        _server.Status = status;
        var error = await Assert.ThrowsAsync<WeightsException>(() => Get());
        Assert.Contains(status, error.Message, StringComparison.Ordinal);
        Assert.Equal($"{_server.Address}{_fileName}", error.File);
        Assert.False(File.Exists(Cached));
    }

    [Fact]
    public async Task Says_that_no_server_answers()
    {
        _server.Dispose();
        Assert.Contains("download failed", (await Assert.ThrowsAsync<WeightsException>(() => Get())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gives_up_on_a_silent_server()
    {
        (_server.CutAt, _server.Stall) = (1000, true);
        var error = await Assert.ThrowsAsync<WeightsException>(() => Get(options => options with { Timeout = TimeSpan.FromSeconds(0.5) }));
        Assert.Contains("silent for 0.5 s", error.Message, StringComparison.Ordinal);
        Assert.Equal(_body[..1000], File.ReadAllBytes(Part));
    }

    [Fact]
    public async Task Cancelling_keeps_what_has_arrived()
    {
        (_server.CutAt, _server.Stall) = (100_000, true);
        using var cancel = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Get(received: p =>
        {
            if (p.Received == 100_000)
                cancel.Cancel();
        }, cancellationToken: cancel.Token));
        Assert.Equal(_body[..100_000], File.ReadAllBytes(Part));
    }

    [Fact]
    public async Task Offline_uses_the_cache_alone()
    {
        var error = await Assert.ThrowsAsync<WeightsException>(() => Get(options => options with { Offline = true }));
        Assert.Contains(Cached, error.Message, StringComparison.Ordinal);
        Assert.Contains($"{_server.Address}{_fileName}", error.Message, StringComparison.Ordinal);
        File.WriteAllBytes(Cached, _body);
        Assert.Equal(Cached, await Get(options => options with { Offline = true }));
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task Those_who_come_together_download_once()
    {
        var paths = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Get())));
        Assert.All(paths, path => Assert.Equal(Cached, path));
        Assert.Equal(_body, File.ReadAllBytes(Cached));
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task Waiting_for_another_process_can_be_cancelled()
    {
        using var other = new FileStream(Cached + ".lock", FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        using var cancel = new CancellationTokenSource(300);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Get(cancellationToken: cancel.Token));
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task Says_that_the_cache_cannot_be_written()
    {
        var file = _cache.Write("file", [1]);
        var error = await Assert.ThrowsAsync<WeightsException>(() => Get(options => options with { CacheFolder = file }));
        Assert.Contains("cache cannot be written", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Models_have_the_names_of_torchvision()
    {
        Assert.Equal(17, PublishedWeights.Files.Count);
        Assert.All(PublishedWeights.Files, f => Assert.Matches($"^{f.Key}-[0-9a-f]{{8}}\\.pth$", f.Value));
        var error = await Assert.ThrowsAsync<ArgumentException>(() => PublishedWeights.GetAsync("resnet19"));
        Assert.Contains("resnet18", error.Message, StringComparison.Ordinal);
        var missing = await Assert.ThrowsAsync<WeightsException>(() => PublishedWeights.GetAsync("resnet50", new() { CacheFolder = _cache.Path, Offline = true }));
        Assert.Equal(_cache.File("resnet50-0676ba61.pth"), missing.File);
    }

    [Fact]
    public void The_cache_folder_follows_the_environment_and_the_platform()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var weights = Path.Combine("resnet-dsl", "weights");
        var xdg = Path.GetFullPath("xdg");
        Assert.Equal("here", Folder(name => name == "RESNET_CACHE" ? "here" : xdg, mac: true));
        Assert.Equal(Path.Combine(xdg, weights), Folder(name => name == "XDG_CACHE_HOME" ? xdg : null));
        Assert.Equal(Path.Combine(home, ".cache", weights), Folder(name => name == "XDG_CACHE_HOME" ? "relative" : null));
        Assert.Equal(Path.Combine(home, ".cache", weights), Folder(_ => ""));
        Assert.Equal(Path.Combine(home, "Library", "Caches", weights), Folder(_ => null, mac: true));
        Assert.Equal(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), weights), Folder(_ => null, windows: true));

        // Weights keep the named folder for themselves; data sets have one of their own in it.
        Assert.Equal(Path.Combine("here", "datasets"), CacheFolder.ForDatasets(_ => "here", windows: false, mac: false));
        Assert.Equal(Path.Combine(home, ".cache", "resnet-dsl", "datasets"), CacheFolder.ForDatasets(_ => null, windows: false, mac: false));

        static string Folder(Func<string, string?> environment, bool windows = false, bool mac = false) =>
            CacheFolder.ForWeights(environment, windows, mac);
    }

    public void Dispose()
    {
        _server.Dispose();
        _cache.Dispose();
    }

    Task<string> Get(Func<PublishedWeightsOptions, PublishedWeightsOptions>? change = null, Action<DownloadProgress>? received = null, CancellationToken cancellationToken = default)
    {
        var options = new PublishedWeightsOptions { CacheFolder = _cache.Path, BaseAddress = _server.Address, Timeout = TimeSpan.FromSeconds(30) };
        return PublishedWeights.GetFileAsync(_fileName, change?.Invoke(options) ?? options, new Reporter(received ?? _progress.Add), cancellationToken);
    }

    /// <summary>Unlike <see cref="Progress{T}"/>, in order and before the download goes on.</summary>
    sealed class Reporter(Action<DownloadProgress> received) : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value) => received(value);
    }
}
