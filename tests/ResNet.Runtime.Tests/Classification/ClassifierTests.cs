using ResNet.Runtime.Tests.Networks;
using ResNet.Runtime.Weights.Initialization;
using ResNet.Tests;

namespace ResNet.Runtime.Tests.Classification;

public sealed class ClassifierTests : IDisposable
{
    readonly Cifar20 _network = new() { Labels = Labels.Cifar10 };
    readonly Image[] _images = [.. Enumerable.Range(0, 12).Select(Picture)];

    public ClassifierTests() => new HeInitializer(7).Initialize(_network.Parameters);

    public void Dispose() => _network.Dispose();

    [Fact]
    public async Task ManyThreadsGetWhatOneGets()
    {
        using var classifier = new Classifier(_network);
        var expected = _images.Select(image => _network.Classify(image, 10)).ToArray();
        Assert.True(expected.Select(predictions => predictions[0].Class).Distinct().Count() > 1 || expected[0][0].Probability != expected[1][0].Probability);
        var files = _images.Select(Encode).ToArray();
        var threads = Enumerable.Range(0, 16).Select(thread => Task.Factory.StartNew(() =>
        {
            for (var round = 0; round < 10; round++)
            {
                var index = (thread * 5 + round) % _images.Length;
                var answer = (round % 3) switch
                {
                    0 => classifier.Classify(_images[index], 10),
                    1 => classifier.Classify(files[index].AsSpan(), 10),
                    _ => classifier.Classify(new MemoryStream(files[index]), 10),
                };
                AssertSame(expected[index], answer);
            }
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        await Task.WhenAll(threads);
    }

    [Fact]
    public async Task ManyTasksGetWhatOneGets()
    {
        using var classifier = new Classifier(_network);
        var expected = _images.Select(image => _network.Classify(image, 10)).ToArray();
        var files = _images.Select(Encode).ToArray();
        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => classifier.ClassifyAsync(new MemoryStream(files[i % files.Length]), 10)));
        for (var i = 0; i < answers.Length; i++) AssertSame(expected[i % files.Length], answers[i]);
    }

    [Theory, InlineData(1), InlineData(5), InlineData(12), InlineData(100)]
    public async Task BatchesAreInOrder(int batchSize)
    {
        using var classifier = new Classifier(_network);
        var expected = _images.Select(image => classifier.Classify(image, 3)).ToList();
        var together = classifier.ClassifyBatch(_images, 3);
        var streamed = new List<IReadOnlyList<Prediction>>();
        await foreach (var predictions in classifier.ClassifyAsync(_images.ToAsyncEnumerable(), batchSize, top: 3)) streamed.Add(predictions);
        Assert.Equal((12, 12), (together.Count, streamed.Count));
        for (var i = 0; i < 12; i++)
        {
            AssertSame(expected[i], together[i]);
            AssertSame(expected[i], streamed[i]);
        }
        Assert.Empty(classifier.ClassifyBatch([]));
    }

    [Fact]
    public async Task ABrokenImageIsAnImageExceptionAndHarmsNoOther()
    {
        using var classifier = new Classifier(_network);
        var cut = Encode(_images[0])[..60];
        Assert.Throws<ImageException>(() => classifier.Classify(cut.AsSpan()));
        Assert.Throws<ImageException>(() => classifier.Classify(new MemoryStream(cut)));
        for (var i = 0; i < 3 * Environment.ProcessorCount; i++)
            await Assert.ThrowsAsync<ImageException>(() => classifier.ClassifyAsync(new MemoryStream([])));
        AssertSame(_network.Classify(_images[0]), await classifier.ClassifyAsync(new MemoryStream(Encode(_images[0]))));
        Assert.Throws<ArgumentOutOfRangeException>(() => classifier.Classify(_images[0], top: 0));
    }

    [Fact]
    public async Task CancellingEndsTheCallsAndNothingElse()
    {
        using var classifier = new Classifier(_network);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => classifier.ClassifyAsync(new MemoryStream(Encode(_images[0])), cancellationToken: cancelled.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in classifier.ClassifyAsync(_images.ToAsyncEnumerable(), 2, cancellationToken: cancelled.Token)) Assert.Fail("It is cancelled");
        });
        // A caller may leave in the middle.
        await foreach (var _ in classifier.ClassifyAsync(_images.ToAsyncEnumerable(), 2)) break;
        Assert.Equal(5, classifier.Classify(_images[0]).Count);
    }

    [Fact]
    public void OneThatIsOpenedOwnsItsNetwork()
    {
        using var folder = new TemporaryFolder();
        _network.Save(folder.File("best.safetensors"));
        var expected = _network.Classify(_images[0]);
        var opened = Classifier.Open(folder.Path);
        AssertSame(expected, opened.Classify(_images[0]));
        opened.Dispose();
        opened.Dispose();
        Assert.Throws<ObjectDisposedException>(() => opened.Classify(_images[0]));

        new Classifier(_network).Dispose();
        AssertSame(expected, _network.Classify(_images[0]));
    }

    [Fact]
    public void NetworksThatCannotClassifyPicturesAreRefused()
    {
        using var two = Network.Create(TestNetworks.Build(2, 8, 8, net => net.GlobalAveragePool().Dense(2)));
        Assert.Contains("3 channels", Assert.Throws<ArgumentException>(() => new Classifier(two)).Message, StringComparison.Ordinal);
        using var maps = Network.Create(TestNetworks.Build(3, 8, 8, net => net.Conv(2, 1)));
        Assert.Contains("feature maps", Assert.Throws<ArgumentException>(() => new Classifier(maps)).Message, StringComparison.Ordinal);
        using var other = new Cifar20 { Preprocessing = new(24, 24, 24) };
        Assert.Contains("24×24", Assert.Throws<ArgumentException>(() => new Classifier(other)).Message, StringComparison.Ordinal);
    }

    static void AssertSame(IReadOnlyList<Prediction> expected, IReadOnlyList<Prediction> actual)
    {
        Assert.Equal(expected.Select(one => (one.Class, one.Label)), actual.Select(one => (one.Class, one.Label)));
        for (var i = 0; i < expected.Count; i++) Assert.Equal(expected[i].Probability, actual[i].Probability, 1e-5);
    }

    static Image Picture(int seed)
    {
        var pixels = new byte[3 * 40 * (33 + seed)];
        for (var i = 0; i < pixels.Length; i++) pixels[i] = (byte)(i * (seed + 3) % 251);
        return Image.FromRgb(40, 33 + seed, pixels);
    }

    static byte[] Encode(Image image)
    {
        using var stream = new MemoryStream();
        image.SavePng(stream);
        return stream.ToArray();
    }
}
