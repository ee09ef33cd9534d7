using ResNet.Runtime.Classification;

namespace ResNet.Runtime.Tests.Classification;

public sealed class SizedNetworksTests : IDisposable
{
    readonly TinyClassifier _tiny = new(8, 8, seed: 1);

    public void Dispose() => _tiny.Dispose();

    [Fact]
    public void TheSizesThatWereUsedLastAreKept()
    {
        using var networks = new SizedNetworks(_tiny.Network);
        var first = SessionOf(networks, 100);
        Assert.Same(first, SessionOf(networks, 100));
        for (var width = 101; width < 100 + SizedNetworks.Capacity; width++) SessionOf(networks, width);
        Assert.Same(first, SessionOf(networks, 100));
        var second = SessionOf(networks, 101);
        for (var width = 200; width < 200 + SizedNetworks.Capacity; width++) SessionOf(networks, width);
        Assert.NotSame(first, SessionOf(networks, 100));
        Assert.Throws<ObjectDisposedException>(() => first.Predict(new Tensor(1, 3, 9, 100)));
        Assert.Throws<ObjectDisposedException>(() => second.Predict(new Tensor(1, 3, 9, 101)));
    }

    [Fact]
    public void ASizeThatIsInUseIsKept()
    {
        using var networks = new SizedNetworks(_tiny.Network);
        var used = networks.Rent(9, 100);
        for (var width = 200; width < 200 + 2 * SizedNetworks.Capacity; width++) SessionOf(networks, width);
        Assert.Equal([1, 3], used.Session.Predict(new Tensor(1, 3, 9, 100)).Shape.ToArray());
        used.Dispose();
        Assert.Same(used.Session, SessionOf(networks, 100));
    }

    [Fact]
    public void SizesThatACallerHasAskedTheNetworkForAreLeftAlone()
    {
        var theirs = _tiny.Network.WithInputSize(9, 100);
        using (var networks = new SizedNetworks(_tiny.Network)) SessionOf(networks, 100);
        Assert.Equal([1, 3], theirs.Predict(new Tensor(1, 3, 9, 100)).Shape.ToArray());
    }

    static Session SessionOf(SizedNetworks networks, int width)
    {
        using var rented = networks.Rent(9, width);
        return rented.Session;
    }
}
