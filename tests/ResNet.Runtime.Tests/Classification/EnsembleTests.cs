using ResNet.Dsl;
using ResNet.Tests;

namespace ResNet.Runtime.Tests.Classification;

public sealed class EnsembleTests : IDisposable
{
    readonly TinyClassifier _small = new(6, 6, seed: 1), _large = new(9, 11, seed: 2);

    public void Dispose()
    {
        _small.Dispose();
        _large.Dispose();
    }

    [Theory]
    [InlineData(ScoreAverage.Logits)]
    [InlineData(ScoreAverage.Probabilities)]
    public void MembersOfOtherSizesCountTheSame(ScoreAverage average)
    {
        using var ensemble = new Ensemble(_small.Network, _large.Network);
        var protocol = TestProtocol.Flip with { Average = average };
        Image[] pictures = [Pictures.Draw(20, 30, 1), Pictures.Draw(40, 12, 2), Pictures.Draw(9, 9, 3)];

        var scores = ensemble.Score(pictures, protocol);

        for (var i = 0; i < pictures.Length; i++)
        {
            var views = new[] { _small, _large }.SelectMany(member => new[] { false, true }.Select(isMirrored => View(member, pictures[i], isMirrored)));
            var expected = average == ScoreAverage.Logits ? Pictures.Mean(views) : [.. Pictures.Mean(views.Select(one => Pictures.Softmax(one))).Select(value => Math.Log(value))];
            for (var index = 0; index < expected.Length; index++) Assert.Equal(expected[index], scores[i][index], 1e-4);
        }
    }

    [Fact]
    public async Task ManyThreadsGetWhatOneGetsAtMoreSizesThanAreKept()
    {
        using var ensemble = new Ensemble(_small.Network, _large.Network);
        var protocol = TestProtocol.MultiScaleOf(7, 12);
        var pictures = Enumerable.Range(0, 16).Select(i => Pictures.Draw(10 + i, 17, i)).ToArray();
        var expected = pictures.Select(picture => ensemble.Score([picture], protocol).Data.ToArray()).ToArray();
        Assert.Equal(expected.SelectMany(scores => scores), ensemble.Score(pictures, protocol).Data.ToArray());
        using var classifier = new Classifier(ensemble, protocol: protocol);
        var threads = Enumerable.Range(0, 8).Select(thread => Task.Factory.StartNew(() =>
        {
            for (var round = 0; round < 20; round++)
            {
                var index = (thread * 5 + round * 3) % pictures.Length;
                Assert.Equal(expected[index], ensemble.Score([pictures[index]], protocol).Data.ToArray());
                Assert.Equal(Prediction.Best(expected[index], ensemble.Labels, 3), classifier.Classify(pictures[index], 3));
            }
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
        await Task.WhenAll(threads);
    }

    [Fact]
    public void ClassesThatDifferAreNamed()
    {
        using var four = new TinyClassifier(6, 6, seed: 3, classes: 4);
        Assert.Equal("The classes differ: network 1 (Tiny1) has 3, network 2 (Tiny3) has 4", Refused(_small.Network, four.Network));

        _small.Network.Labels = ["cat", "dog", "horse"];
        four.Network.Labels = ["cat", "dog", "horse", "cow"];
        Assert.Contains("network 2 (Tiny3) has 4; only network 2 (Tiny3) has \"cow\"", Refused(_small.Network, four.Network), StringComparison.Ordinal);

        _large.Network.Labels = ["cat", "ship", "horse"];
        Assert.Equal("The classes differ: only network 1 (Tiny1) has \"dog\"; only network 2 (Tiny2) has \"ship\"", Refused(_small.Network, _large.Network));

        _large.Network.Labels = ["cat", "horse", "dog"];
        Assert.Equal("The classes differ: they have the same names in another order: class 1 is \"dog\" of network 1 (Tiny1) and \"horse\" of network 2 (Tiny2)", Refused(_small.Network, _large.Network));

        Assert.Throws<ArgumentException>(() => new Ensemble());
        Assert.Throws<ArgumentNullException>(() => new Ensemble(_small.Network, null!));
    }

    [Fact]
    public void ManyDifferencesAreCounted()
    {
        using var one = new TinyClassifier(6, 6, seed: 1, classes: 9);
        using var other = new TinyClassifier(6, 6, seed: 2, classes: 9);
        one.Network.Labels = [.. Enumerable.Range(0, 9).Select(index => $"a{index}")];
        other.Network.Labels = [.. Enumerable.Range(0, 9).Select(index => $"b{index}")];
        Assert.Contains("only network 2 (Tiny2) has \"b0\", \"b1\", \"b2\", \"b3\", \"b4\" and 4 more", Refused(one.Network, other.Network), StringComparison.Ordinal);
    }

    [Fact]
    public void NamesThatOneDoesNotKnowAreTheOthers()
    {
        _large.Network.Labels = ["cat", "dog", "horse"];
        using var ensemble = new Ensemble(_small.Network, _large.Network);
        Assert.Equal(["cat", "dog", "horse"], ensemble.Labels);
    }

    [Fact]
    public void NetworksThatAreOpenedAreDisposedAndOthersAreNot()
    {
        using var folder = new TemporaryFolder();
        _small.Network.Save(folder.File("small.safetensors"));
        _large.Network.Save(folder.File("large.safetensors"));
        var picture = Pictures.Draw(20, 30, 1);
        var ensemble = new Ensemble(_small.Network, _large.Network);
        var opened = Ensemble.Open([folder.File("small.safetensors"), folder.File("large.safetensors")]);
        var expected = ensemble.Score([picture], TestProtocol.MultiScaleOf(7)).Data.ToArray();
        Assert.Equal(expected, opened.Score([picture], TestProtocol.MultiScaleOf(7)).Data.ToArray());

        ensemble.Dispose();
        ensemble.Dispose();
        opened.Dispose();
        Assert.Throws<ObjectDisposedException>(() => ensemble.Score([picture]));
        Assert.Throws<ObjectDisposedException>(() => opened.Networks[0].Classify(picture));
        Assert.Equal(3, _small.Network.Classify(picture).Count);
        Assert.Throws<WeightsException>(() => Ensemble.Open([folder.File("small.safetensors"), folder.Write("broken.safetensors", "no weights")]));
    }

    [Fact]
    public void WeightsThatChangeAreSeenByTheNextCallAtEverySize()
    {
        using var ensemble = new Ensemble(_small.Network);
        var (picture, protocol) = (Pictures.Draw(20, 30, 1), new TestProtocol("both", new CropView(0.5, 0.5), new WholeView(8)));
        var before = ensemble.Score([picture], protocol).Data.ToArray();
        _small.Network.Parameters.Tensors[2].Edit(bias => bias[0] += 5);
        Assert.Equal(before[0] + 5, ensemble.Score([picture], protocol).Data[0], 1e-4);
    }

    [Fact]
    public void NetworksThatDoNotTakeTheViewsSayWhy()
    {
        using var flat = Network.Create(TestNetworks.Build(3, 8, 8, net => net.Conv(4, 3).Flatten().Dropout(0.5).Dense(3)));
        using var ensemble = new Ensemble(_small.Network, flat);
        var message = Assert.Throws<ArgumentException>(() => ensemble.Score([Pictures.Draw(8, 8, 1)], TestProtocol.MultiScaleOf(8, 9))).Message;
        Assert.StartsWith("multi-scale:8,9: network 2 (test) cannot be shown whole pictures with a shorter side of 8. ", message, StringComparison.Ordinal);
        Assert.Contains("flattens 4×6×14 instead of 4×6×6", message, StringComparison.Ordinal);
        Assert.Equal(3, ensemble.Score([Pictures.Draw(9, 8, 1)], TestProtocol.TenCrop).Data.Length);

        using var valid = Network.Create(TestNetworks.Build(3, 8, 8, net => net.Conv(4, 3, name: "first").Conv(4, 5, name: "second").GlobalAveragePool().Dense(3)));
        message = Assert.Throws<ArgumentException>(() => new Classifier(valid, protocol: TestProtocol.MultiScaleOf(7, 6))).Message;
        Assert.StartsWith("multi-scale:7,6: The network cannot be shown whole pictures with a shorter side of 6. With images of 6×6, at second: ", message, StringComparison.Ordinal);
    }

    [Fact]
    public void PicturesThatAreTooLongAreImageExceptions()
    {
        using var ensemble = new Ensemble(_small.Network);
        var error = Assert.Throws<ImageException>(() => ensemble.Score([Pictures.Draw(1, 2000, 1)], TestProtocol.MultiScaleOf(8)));
        Assert.Contains("1×2000", error.Message, StringComparison.Ordinal);
        Assert.Equal(3, ensemble.Score([Pictures.Draw(1, 1024, 1)], TestProtocol.MultiScaleOf(8)).Data.Length);
    }

    [Fact]
    public void WhatAnotherClassifierHasPreparedIsRefused()
    {
        using var one = new Classifier(_small.Network, protocol: TestProtocol.Flip);
        using var other = new Classifier(_small.Network, protocol: TestProtocol.Flip);
        var picture = Pictures.Draw(20, 30, 1);
        Assert.Throws<ArgumentException>(() => other.ClassifyPrepared([one.Prepare(picture)]));
        Assert.Equal(one.Classify(picture), one.ClassifyPrepared([one.Prepare(picture)])[0]);
    }

    static string Refused(params Network[] networks) => Assert.Throws<ArgumentException>(() => new Ensemble(networks)).Message;

    static double[] View(TinyClassifier member, Image picture, bool isMirrored)
    {
        var preprocessing = member.Network.Preprocessing;
        var crop = picture.ResizeShorterSide(preprocessing.Resize).CenterCrop(preprocessing.Width);
        return member.Logits((channel, y, x) => Pictures.Channel(crop, channel, y, isMirrored ? crop.Width - 1 - x : x), crop.Height, crop.Width);
    }
}
