using ResNet.Runtime.Tensors;

namespace ResNet.Runtime.Tests.Networks;

/// <summary>Sessions, batches, threads and memory.</summary>
public class SessionTests
{
    [Fact]
    public void AWarmPassAllocatesNothing()
    {
        using var net = new Cifar20();
        using var session = net.CreateSession();
        var images = Images(net, 3);
        var logits = new float[30];
        Assert.Equal(0, Allocations.Of(() => session.Predict(images.Data, 3, logits)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void TheNumberOfThreadsDoesNotChangeABit(int threads)
    {
        using var single = new CpuDevice(1);
        using var several = new CpuDevice(threads);
        using var expected = new Oddities(single);
        using var actual = new Oddities(several);
        var images = Images(expected, 4);
        Assert.Equal(threads, several.Threads);
        Assert.Equal(expected.Predict(images).Data.ToArray(), actual.Predict(images).Data.ToArray());
    }

    [Fact]
    public void ABatchIsItsImages()
    {
        // More than go through the network at a time, in uneven numbers.
        const int batch = 71;
        using var net = new Cifar20();
        var images = Images(net, batch);
        var together = net.Predict(images);
        var features = net.Features(images);
        Assert.NotEmpty(features);
        for (var i = 0; i < batch; i++)
        {
            var image = new Tensor(images[i].ToArray(), 1, 3, 32, 32);
            Assert.Equal(together[i].ToArray(), net.Predict(image).Data.ToArray());
            foreach (var (tap, values) in net.Features(image)) Assert.Equal(features[tap][i].ToArray(), values.Data.ToArray());
        }
    }

    [Fact]
    public async Task SessionsRunSideBySide()
    {
        using var net = new Cifar20();
        var images = Images(net, 8);
        var expected = net.Predict(images);
        var runs = Enumerable.Range(0, 8).Select(i => Task.Run(() =>
        {
            using var session = net.CreateSession();
            var image = new Tensor(images[i].ToArray(), 1, 3, 32, 32);
            for (var repeat = 0; repeat < 20; repeat++)
            {
                Assert.Equal(expected[i].ToArray(), session.Predict(image).Data.ToArray());
                Assert.Equal(expected[i].ToArray(), net.Predict(image).Data.ToArray());
            }
        }));
        await Task.WhenAll(runs);
    }

    [Fact]
    public void CallersOfOneSessionWaitForEachOther()
    {
        using var net = new Cifar20();
        using var session = net.CreateSession();
        var images = Images(net, 4);
        var expected = net.Predict(images);
        Parallel.For(0, 16, i =>
        {
            // Other sizes of the batch, so that the activations move.
            var batch = 1 + i % 4;
            var logits = session.Predict(new Tensor(images.Data[..(batch * 3 * 32 * 32)].ToArray(), batch, 3, 32, 32));
            Assert.Equal(expected.Data[..(batch * 10)].ToArray(), logits.Data.ToArray());
        });
        session.Dispose();
        session.Dispose();
        Assert.Throws<ObjectDisposedException>(() => session.Predict(images));
    }

    [Fact]
    public async Task ParametersMayChangeAndTheNetworkEndWhileItComputes()
    {
        using var net = new Cifar20();
        var images = Images(net, 1);
        var expected = net.Predict(images).Data.ToArray();
        var runs = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            try
            {
                while (true) Assert.Equal(expected, net.Predict(images).Data.ToArray());
            }
            catch (ObjectDisposedException)
            {
                // The network has ended, as it should.
            }
        })).ToArray();
        for (var i = 0; i < 10; i++)
        {
            _ = net.Parameters.EditTrained();
            net.Predict(images);
        }
        net.Dispose();
        await Task.WhenAll(runs).WaitAsync(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void AWeightThatIsNoNumberIsSeenInEveryLogit()
    {
        using var net = new Cifar20();
        net.Parameters["conv1.weight"].Edit()[0] = float.NaN;
        Assert.All(net.Predict(Images(net, 1)).Data.ToArray(), logit => Assert.True(float.IsNaN(logit), $"{logit}"));
    }

    [Fact]
    public void ChangedParametersAreSeen()
    {
        using var net = new Cifar20();
        var images = Images(net, 1);
        using var old = net.CreateSession();
        var before = net.Predict(images).Data.ToArray();
        net.Parameters["fc.bias"].Edit()[4] += 1;
        var after = net.Predict(images).Data.ToArray();
        before[4] += 1;
        Assert.Equal(before[4], after[4], 5);
        // A session keeps the weights that it was made with.
        Assert.Equal(before[4] - 1, old.Predict(images).Data[4], 5);
    }

    [Fact]
    public void OnlyTheTapsAskedForAreReturned()
    {
        using var net = new Oddities();
        var images = Images(net, 2);
        var features = net.Features(images, "pooled");
        Assert.Equal(["pooled"], features.Keys);
        var error = Assert.Throws<ArgumentException>(() => net.Features(images, "layer9"));
        Assert.Contains("layer9", error.Message, StringComparison.Ordinal);
        Assert.Contains("first, pooled, last", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WrongShapesAreRefused()
    {
        using var net = new Cifar20();
        using var session = net.CreateSession();
        Assert.Contains("3×32×32", Assert.Throws<ArgumentException>(() => net.Predict(new Tensor(1, 3, 32, 31))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => net.Predict(new Tensor(3, 32, 32)));
        Assert.Throws<ArgumentException>(() => session.Predict(new float[3 * 32 * 32], 1, new float[9]));
        Assert.Throws<ArgumentException>(() => session.Predict(new float[3 * 32 * 32 - 1], 1, new float[10]));
        Assert.Throws<ArgumentOutOfRangeException>(() => session.Predict([], 0, []));
        net.Dispose();
        Assert.Throws<ObjectDisposedException>(() => net.Predict(Images(net, 1)));
        // The session outlives its network.
        session.Predict(Images(net, 1));
    }

    internal static Tensor Images(Network net, int batch)
    {
        var input = net.Definition.Input;
        var images = new Tensor(batch, input.Channels, input.Height, input.Width);
        new CounterRandom(5).FillNormal(images.Data, 1);
        return images;
    }
}
