using ResNet.Reference;

namespace ResNet.Runtime.Tests.Networks;

/// <summary>Networks with several outputs, declared or planned at run time, hand out each of them.</summary>
public class OutputTests
{
    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 3)]
    // More than go through the network at a time, each worker on its own.
    [InlineData(2, 200)]
    public void EveryOutputIsTheReferences(int threads, int batch)
    {
        using var device = new CpuDevice(threads, ConvolutionAlgorithm.Direct);
        using var compiled = new ThreeOutputs(device);
        using var planned = Network.Create(compiled.Definition, device);
        foreach (var net in new Network[] { compiled, planned })
        {
            TrainingCases.Randomize(net.Parameters);
            var images = SessionTests.Images(net, batch);
            var expected = new ReferenceInterpreter(net.Parameters).Infer(images.Data);
            var actual = net.PredictAll(images);
            Assert.Equal(["stem", "classes", "output"], actual.Keys);
            foreach (var (name, values) in expected.Outputs) TrainingCases.AssertClose(values, actual[name].Data, values.Max(Math.Abs), 1e-5, name);
            Assert.Equal([batch, 19, 12, 8], actual["stem"].Shape.ToArray());
            Assert.Equal([batch, 5], actual["classes"].Shape.ToArray());
            Assert.Equal([batch, 4, 5, 3], actual["output"].Shape.ToArray());
            Assert.Equal(actual["output"].Data.ToArray(), net.Predict(images).Data.ToArray());
        }
    }

    [Fact]
    public void ANetworkThatEndsWithBranchesPredictsTheLast()
    {
        using var net = Network.Create(TestNetworks.Build(3, 6, 6, n => n.Conv(8, 3)
            .Branch("first", b => b.GlobalAveragePool().Dense(3)).Branch("last", b => b.Conv(2, 1))));
        var images = SessionTests.Images(net, 2);
        var all = net.PredictAll(images);
        Assert.Equal(["first", "last"], all.Keys);
        Assert.Equal(all["last"].Data.ToArray(), net.Predict(images).Data.ToArray());
    }

    [Fact]
    public void TheOnlyOutputHasAName()
    {
        using var net = new Cifar20();
        var images = SessionTests.Images(net, 2);
        var all = net.PredictAll(images);
        Assert.Equal(["output"], all.Keys);
        Assert.Equal(net.Predict(images).Data.ToArray(), all["output"].Data.ToArray());
    }

    [Fact]
    public void AWarmPassAllocatesNothing()
    {
        using var net = new ThreeOutputs();
        using var session = net.CreateSession();
        var images = SessionTests.Images(net, 3);
        var output = new float[3 * 4 * 5 * 3];
        Assert.Equal(0, Allocations.Of(() => session.Predict(images.Data, 3, output)));
    }

    [Fact]
    public void CallersOfOneSessionWaitForEachOther()
    {
        using var net = new ThreeOutputs();
        using var session = net.CreateSession();
        var images = SessionTests.Images(net, 4);
        var expected = net.Predict(images).Data.ToArray();
        Parallel.For(0, 16, i =>
        {
            var batch = 1 + i % 4;
            var output = session.Predict(new Tensor(images.Data[..(batch * 3 * 12 * 8)].ToArray(), batch, 3, 12, 8));
            Assert.Equal(expected[..(batch * 60)], output.Data.ToArray());
        });
        session.Dispose();
        Assert.Throws<ObjectDisposedException>(() => session.PredictAll(images));
        Assert.Throws<ArgumentException>(() => session.PredictAll(new Tensor(1, 3, 12, 9)));
    }
}
