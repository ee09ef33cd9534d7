using ResNet.Runtime.Data;
using ResNet.Runtime.Evaluation;
using ResNet.Runtime.Tests.Classification;

namespace ResNet.Runtime.Tests.Evaluation;

/// <summary>Evaluations by several views, and by several networks.</summary>
public sealed class ProtocolTests : IDisposable
{
    readonly TinyClassifier _small = new(6, 7, seed: 1), _large = new(9, 11, seed: 2);

    public void Dispose()
    {
        _small.Dispose();
        _large.Dispose();
    }

    static readonly TestProtocol[] _protocols = [TestProtocol.CenterCrop, TestProtocol.TenCrop, TestProtocol.MultiScaleOf(5, 8, 12)];

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 7)]
    [InlineData(1, 1)]
    [InlineData(1, 40)]
    [InlineData(1, 1000)]
    [InlineData(2, 7)]
    [InlineData(2, 40)]
    public void AnswersAreThoseOfTheScoresWhateverTheBatch(int number, int batch)
    {
        var protocol = _protocols[number] with { Average = ScoreAverage.Probabilities };
        var data = new Drawn(23);
        using var ensemble = new Ensemble(_small.Network, _large.Network);

        var result = Evaluator.Evaluate(ensemble, data, new() { Protocol = protocol, BatchSize = batch, KeepPredictions = true });

        Assert.Equal((23, protocol, 2, true), (result.Images, result.Protocol, result.Networks, result.IsAveraged));
        var expected = Enumerable.Range(0, 23).Select(index => Prediction.Best(ensemble.Score([data.Load(index)], protocol)[0], ensemble.Labels, 1)[0]).ToList();
        Assert.Equal(expected.Select(best => best.Class), result.Predictions.Select(answer => answer.Predicted));
        Assert.All(result.Predictions.Zip(expected), pair => Assert.Equal(pair.Second.Probability, pair.First.Probability, 1e-5));
        Assert.Equal(expected.Index().Count(one => one.Item.Class == data.ClassOf(one.Index)), result.Top1);
        Assert.True(expected.Select(best => best.Probability).Distinct().Count() > 10);
    }

    [Fact]
    public void EachImageIsDecodedOnceForAllViewsAndNetworks()
    {
        var data = new Drawn(11);
        using var ensemble = new Ensemble(_small.Network, _large.Network);
        Evaluator.Evaluate(ensemble, data, new() { Protocol = TestProtocol.TenCrop, BatchSize = 20 });
        Assert.All(data.Loaded, count => Assert.Equal(1, count));
    }

    [Fact]
    public void ImagesThatAreTooLongAtAScaleAreNamedOrLeftOut()
    {
        var data = new Drawn(5, tooLong: 3);
        var options = new EvaluationOptions { Protocol = TestProtocol.MultiScaleOf(8), BatchSize = 4, KeepPredictions = true };
        Assert.StartsWith("drawn 3: An image of 1×2000, whole, with a shorter side of 8", Assert.Throws<DatasetException>(() => Evaluator.Evaluate(_small.Network, data, options)).Message, StringComparison.Ordinal);
        var result = Evaluator.Evaluate(_small.Network, data, options with { SkipBroken = true });
        Assert.Equal([0, 1, 2, 4], result.Predictions.Select(answer => answer.Index));
        Assert.Equal(3, Assert.Single(result.Broken).Index);
    }

    [Fact]
    public void ViewsThatANetworkDoesNotTakeAreRefusedBeforeAnyImageIsRead()
    {
        var data = new Drawn(3);
        using var flat = Network.Create(TestNetworks.Build(3, 8, 8, net => net.Flatten().Relu().Dense(3)));
        Assert.Contains("flattens", Assert.Throws<ArgumentException>(() => Evaluator.Evaluate(flat, data, new() { Protocol = TestProtocol.MultiScaleOf(9) })).Message, StringComparison.Ordinal);
        using var two = Network.Create(TestNetworks.Build(2, 8, 8, net => net.GlobalAveragePool().Dense(3)));
        Assert.Contains("takes 2 channels", Assert.Throws<ArgumentException>(() => Evaluator.Evaluate(two, data)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => Evaluator.Evaluate(_small.Network, data, new() { Protocol = null! }));
        Assert.All(data.Loaded, count => Assert.Equal(0, count));
    }

    [Fact]
    public void ProgressCountsImagesRatherThanViews()
    {
        var told = new List<int>();
        Evaluator.Evaluate(_small.Network, new Drawn(5), new() { Protocol = TestProtocol.TenCrop, BatchSize = 20, Progress = new Listener(progress => told.Add(progress.Done)) });
        Assert.Equal([2, 4, 5], told);
    }

    /// <summary>Pictures of many shapes.</summary>
    sealed class Drawn(int count, int tooLong = -1) : ImageDataset
    {
        public int[] Loaded { get; } = new int[count];

        public override string Description => "drawn pictures";

        public override IReadOnlyList<string> Classes => ["0", "1", "2"];

        public override int Count => count;

        public override int ClassOf(int index) => index % 3;

        public override string NameOf(int index) => $"drawn {index}";

        public override Image Load(int index)
        {
            Interlocked.Increment(ref Loaded[index]);
            return index == tooLong ? Pictures.Draw(1, 2000, index) : Pictures.Draw(8 + index % 5 * 3, 8 + index / 5 * 2, index);
        }
    }

    sealed class Listener(Action<EvaluationProgress> listen) : IProgress<EvaluationProgress>
    {
        public void Report(EvaluationProgress value) => listen(value);
    }
}
