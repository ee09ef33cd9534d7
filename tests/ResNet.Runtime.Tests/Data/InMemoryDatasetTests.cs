using ResNet.Runtime.Data;

namespace ResNet.Runtime.Tests.Data;

public sealed class InMemoryDatasetTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Files_are_read_once()
    {
        for (byte i = 0; i < 20; i++) _folder.WriteImage($"{(i % 2 == 0 ? "cat" : "dog")}/{i:D2}.png", red: i);
        var files = ImageDataset.Open(_folder.Path, DatasetSplit.Train);
        var progress = new List<LoadingProgress>();

        var dataset = files.InMemory(new Reporter(progress.Add));
        Directory.Delete(_folder.File("cat"), recursive: true);

        Assert.Equal(Enumerable.Range(0, 20).Select(files.NameOf), Enumerable.Range(0, 20).Select(dataset.NameOf));
        for (var i = 0; i < 20; i++)
            Assert.Equal((i < 10 ? 2 * i : 2 * (i - 10) + 1, i / 10), (dataset.Load(i)[0, 0].Red, dataset.ClassOf(i)));
        Assert.Same(dataset.Load(7), dataset.Load(7));
        Assert.Empty(dataset.Broken);
        Assert.Equal(files.Description, dataset.Description);
        Assert.Equal(["cat", "dog"], dataset.Classes);
        Assert.Equal(Enumerable.Range(1, 20).Select(done => new LoadingProgress(done, 20, 0)), progress);
        Assert.Throws<ArgumentOutOfRangeException>(() => dataset.Load(20));
    }

    [Fact]
    public void Broken_images_keep_their_place_and_are_named()
    {
        _folder.WriteImage("cat/1.png", red: 1);
        var broken = _folder.Write("cat/2.png", "no image");
        _folder.WriteImage("cat/3.png", red: 3);
        var progress = new List<LoadingProgress>();

        var dataset = ImageDataset.Open(_folder.Path, DatasetSplit.Train).InMemory(new Reporter(progress.Add));

        Assert.Equal(3, dataset.Count);
        Assert.Equal(3, dataset.Load(2)[0, 0].Red);
        var error = Assert.Throws<DatasetException>(() => dataset.Load(1));
        Assert.StartsWith(broken, error.Message, StringComparison.Ordinal);
        Assert.Equal([new(1, error.Message)], dataset.Broken);
        Assert.Equal(new(3, 3, 1), progress[^1]);
    }

    [Fact]
    public void Decoding_can_be_cancelled()
    {
        using var cancel = new CancellationTokenSource();
        var done = 0;
        var error = Assert.Throws<OperationCanceledException>(() => new Shapes10(100_000).InMemory(new Reporter(p =>
        {
            done = p.Done;
            if (done == 5) cancel.Cancel();
        }), cancel.Token));
        Assert.InRange(done, 5, 1000);
        Assert.Equal(cancel.Token, error.CancellationToken);
    }

    [Fact]
    public void Other_errors_come_as_they_are() => Assert.Throws<InvalidOperationException>(() => new Failing().InMemory());

    sealed class Failing : ImageDataset
    {
        public override string Description => "";
        public override IReadOnlyList<string> Classes => ["all"];
        public override int Count => 3;
        public override int ClassOf(int index) => 0;
        public override string NameOf(int index) => "";
        public override Image Load(int index) => throw new InvalidOperationException();
    }

    sealed class Reporter(Action<LoadingProgress> report) : IProgress<LoadingProgress>
    {
        public void Report(LoadingProgress value) => report(value);
    }
}
