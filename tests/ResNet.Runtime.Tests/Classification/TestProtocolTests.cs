namespace ResNet.Runtime.Tests.Classification;

/// <summary>Views are cut here pixel by pixel, computed by nested loops and averaged in double precision.</summary>
public sealed class TestProtocolTests : IDisposable
{
    const int Size = 8, Resize = 10;

    readonly TinyClassifier _tiny = new(Size, Resize, seed: 1);
    readonly Ensemble _ensemble;

    public TestProtocolTests() => _ensemble = new(_tiny.Network);

    public void Dispose()
    {
        _ensemble.Dispose();
        _tiny.Dispose();
    }

    public static TheoryData<ScoreAverage> Averages => [ScoreAverage.Logits, ScoreAverage.Probabilities];

    [Theory, MemberData(nameof(Averages))]
    public void TenCropIsFourCornersTheCenterAndTheirMirrorImages(ScoreAverage average)
    {
        // Its shorter side is what pictures are resized to. Of the five columns beside a crop, two lie on the left: halves are rounded to even.
        var picture = Pictures.Draw(13, Resize, seed: 1);
        // The mirrored picture is cropped likewise, so that two columns lie on the right of its center.
        var corners = new[] { (0, 0), (5, 0), (0, 2), (5, 2) }.SelectMany(place => new[] { false, true }.Select(isMirrored => Crop(picture, place.Item1, place.Item2, isMirrored)));
        var crops = corners.Concat([Crop(picture, 2, 1, false), Crop(picture, 3, 1, true)]);
        AssertScores(Averaged(crops, average), TestProtocol.TenCrop with { Average = average }, picture);
    }

    [Theory, MemberData(nameof(Averages))]
    public void FlipIsTheCenterAndItsMirrorImage(ScoreAverage average)
    {
        var picture = Pictures.Draw(Resize, 17, seed: 2);
        AssertScores(Averaged([Crop(picture, 1, 4, false), Crop(picture, 1, 4, true)], average), TestProtocol.Flip with { Average = average }, picture);
    }

    [Theory, MemberData(nameof(Averages))]
    public void MultiScaleIsTheMeanOverPlacesScalesAndMirrorImages(ScoreAverage average)
    {
        var picture = Pictures.Draw(21, 11, seed: 3);
        // 11 is the picture's own shorter side, and 8 of 21/11 are 15.3 columns.
        var views = new[] { picture.Resize(15, 8), picture, picture.Resize(24, 13) }
            .SelectMany(view => new[] { false, true }.Select(isMirrored => Whole(view, isMirrored)));
        AssertScores(Averaged(views, average), TestProtocol.MultiScaleOf(8, 11, 13) with { Average = average }, picture);
    }

    [Fact]
    public void AnySetOfCropsAtAnyScaleIsAProtocol()
    {
        var picture = Pictures.Draw(13, 12, seed: 4);
        var protocol = new TestProtocol("two", new CropView(0.25, 1) { Resize = 12 }, new CropView(1, 0) { Resize = 12, IsMirrored = true }, new WholeView(12));
        AssertScores(Averaged([Crop(picture, 1, 4, false), Crop(picture, 5, 0, true), Whole(picture, false)], ScoreAverage.Logits), protocol, picture);
    }

    [Fact]
    public void CropsThatAreLargerThanThePictureArePaddedLikeTheCenterCrop()
    {
        var picture = Pictures.Draw(9, 5, seed: 5);
        var padded = picture.CenterCrop(9, 8);
        AssertScores(Averaged([Crop(padded, 1, 0, false)], ScoreAverage.Logits), new("corner", new CropView(1, 1) { Resize = 5 }), picture);
    }

    [Fact]
    public void OneViewIsWhatTheNetworkSays()
    {
        var picture = Pictures.Draw(31, 23, seed: 6);
        Assert.Equal(_tiny.Network.Predict(_tiny.Network.Prepare(picture)).Data.ToArray(), _ensemble.Score([picture])[0].ToArray());
    }

    [Fact]
    public void AMeanPerPixelIsSubtractedInTheCropAndItsChannelsMeanElsewhere()
    {
        var values = TestNetworks.Pattern(3 * Size * Size).Select(value => (value + 1) / 2).ToArray();
        _tiny.Network.Preprocessing = _tiny.Network.Preprocessing with { PixelMean = new(Size, Size, values) };
        using var ensemble = new Ensemble(_tiny.Network);
        var picture = Pictures.Draw(Size, Size, seed: 7);
        var own = ensemble.Score([picture], new("whole", new WholeView(Size)));
        Assert.Equal(_tiny.Network.Predict(_tiny.Network.Prepare(picture.Resize(Resize, Resize))).Data.ToArray(), ensemble.Score([picture.Resize(Resize, Resize)])[0].ToArray());
        using var channels = new TinyClassifier(Size, Resize, seed: 1);
        channels.Network.Preprocessing = channels.Network.Preprocessing with { Mean = [.. values.Chunk(Size * Size).Select(channel => channel.Average())] };
        var larger = channels.Logits((channel, y, x) => Pictures.Channel(picture.Resize(9, 9), channel, y, x), 9, 9);
        var actual = ensemble.Score([picture], new("whole", new WholeView(9)));
        for (var index = 0; index < larger.Length; index++) Assert.Equal(larger[index], actual[0][index], 1e-4);
        Assert.NotEqual(own[0].ToArray(), actual[0].ToArray());
    }

    [Fact]
    public void ProtocolsThatCannotBeAreRefused()
    {
        foreach (var place in new[] { -0.1, 1.1, double.NaN })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => new CropView(place, 0));
            Assert.Throws<ArgumentOutOfRangeException>(() => new CropView(0, place));
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => new CropView(0, 0) { Resize = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => TestProtocol.TenCropOf(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new WholeView(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => TestProtocol.MultiScaleOf(8, WholeView.MaxSide + 1));
        Assert.Throws<ArgumentException>(() => TestProtocol.MultiScaleOf());
        Assert.Throws<ArgumentException>(() => new TestProtocol("none"));
        Assert.Throws<ArgumentException>(() => new TestProtocol("null", new CropView(0, 0), null!));
        Assert.Throws<ArgumentException>(() => new TestProtocol("", new CropView(0, 0)));
        Assert.Throws<ArgumentOutOfRangeException>(() => TestProtocol.Flip with { Average = (ScoreAverage)2 });
    }

    [Fact]
    public void ProtocolsOfTheSameViewsAreEqual()
    {
        Assert.Equal(TestProtocol.MultiScaleOf(8, 9), TestProtocol.MultiScaleOf(8, 9));
        Assert.NotEqual(TestProtocol.MultiScaleOf(8, 9), TestProtocol.MultiScaleOf(8, 9) with { Average = ScoreAverage.Probabilities });
        Assert.Equal("10-crop, mean of probabilities", (TestProtocol.TenCrop with { Average = ScoreAverage.Probabilities }).ToString());
        Assert.Equal([224, 224, 256, 256, 384, 384, 480, 480, 640, 640], TestProtocol.MultiScale.Views.Cast<WholeView>().Select(view => view.ShorterSide).Order());
    }

    void AssertScores(double[] expected, TestProtocol protocol, Image picture)
    {
        var probabilities = Pictures.Softmax(expected);
        Assert.True(probabilities.Max() - probabilities.Min() > 0.02);
        var actual = _ensemble.Score([picture], protocol)[0];
        for (var index = 0; index < expected.Length; index++) Assert.Equal(expected[index], actual[index], 1e-4);
        using var classifier = new Classifier(_tiny.Network, protocol: protocol);
        foreach (var prediction in classifier.Classify(picture)) Assert.Equal(probabilities[prediction.Class], prediction.Probability, 1e-4);
    }

    double[] Crop(Image picture, int left, int top, bool isMirrored) =>
        _tiny.Logits((channel, y, x) => Pictures.Channel(picture, channel, top + y, left + (isMirrored ? Size - 1 - x : x)), Size, Size);

    double[] Whole(Image picture, bool isMirrored) =>
        _tiny.Logits((channel, y, x) => Pictures.Channel(picture, channel, y, isMirrored ? picture.Width - 1 - x : x), picture.Height, picture.Width);

    static double[] Averaged(IEnumerable<double[]> logits, ScoreAverage average) => average == ScoreAverage.Logits
        ? Pictures.Mean(logits)
        : [.. Pictures.Mean(logits.Select(one => Pictures.Softmax(one))).Select(value => Math.Log(value))];
}
