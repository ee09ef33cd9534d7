using ResNet.Dsl;
using ResNet.Runtime.Weights.Initialization;

namespace ResNet.Runtime.Tests.Formats;

/// <summary>Weights from streams and memory, asynchronously, and back.</summary>
public class WeightStreamTests
{
    static readonly NetworkDefinition _definition = TestNetworks.Build(3, 8, 8, net => net.Conv(4, 3).BatchNorm().Relu().GlobalAveragePool().Dense(3));

    static (float[] Trained, byte[] Saved) Trained()
    {
        using var network = Network.Create(_definition);
        new HeInitializer(7).Initialize(network.Parameters);
        network.Labels = ["a", "b", "c"];
        using var stream = new MemoryStream();
        network.Save(stream);
        Assert.True(stream.CanWrite);
        return (network.Parameters.Trained.ToArray(), stream.ToArray());
    }

    public static TheoryData<string> Ways => ["stream", "unseekable", "memory", "file", "stream async", "file async"];

    static async Task Load(Network network, byte[] bytes, string way, CancellationToken cancellationToken = default)
    {
        using var folder = new TemporaryFolder();
        switch (way)
        {
            case "stream": network.Load(new MemoryStream(bytes)); break;
            case "unseekable": network.Load(new Trickle(bytes)); break;
            case "memory": network.Load(bytes); break;
            case "file": network.Load(folder.Write("a", bytes)); break;
            case "stream async": await network.LoadAsync(new Trickle(bytes), cancellationToken: cancellationToken); break;
            default: await network.LoadAsync(folder.Write("a", bytes), cancellationToken: cancellationToken); break;
        }
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Every_way_loads_the_same(string way)
    {
        var (trained, saved) = Trained();
        using var network = Network.Create(_definition);
        await Load(network, saved, way);
        Assert.Equal(trained, network.Parameters.Trained.ToArray());
        Assert.Equal(["a", "b", "c"], network.Labels);
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Broken_content_changes_nothing_and_is_named(string way)
    {
        var (_, saved) = Trained();
        using var network = Network.Create(_definition);
        var before = network.Parameters.Trained.ToArray();
        foreach (var broken in new byte[][] { [], saved[..7], saved[..100], saved[..^1], [.. saved, 0], [1, 2, 3, 4, 5, 6, 7, 8, 9] })
        {
            var error = await Assert.ThrowsAsync<WeightsException>(() => Load(network, broken, way));
            if (!way.StartsWith("file", StringComparison.Ordinal)) Assert.Equal(way == "memory" ? "memory" : "stream", error.File);
        }
        Assert.Equal(before, network.Parameters.Trained.ToArray());
    }

    [Fact]
    public void A_stream_is_read_from_where_it_stands_and_may_have_a_name()
    {
        var (trained, saved) = Trained();
        using var network = Network.Create(_definition);
        using var stream = new MemoryStream([1, 2, 3, .. saved]) { Position = 3 };
        network.Load(stream);
        Assert.Equal(trained, network.Parameters.Trained.ToArray());
        Assert.True(stream.CanRead);
        var error = Assert.Throws<WeightsException>(() => network.Load(new MemoryStream([1, 2]), name: "upload of Ann"));
        Assert.StartsWith("upload of Ann: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_closed_memory_is_read_no_more()
    {
        var (_, saved) = Trained();
        var file = WeightFile.Open(saved);
        var tensor = file.Tensors[0];
        file.Dispose();
        Assert.Throws<ObjectDisposedException>(() => tensor.ToArray());
    }

    [Fact]
    public async Task Cancelling_changes_nothing()
    {
        var (_, saved) = Trained();
        using var network = Network.Create(_definition);
        var before = network.Parameters.Trained.ToArray();
        using var source = new CancellationTokenSource();
        var trickle = new Trickle(saved) { AtHalf = source.Cancel };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => network.LoadAsync(trickle, cancellationToken: source.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Load(network, saved, "file async", source.Token));
        Assert.Equal(before, network.Parameters.Trained.ToArray());
    }

    [Fact]
    public void A_stream_that_fails_is_named()
    {
        using var network = Network.Create(_definition);
        var failing = new Trickle(new byte[100]) { AtHalf = () => throw new IOException("the line is dead") };
        Assert.Contains("stream: the stream cannot be read: the line is dead", Assert.Throws<WeightsException>(() => network.Load(failing)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PyTorchs_formats_are_read_from_memory()
    {
        foreach (var name in PyTorchTests.Files)
        {
            using var file = WeightFile.Open(TorchFiles.Path(name));
            using var memory = WeightFile.Open(File.ReadAllBytes(TorchFiles.Path(name)));
            Assert.Equal(file.Tensors.Select(tensor => (tensor.Name, tensor.Type)), memory.Tensors.Select(tensor => (tensor.Name, tensor.Type)));
            foreach (var (expected, actual) in file.Tensors.Zip(memory.Tensors)) Assert.Equal(expected.ToArray(), actual.ToArray());
        }
    }

    /// <summary>A stream of a network: of unknown length, and with few bytes at a time.</summary>
    sealed class Trickle(byte[] content) : Stream
    {
        int _position;

        public Action AtHalf { get; init; } = () => { };

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            var count = Math.Min(Math.Min(13, buffer.Length), content.Length - _position);
            content.AsSpan(_position, count).CopyTo(buffer);
            if (_position < content.Length / 2 && _position + count >= content.Length / 2) AtHalf();
            _position += count;
            return count;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new(Read(buffer.Span));
        }

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
