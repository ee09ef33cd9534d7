using ResNet.Runtime.Cpu;
using ResNet.Runtime.Cpu.Threads;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Tests.Networks;

/// <summary>The times of single operations.</summary>
public class ProfileTests
{
    [Fact]
    public void AProfiledPassComputesTheSameAndNamesEveryLayerThatMultiplies()
    {
        using var net = new Oddities();
        using var session = net.CreateSession();
        var images = SessionTests.Images(net, 3);
        var logits = new float[session.Predict(images).Data.Length];
        var times = session.Profile(images.Data, 3, logits);

        Assert.Equal(session.Predict(images).Data.ToArray(), logits);
        Assert.Equal(["input", "output"], [times[0].Operation.Name, times[^1].Operation.Name]);
        var products = times.Where(time => time.Operation.MultiplyAdds > 0).OrderBy(time => time.Operation.Layer).Select(time => (time.Operation.Layer, time.Operation.Name, time.Operation.MultiplyAdds, time.Images));
        Assert.Equal(net.Layers.Where(layer => layer.MultiplyAdds > 0).Select(layer => ((int?)layer.Index, layer.Name, layer.MultiplyAdds, 3)), products);
        Assert.All(times, time => Assert.Equal(OperationKind.Forward, time.Operation.Kind));
        Assert.All(times, time => Assert.True(time.Operation.MultiplyAdds == 0 || time.Operation.Algorithm.Length > 0, $"{time.Operation.Name} has no algorithm"));
    }

    [Fact]
    public void TimesAddUpToThoseOfThePass()
    {
        using var net = new Cifar20();
        using var session = net.CreateSession();
        var images = SessionTests.Images(net, 8);
        var logits = new float[80];
        session.Predict(images.Data, 8, logits);
        var timer = System.Diagnostics.Stopwatch.StartNew();
        var times = session.Profile(images.Data, 8, logits);
        Assert.All(times, time => Assert.True(time.Time >= TimeSpan.Zero));
        Assert.InRange(times.Sum(time => time.Time.TotalSeconds), double.Epsilon, timer.Elapsed.TotalSeconds);
    }

    [Fact]
    public void AProfiledStepTellsForwardAndBothGradientsApart()
    {
        using var net = new Oddities();
        using var session = net.CreateTrainingSession();
        var (images, labels) = (SessionTests.Images(net, 3).Data.ToArray(), new[] { 0, 1, 2 });
        var times = session.Profile(images, labels);
        var profiled = session.ReadGradients().ToArray();
        long Sum(OperationKind kind) => times.Where(time => time.Operation.Kind == kind).Sum(time => time.Operation.MultiplyAdds);

        // Nothing but a batch normalization lies before the first convolution: the gradient of its input is needed.
        var multiplyAdds = net.Layers.Sum(layer => layer.MultiplyAdds);
        Assert.Equal([multiplyAdds, multiplyAdds, multiplyAdds], [Sum(OperationKind.Forward), Sum(OperationKind.InputGradient), Sum(OperationKind.WeightGradient)]);

        session.Step--;
        session.Run(images, labels);
        Assert.Equal(session.ReadGradients().ToArray(), profiled);
    }

    [Fact]
    public void TheFirstConvolutionOfANetworkHasNoInputGradient()
    {
        using var net = new Cifar20();
        using var session = net.CreateTrainingSession();
        var first = session.Profile(SessionTests.Images(net, 2).Data, [0, 1]).Where(time => time.Operation.Name == "conv1").Select(time => time.Operation.Kind).Distinct();
        Assert.Equal([OperationKind.Forward, OperationKind.WeightGradient], first);
    }

    /// <summary>Were more counted than are done, the peak would be too high; and too low, were fewer. What is left is to time them.</summary>
    [Fact]
    public void ThePeakCountsTheMultiplyAddsThatItDoes()
    {
        Counting.Done = 0;
        PeakRate.Multiply<int, Counting>(1, 1);
        Assert.InRange(Counting.Done, PeakRate.MultiplyAdds, PeakRate.MultiplyAdds + 10);
    }

    readonly struct Counting : PeakRate.IMultiply<int>
    {
        [ThreadStatic]
        public static long Done;

        public static int Create(float value) => 1;

        public static int Add(int a, int b, int c)
        {
            Done++;
            return a;
        }
    }
}
