using ResNet.Runtime.Devices;
using ResNet.Runtime.Optimizers;

namespace ResNet.Runtime.Tests.Training;

/// <summary>Three updates of 54 weights, beside what PyTorch 1.13 computes in single precision: its AdamW, and timm's Lamb and the algorithm of LARS written with its tensors.</summary>
public class OptimizerValueTests
{
    static readonly int[] _places = [0, 1, 15, 16, 47, 48, 53];

    [Theory]
    [InlineData("AdamW", 0.1, new[] { 0.288817, 0.868138, -0.951115, -0.846925, 0.945443, 0.593458, -0.305065 }, 33.84547)]
    [InlineData("Lamb", 0.1, new[] { 0.292136, 0.864615, -0.955126, -0.851184, 0.94968, 0.597473, -0.301619 }, 33.86213)]
    [InlineData("Lamb", 0.0, new[] { 0.289681, 0.87069, -0.954027, -0.849519, 0.948342, 0.595263, -0.305972 }, 33.94722)]
    [InlineData("Lamb, all", 0.0, new[] { 0.29288, 0.866929, -0.957582, -0.85337, 0.95212, 0.599007, -0.302437 }, 33.95076)]
    [InlineData("Lars", 0.1, new[] { 0.295488, 0.846709, -0.974495, -0.867577, 0.968597, 0.607586, -0.29509 }, 33.97572)]
    [InlineData("Lars", 0.0, new[] { 0.611973, 4.92409, 1.78339, 2.861, -3.16888, -0.8381, -0.870878 }, 143.81)]
    [InlineData("Lars, all", 0.0, new[] { 0.296143, 0.849651, -0.975404, -0.867959, 0.969034, 0.60824, -0.295837 }, 34.03294)]
    public void Updates_are_PyTorchs(string name, double decay, double[] expected, double sum)
    {
        using var net = new ToyNet();
        var tensor = net.Parameters.Tensors[0];
        Assert.Equal(54, tensor.Length);
        for (var i = 0; i < 54; i++) net.Parameters.EditTrained()[tensor.Offset + i] = (float)Math.Sin(0.7 * i + 0.3);
        var gradients = new float[net.Parameters.ReadTrained().Length];
        using var optimizer = new HostOptimizer(net.Parameters, () => gradients, Of(name), [new(tensor.Offset, 54, 1, decay)]);
        for (var step = 1; step <= 3; step++)
        {
            // Half of it is left by clipping.
            for (var i = 0; i < 54; i++) gradients[tensor.Offset + i] = (float)Math.Cos(1.3 * i + step);
            optimizer.Step(step, rate: name.StartsWith("Lars", StringComparison.Ordinal) ? 2 : 0.01, scale: 0.5);
        }
        var weights = tensor.Read().ToArray();
        Assert.Equal(sum, weights.Sum(weight => Math.Abs((double)weight)), 2e-6 * sum);
        Assert.All(_places.Zip(expected), pair => Assert.Equal(pair.Second, weights[pair.First], 5e-6 * Math.Max(1, Math.Abs(pair.Second))));
    }

    /// <summary>Each tensor of a group has a ratio of its own, and one without weights or gradient moves as if there were none.</summary>
    [Theory]
    [InlineData("Lamb")]
    [InlineData("Lars")]
    public void Ratios_are_those_of_tensors(string name)
    {
        float[] Train(Func<Network, ParameterGroup[]> groups)
        {
            using var net = new ToyNet();
            net.Parameters.EditTrained()[..54].Clear();
            var gradients = TestNetworks.Pattern(net.Parameters.ReadTrained().Length);
            net.Parameters["fc.weight"].Edit().Fill(0.5f);
            gradients.AsSpan(net.Parameters["fc.weight"].Offset, 9).Clear();
            using var optimizer = new HostOptimizer(net.Parameters, () => gradients, Of(name), groups(net));
            optimizer.Step(1, rate: 0.1, scale: 1);
            optimizer.Step(2, rate: 0.1, scale: 1);
            return net.Parameters.ReadTrained().ToArray();
        }

        var together = Train(net => [new(0, net.Parameters.ReadTrained().Length, 1, 0.1)]);
        var apart = Train(net => [.. net.Parameters.Tensors.Where(tensor => tensor.Info.IsTrained).Select(tensor => new ParameterGroup(tensor.Offset, tensor.Length, 1, 0.1))]);
        Assert.Equal(apart, together);
        Assert.All(together, weight => Assert.True(float.IsFinite(weight)));
    }

    [Theory]
    [InlineData("Beta1")]
    [InlineData("Beta2")]
    [InlineData("Epsilon")]
    [InlineData("Momentum")]
    [InlineData("Trust")]
    public void Values_out_of_range_are_named(string name) => Assert.Contains($"{name} is", Assert.Throws<ArgumentException>(() => (name switch
    {
        "Beta1" => (Optimizer)new AdamW(Beta1: 1),
        "Beta2" => new Lamb(Beta2: -0.1),
        "Epsilon" => new AdamW(Epsilon: double.NaN),
        "Momentum" => new Lars(Momentum: 1),
        _ => new Lars(Trust: 0),
    }).Check()).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(0.0)]
    [InlineData(1e-50)]
    [InlineData(double.PositiveInfinity)]
    public void Nothing_is_divided_by_zero(double epsilon)
    {
        Assert.Contains("Epsilon is", Assert.Throws<ArgumentException>(() => new AdamW(Epsilon: epsilon).Check()).Message, StringComparison.Ordinal);
        Assert.Contains("Epsilon is", Assert.Throws<ArgumentException>(() => new Lamb(Epsilon: epsilon).Check()).Message, StringComparison.Ordinal);
    }

    static Optimizer Of(string name) => name switch
    {
        "AdamW" => new AdamW(),
        "Lamb" => new Lamb(),
        "Lamb, all" => new Lamb(AdaptAll: true),
        "Lars" => new Lars(),
        "Lars, all" => new Lars(AdaptAll: true),
        _ => throw new ArgumentException(name),
    };
}
