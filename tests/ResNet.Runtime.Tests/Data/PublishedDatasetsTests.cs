using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using ResNet.Runtime.Data;
using ResNet.Runtime.Data.Files;
using ResNet.Runtime.Data.Published;
using ResNet.Runtime.Downloads;
using ResNet.Runtime.Tests.Formats;

namespace ResNet.Runtime.Tests.Data;

/// <summary>Downloads from a server on this machine, through every accident.</summary>
public sealed class PublishedDatasetsTests : IDisposable
{
    static readonly byte[] _batch = [.. Enumerable.Range(0, 3 * 3073).Select(i => (byte)(i % 3073 == 0 ? i / 3073 : i * 37 >> 3))];

    static readonly byte[] _archive = Pack(Good());

    readonly TemporaryFolder _cache = new();
    readonly List<DownloadProgress> _progress = [];
    DownloadServer? _server;

    string Folder => _cache.File("tiny");

    [Fact]
    public async Task Downloads_once_and_unpacks()
    {
        var dataset = CifarDataset.Open(await Get(_archive), DatasetSplit.Test);

        Assert.Equal(3, dataset.Count);
        Assert.Equal(_batch.AsSpan(1, 3072), dataset.Planes(0));
        Assert.Equal("hello", File.ReadAllText(Path.Combine(Folder, "deep", "readme.txt")));
        Assert.Equal(new("tiny.tar.gz", _archive.Length, _archive.Length), _progress[^1]);
        AssertCacheHolds("tiny", "tiny.lock");

        // From now on without a network.
        _server!.Dispose();
        Assert.Equal(Folder, await Get(_archive));
        Assert.Equal(Folder, await Get(_archive, options => options with { Offline = true }));
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task Files_that_are_no_archive_are_kept_as_they_are()
    {
        byte[] body = [1, 2, 3];
        var files = new PublishedFiles("tiny", 10, new("http://nowhere.invalid/"), null, [("a.gz", Md5(body)), ("b.gz", Md5(body))]);
        await Get(body, files: files);

        Assert.Equal([_cache.File("tiny/a.gz"), _cache.File("tiny/b.gz")], Directory.GetFiles(Folder).Order());
        Assert.Equal(["/models/a.gz", "/models/b.gz"], _server!.Requests.Select(request => request.Path));
        AssertCacheHolds("tiny", "tiny.lock");
    }

    [Fact]
    public async Task Another_hash_is_refused_and_leaves_nothing()
    {
        var error = await Refused(_archive, files: Files([1]));
        Assert.Contains($"damaged or not the published file; it was deleted; expected MD5 {Md5([1])}; found {Md5(_archive)}", error.Message, StringComparison.Ordinal);
        AssertCacheHolds("tiny.lock");
    }

    [Fact]
    public async Task A_cut_is_named_and_resumed()
    {
        _server = new(_archive) { CutAt = _archive.Length / 2 };
        var error = await Refused(_archive);
        Assert.Contains($"{_archive.Length / 2} bytes are kept", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Folder));

        _server.CutAt = int.MaxValue;
        Assert.Equal(3, CifarDataset.Open(await Get(_archive), DatasetSplit.Test).Count);
        Assert.Equal([null, _archive.Length / 2], _server.Requests.Select(request => request.From));
        AssertCacheHolds("tiny", "tiny.lock");
    }

    [Theory]
    [InlineData("404 Not Found")]
    [InlineData("503 Service Unavailable")]
    public async Task The_servers_answer_is_named(string status)
    {
        _server = new(_archive) { Status = status };
        var error = await Refused(_archive);
        Assert.Equal($"{_server.Address}tiny.tar.gz: the download failed: the server answered {status}", error.Message);
        AssertCacheHolds("tiny.lock");
    }

    [Fact]
    public async Task Offline_says_so()
    {
        var error = await Refused(_archive, change: options => options with { Offline = true });
        Assert.Equal($"{Folder}: the data set is not in the cache, and this is offline. Run once online", error.Message);
        Assert.Empty(_server!.Requests);
    }

    [Fact]
    public async Task A_silent_server_is_given_up()
    {
        _server = new(_archive) { CutAt = 100, Stall = true };
        var error = await Refused(_archive, change: options => options with { Timeout = TimeSpan.FromSeconds(0.3) });
        Assert.Contains("silent for 0.3 s", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_the_download_leaves_nothing()
    {
        _server = new(_archive) { CutAt = 100, Stall = true };
        using var cancel = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Get(_archive, received: _ => cancel.Cancel(), cancellationToken: cancel.Token));
        AssertCacheHolds("tiny.lock");
    }

    [Fact]
    public async Task Cancelling_the_unpacking_leaves_nothing()
    {
        using var cancel = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Get(_archive, received: p =>
        {
            if (p.Received == _archive.Length) cancel.Cancel();
        }, cancellationToken: cancel.Token));
        AssertCacheHolds("tiny.lock");
    }

    [Fact]
    public async Task What_a_killed_process_left_is_no_obstacle()
    {
        _cache.Write("tiny.part/tiny.tar.gz", _archive);
        _cache.Write("tiny.part/unpacked/cifar/test_batch.bin", [1, 2]);
        Assert.Equal(3, CifarDataset.Open(await Get(_archive), DatasetSplit.Test).Count);
        Assert.Empty(_server!.Requests);
        AssertCacheHolds("tiny", "tiny.lock");
    }

    [Fact]
    public async Task Those_who_come_together_download_once()
    {
        _server = new(_archive);
        var folders = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Get(_archive))));
        Assert.All(folders, folder => Assert.Equal(Folder, folder));
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task An_archive_of_something_else_is_refused_and_leaves_nothing()
    {
        var error = await Refused(Pack(new PaxTarEntry(TarEntryType.Directory, "other/")));
        Assert.Contains("tiny.tar.gz: expected the folder cifar in it, found none", error.Message, StringComparison.Ordinal);
        AssertCacheHolds("tiny.lock");
    }

    [Fact]
    public async Task What_is_no_archive_is_refused_and_leaves_nothing()
    {
        var error = await Refused("<html>"u8.ToArray());
        Assert.Contains("tiny.tar.gz: expected a tar archive packed with gzip, found it damaged", error.Message, StringComparison.Ordinal);
        AssertCacheHolds("tiny.lock");
    }

    public static TheoryData<string, string, TarEntryType> Hostile => new()
    {
        { "../x", "found '../x'; refused", TarEntryType.RegularFile },
        { "cifar/../../x", "refused", TarEntryType.RegularFile },
        { "cifar/..", "refused", TarEntryType.Directory },
        { "/elsewhere/x", "found '/elsewhere/x'; refused", TarEntryType.RegularFile },
        { "..\\x", "refused", TarEntryType.RegularFile },
        { "C:\\x", "refused", TarEntryType.RegularFile },
        { "C:x", "refused", TarEntryType.RegularFile },
        { "cifar/link", "found 'cifar/link', a SymbolicLink; refused", TarEntryType.SymbolicLink },
        { "cifar/link", "a HardLink; refused", TarEntryType.HardLink },
        { "cifar/fifo", "a Fifo; refused", TarEntryType.Fifo },
        { "cifar/device", "a CharacterDevice; refused", TarEntryType.CharacterDevice },
        { "cifar/test_batch.bin", "expected each file once, found 'cifar/test_batch.bin' again", TarEntryType.RegularFile },
        { "CIFAR/..", "refused", TarEntryType.RegularFile },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task Hostile_entries_are_refused_and_leave_nothing(string name, string problem, TarEntryType type)
    {
        var entry = new PaxTarEntry(type, name);
        if (type is TarEntryType.SymbolicLink or TarEntryType.HardLink) entry.LinkName = "/etc/passwd";
        if (type is TarEntryType.RegularFile) entry.DataStream = new MemoryStream([1]);
        var error = await Refused(Pack(Good().Append(entry)));
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Contains("tiny.tar.gz", error.Message, StringComparison.Ordinal);
        AssertCacheHolds("tiny.lock");
        Assert.False(File.Exists(Path.Combine(_cache.Path, "..", "x")));
    }

    [Fact]
    public async Task Damaged_archives_are_refused_with_one_kind_of_error()
    {
        var tar = Unpacked(_archive);
        var random = new Random(1);
        for (var trial = 0; trial < 300; trial++)
        {
            var bytes = (byte[])tar.Clone();
            // The first headers are where names, sizes and types stand.
            for (var edits = 0; edits < 3; edits++) bytes[random.Next(1600)] = (byte)random.Next(256);
            var path = _cache.Write("damaged", Packed(trial % 3 == 0 ? bytes[..random.Next(bytes.Length)] : bytes));
            try
            {
                await TarArchive.UnpackAsync(path, _cache.File($"to/{trial}"), default);
            }
            catch (DatasetException e)
            {
                Assert.StartsWith(path, e.Message, StringComparison.Ordinal);
            }
        }
        Assert.Equal(["damaged", "to"], Directory.GetFileSystemEntries(_cache.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Names_are_known()
    {
        Assert.Equal(["cifar10", "cifar100", "mnist", "fashion-mnist"], PublishedDatasets.Names);
        Assert.All(PublishedFiles.All, entry => Assert.All(entry.Value.Files, file => Assert.Matches("^[0-9a-f]{32}$", file.Md5)));
        var error = await Assert.ThrowsAsync<ArgumentException>(() => PublishedDatasets.GetAsync("cifar11"));
        Assert.Contains("cifar10", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_or_a_path_opens()
    {
        var options = new PublishedDatasetsOptions { CacheFolder = _cache.Path, Offline = true };
        _cache.Write("cifar10/test_batch.bin", _batch);

        Assert.Equal(3, (await ImageDataset.OpenAsync("CIFAR10", DatasetSplit.Test, options: options)).Count);
        Assert.Equal(3, (await ImageDataset.OpenAsync(_cache.File("cifar10"), DatasetSplit.Test, Labels.Cifar10)).Count);
        Assert.Contains("data_batch_1.bin: there is no such file", (await Fails("cifar10", Labels.Cifar10, DatasetSplit.Train)).Message, StringComparison.Ordinal);
        Assert.Equal("cifar100: expected images of the network's 10 classes, found images of 100 classes", (await Fails("cifar100", Labels.Cifar10)).Message);
        Assert.Contains("mnist: the data set is not in the cache", (await Fails("mnist", Labels.Cifar10)).Message, StringComparison.Ordinal);
        Assert.Equal("cifar11: there is no such file or folder, nor a data set of that name (cifar10, cifar100, mnist, fashion-mnist)", (await Fails("cifar11", Labels.Cifar10)).Message);

        Task<DatasetException> Fails(string name, IReadOnlyList<string> labels, DatasetSplit split = DatasetSplit.Test) =>
            Assert.ThrowsAsync<DatasetException>(() => ImageDataset.OpenAsync(name, split, labels, options));
    }

    public void Dispose()
    {
        _server?.Dispose();
        _cache.Dispose();
    }

    Task<string> Get(byte[] body, Func<PublishedDatasetsOptions, PublishedDatasetsOptions>? change = null, PublishedFiles? files = null,
        Action<DownloadProgress>? received = null, CancellationToken cancellationToken = default)
    {
        _server ??= new(body);
        var options = new PublishedDatasetsOptions { CacheFolder = _cache.Path, Mirror = _server.Address, Timeout = TimeSpan.FromSeconds(30) };
        return PublishedDatasets.GetAsync(files ?? Files(body), change?.Invoke(options) ?? options, new Reporter(received ?? (p => { lock (_progress) _progress.Add(p); })), cancellationToken);
    }

    Task<DatasetException> Refused(byte[] body, Func<PublishedDatasetsOptions, PublishedDatasetsOptions>? change = null, PublishedFiles? files = null) =>
        Assert.ThrowsAsync<DatasetException>(() => Get(body, change, files));

    void AssertCacheHolds(params string[] names) =>
        Assert.Equal(names.Order(StringComparer.Ordinal), Directory.GetFileSystemEntries(_cache.Path).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal));

    static PublishedFiles Files(byte[] body) => new("tiny", 10, new("http://nowhere.invalid/"), "cifar", [("tiny.tar.gz", Md5(body))]);

    static string Md5(byte[] body) => Convert.ToHexStringLower(CryptographicOperations.HashData(HashAlgorithmName.MD5, body));

    static IEnumerable<TarEntry> Good() =>
    [
        new PaxGlobalExtendedAttributesTarEntry(new Dictionary<string, string> { ["comment"] = "x" }),
        new PaxTarEntry(TarEntryType.Directory, "cifar/"),
        new PaxTarEntry(TarEntryType.RegularFile, "cifar/test_batch.bin") { DataStream = new MemoryStream(_batch) },
        new PaxTarEntry(TarEntryType.RegularFile, "cifar/deep/readme.txt") { DataStream = new MemoryStream("hello"u8.ToArray()) },
        new PaxTarEntry(TarEntryType.RegularFile, "./cifar/empty"),
    ];

    static byte[] Pack(params IEnumerable<TarEntry> entries)
    {
        using var stream = new MemoryStream();
        using (var writer = new TarWriter(stream, TarEntryFormat.Pax, leaveOpen: true))
            foreach (var entry in entries)
            {
                // The same bytes at every call.
                if (entry is PosixTarEntry) entry.ModificationTime = DateTimeOffset.UnixEpoch;
                writer.WriteEntry(entry);
            }
        return Packed(stream.ToArray());
    }

    static byte[] Packed(byte[] content)
    {
        using var stream = new MemoryStream();
        using (var packed = new GZipStream(stream, CompressionLevel.Fastest)) packed.Write(content);
        return stream.ToArray();
    }

    static byte[] Unpacked(byte[] packed)
    {
        using var stream = new MemoryStream();
        using var unpacked = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
        unpacked.CopyTo(stream);
        return stream.ToArray();
    }

    /// <summary>Unlike <see cref="Progress{T}"/>, in order and before the download goes on.</summary>
    sealed class Reporter(Action<DownloadProgress> received) : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value) => received(value);
    }
}
