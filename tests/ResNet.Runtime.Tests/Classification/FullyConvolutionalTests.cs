using ResNet.Dsl;
using ResNet.Reference;
using ResNet.Runtime.Weights.Initialization;

namespace ResNet.Runtime.Tests.Classification;

/// <summary>Networks that flatten their maps, shown whole pictures of other sizes.</summary>
public class FullyConvolutionalTests
{
    const int Side = 12;

    /// <summary>The scores are those of dense layers at every place, averaged: the reference crops each place's window.</summary>
    [Fact]
    public void ScoresAreTheMeanOverAllPlaces()
    {
        using var network = Flat();
        using var ensemble = new Ensemble(network);
        var picture = Pictures.Draw(18, 24, 1);
        var resized = picture.ResizeShorterSide(16);
        // Two poolings: neighbouring places of the last maps, which are 4 pixels apart, see windows of the network's own size.
        var (expected, places) = (new double[5], 0);
        for (var top = 0; top + Side <= resized.Height; top += 4)
            for (var left = 0; left + Side <= resized.Width; left += 4)
            {
                var input = new float[3 * Side * Side];
                for (var channel = 0; channel < 3; channel++)
                    for (var y = 0; y < Side; y++)
                        for (var x = 0; x < Side; x++)
                            input[(channel * Side + y) * Side + x] = Pictures.Channel(resized, channel, top + y, left + x) / 255f;
                var scores = new ReferenceInterpreter(network.Parameters).Infer(input).Output;
                for (var label = 0; label < 5; label++) expected[label] += scores[label];
                places++;
            }
        Assert.True(places > 1);
        var actual = ensemble.Score([picture], new TestProtocol("whole", new WholeView(16))).Data.ToArray();
        for (var label = 0; label < 5; label++) Assert.Equal(expected[label] / places, actual[label], 1e-4);
    }

    [Fact]
    public void AtItsOwnSizeItIsTheNetworkItself()
    {
        using var network = Flat();
        using var ensemble = new Ensemble(network);
        var picture = Pictures.Draw(Side, Side, 1);
        Assert.Equal(ensemble.Score([picture]).Data.ToArray(), ensemble.Score([picture], new TestProtocol("whole", new WholeView(Side))).Data.ToArray());
    }

    [Fact]
    public void ScalesBelowItsOwnSizeAreRefused()
    {
        using var network = Flat();
        using var ensemble = new Ensemble(network);
        Assert.True(ensemble.Takes(TestProtocol.MultiScaleOf(12, 20), out var reason));
        Assert.Null(reason);
        Assert.False(ensemble.Takes(TestProtocol.MultiScaleOf(12, 8), out reason));
        Assert.StartsWith("multi-scale:12,8: The network cannot be shown whole pictures with a shorter side of 8. With images of 8×8, at fc6: A 3×3 kernel does not fit", reason, StringComparison.Ordinal);
    }

    static Network Flat()
    {
        var network = Network.Create(new NetworkBuilder().Input(3, Side, Side)
            .Conv(8, 1, bias: true).Relu().MaxPool(2).Conv(20, 1).BatchNorm().Relu().MaxPool(2)
            .Flatten().Dense(24, name: "fc6").Relu().Tap("fc6").Dropout(0.5).Dense(17, name: "fc7").BatchNorm().Relu().Dense(5).Build("Flat"));
        new HeInitializer(7).Initialize(network.Parameters);
        network.Parameters.EditStatistics(statistics =>
        {
            for (var i = 0; i < statistics.Length; i++) statistics[i] = 0.5f + i % 7 / 7f;
        });
        network.Preprocessing = new Preprocessing(Side, Side, Side) { Mean = [0, 0, 0], Deviation = [1, 1, 1] };
        return network;
    }
}
