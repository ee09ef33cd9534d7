using ResNet.Runtime.Optimizers;

namespace ResNet.Runtime.Tests.Training;

public class SgdTests
{
    /// <summary>PyTorch's documented algorithm, value by value in double precision.</summary>
    [Theory]
    [InlineData(0.9, 1e-2, false)]
    [InlineData(0.9, 1e-2, true)]
    [InlineData(0.0, 0.0, false)]
    public void Updates_as_PyTorch_documents(double momentum, double decay, bool nesterov)
    {
        const int Count = 37;
        var sgd = new Sgd(Count, [new(0, 20, 1, decay), new(20, 10, 0.5, 0)], momentum, nesterov);
        var weights = TestNetworks.Pattern(Count);
        var (expected, buffer) = (weights.Select(w => (double)w).ToArray(), new double[Count]);
        for (var t = 0; t < 4; t++)
        {
            var gradients = TestNetworks.Pattern(Count, 100 * (t + 1));
            sgd.Step(weights, gradients, rate: 0.1, scale: 0.25);
            for (var i = 0; i < 30; i++)
            {
                var g = gradients[i] * 0.25 + (i < 20 ? decay : 0) * expected[i];
                buffer[i] = t == 0 ? g : momentum * buffer[i] + g;
                expected[i] -= 0.1 * (i < 20 ? 1 : 0.5) * (nesterov ? g + momentum * buffer[i] : buffer[i]);
            }
        }
        for (var i = 0; i < Count; i++) Assert.Equal(expected[i], weights[i], 1e-6);
        Assert.Equal(TestNetworks.Pattern(Count)[30..], weights[30..]);
    }

    [Fact]
    public void The_norm_leaves_out_what_is_frozen()
    {
        var sgd = new Sgd(4, [new(0, 1, 1, 0), new(2, 1, 1, 0)], 0, false);
        Assert.Equal(5, sgd.Norm([3, float.NaN, 4, 100]));
        Assert.False(double.IsFinite(sgd.Norm([3, 0, float.PositiveInfinity, 0])));
    }

    [Fact]
    public void The_average_follows_its_recurrence_and_swaps_back()
    {
        using var net = new ToyNet();
        using var average = new HostAverage(net.Parameters, 0.4);
        var expected = (double)net.Parameters.Trained[0];
        for (var n = 0; n < 9; n++)
        {
            net.Parameters.EditTrained().Fill(n);
            average.Update(n);
            var kept = Math.Min(0.4, (1.0 + n) / (10 + n));
            expected = kept * expected + (1 - kept) * n;
        }
        Assert.Equal(expected, average.Trained[0], 1e-5);
        average.Swap();
        Assert.Equal(expected, net.Parameters.Trained[0], 1e-5);
        average.Swap();
        Assert.Equal(8, net.Parameters.Trained[^1]);
    }
}
