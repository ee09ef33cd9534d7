using ResNet.Dsl;
using ResNet.Runtime.Devices;
using ResNet.Runtime.Optimizers;
using ResNet.Runtime.Training;

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
        using var net = new ToyNet();
        using var source = new ReferenceGradients(net);
        var parameters = net.Parameters;
        var options = new TrainerOptions { WeightDecay = decay, DecayNormAndBias = false, FreezeThrough = "conv1", RateFactors = [new("fc", 0.5)] };
        using var sgd = new HostOptimizer(parameters, () => source.Gradients, new Sgd(momentum, nesterov), ParameterGroups.Of(parameters, options));
        var before = parameters.ReadTrained().ToArray();
        var (expected, buffer) = (before.Select(w => (double)w).ToArray(), new double[before.Length]);
        for (var t = 0; t < 4; t++)
        {
            var gradients = TestNetworks.Pattern(before.Length, 100 * (t + 1));
            gradients.CopyTo(source.Gradients);
            sgd.Step(t + 1, rate: 0.1, scale: 0.25);
            foreach (var tensor in parameters.Tensors.Where(tensor => tensor.Info.IsTrained && tensor.Name != "conv1.weight"))
                for (var i = tensor.Offset; i < tensor.Offset + tensor.Length; i++)
                {
                    var g = gradients[i] * 0.25 + (tensor.Info.Kind == ParameterKind.Weight ? decay : 0) * expected[i];
                    buffer[i] = t == 0 ? g : momentum * buffer[i] + g;
                    expected[i] -= 0.1 * (tensor.Name.StartsWith("fc.", StringComparison.Ordinal) ? 0.5 : 1) * (nesterov ? g + momentum * buffer[i] : buffer[i]);
                }
        }
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], parameters.ReadTrained()[i], 1e-6);
        var frozen = parameters["conv1.weight"];
        Assert.Equal(before.AsSpan(frozen.Offset, frozen.Length), frozen.Read());
    }

    [Fact]
    public void The_norm_leaves_out_what_is_frozen()
    {
        ParameterGroup[] groups = [new(0, 1, 1, 0), new(2, 1, 1, 0)];
        Assert.Equal(5, GradientNorm.Of([3, float.NaN, 4, 100], groups));
        Assert.False(double.IsFinite(GradientNorm.Of([3, 0, float.PositiveInfinity, 0], groups)));
        // Beyond the width of vectors.
        Assert.Equal(Math.Sqrt(37 * 4), GradientNorm.Of(Enumerable.Repeat(2f, 40).ToArray(), [new(3, 37, 1, 0)]), 1e-12);
    }

    [Fact]
    public void The_average_follows_its_recurrence_and_swaps_back()
    {
        using var net = new ToyNet();
        using var average = new HostAverage(net.Parameters, 0.4);
        var expected = (double)net.Parameters.ReadTrained()[0];
        for (var n = 0; n < 9; n++)
        {
            net.Parameters.EditTrained().Fill(n);
            average.Update(n);
            var kept = Math.Min(0.4, (1.0 + n) / (10 + n));
            expected = kept * expected + (1 - kept) * n;
        }
        Assert.Equal(expected, average.Trained[0], 1e-5);
        average.Swap();
        Assert.Equal(expected, net.Parameters.ReadTrained()[0], 1e-5);
        average.Swap();
        Assert.Equal(8, net.Parameters.ReadTrained()[^1]);
    }
}
