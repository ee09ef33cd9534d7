using ResNet.Dsl;
using ResNet.Reference;
using ResNet.Runtime.Detection.Boxes;
using ResNet.Runtime.Detection.Regions;
using ResNet.Runtime.Detection.Training;

namespace ResNet.Runtime.Tests.Detection;

/// <summary>
/// The gradient of a whole detector is the change of its losses: central differences of <see cref="DoubleDetector"/>, by parameters of every layer of both
/// networks, with fixed samples.
/// </summary>
public class FiniteDifferenceTests
{
    const int Width = 80, Height = 64;
    const double Step = 1e-6, Tolerance = 1e-3;

    [Theory]
    [InlineData(RoiMethod.Align, true, false, false)]
    [InlineData(RoiMethod.Pool, true, false, false)]
    [InlineData(RoiMethod.Align, false, true, true)]
    public void Gradients_are_differences(RoiMethod method, bool frozen, bool context, bool perClass)
    {
        using var detector = ReferenceDetectors.Mini(new() { RoiMethod = method, RegionSize = 6, GlobalContext = context, PerClassProposals = perClass }, frozen);
        var random = new Random(7);
        Draw(detector.Trunk, random);
        Draw(detector.Head, random);
        TrainingScene[] scenes = [Scene(random), Scene(random)];
        var samples = Samples(random, detector);

        using var gradients = new DetectorGradients(detector, new());
        var losses = gradients.Run(scenes, _ => samples, step: 0, share: 1);
        var expected = new DoubleDetector(detector);
        var trunk = new ReferenceInterpreter(Resized(detector.Trunk));
        Assert.Equal(expected.Loss(trunk, scenes, samples), losses.Total, 1e-5 * losses.Total);

        Compare(detector.Trunk, gradients.Trunk, trunk.Parameters);
        Compare(detector.Head, gradients.Head, expected.Head);

        void Compare(Network network, float[] actual, IReadOnlyDictionary<string, double[]> parameters)
        {
            foreach (var tensor in network.Parameters.Tensors.Where(tensor => tensor.Info.IsTrained))
            {
                var own = actual.AsSpan(tensor.Offset, tensor.Length).ToArray();
                var greatest = own.Max(Math.Abs);
                Assert.True(greatest > 1e-6, $"{tensor.Name} has no gradient");
                foreach (var place in new[] { Array.FindIndex(own, value => Math.Abs(value) == greatest), random.Next(own.Length) })
                {
                    var difference = Difference(parameters[tensor.Name], place);
                    Assert.True(Math.Abs(difference - own[place]) <= Tolerance * greatest, $"{tensor.Name}[{place}]: {own[place]} instead of {difference}; greatest {greatest}");
                }
            }
        }

        double Difference(double[] values, int place)
        {
            var value = values[place];
            values[place] = value + Step;
            var above = expected.Loss(trunk, scenes, samples);
            values[place] = value - Step;
            var below = expected.Loss(trunk, scenes, samples);
            values[place] = value;
            return (above - below) / (2 * Step);
        }
    }

    /// <summary>The parameters as those of the network for the images' size.</summary>
    static Parameters Resized(Network network)
    {
        var parameters = new Parameters(network.Definition.WithInputSize(Height, Width));
        foreach (var tensor in network.Parameters.Tensors) parameters[tensor.Name].Edit(values => tensor.Read().CopyTo(values));
        return parameters;
    }

    /// <summary>Draws values with which no layer is the identity, and all have a gradient: a new detector's last layers are close to 0.</summary>
    static void Draw(Network network, Random random)
    {
        foreach (var tensor in network.Parameters.Tensors)
        {
            var (around, width) = tensor.Info.Kind switch
            {
                ParameterKind.Weight => (0, (float)Math.Sqrt(6.0 / tensor.Shape.Skip(1).Aggregate(1, (product, size) => product * size))),
                ParameterKind.Scale or ParameterKind.RunningVariance => (1, 0.2f),
                _ => (0, 0.2f),
            };
            tensor.Edit(values =>
            {
                foreach (ref var value in values) value = around + width * (2 * random.NextSingle() - 1);
            });
        }
    }

    static TrainingScene Scene(Random random) => new(Width, Height, [.. Enumerable.Range(0, 3 * Width * Height).Select(_ => 2 * random.NextSingle() - 1)], []);

    static DrawnSamples Samples(Random random, Detector detector)
    {
        var settings = detector.Definition.Settings;
        var anchors = settings.ScoresPerPosition * (Height / 16) * (Width / 16);
        return new([Anchors(), Anchors()], [Regions(3), Regions(4)]);

        AnchorSample Anchors()
        {
            int[] drawn = [.. Enumerable.Range(0, anchors)];
            random.Shuffle(drawn);
            return new(drawn[..5], drawn[5..14], [.. Enumerable.Range(0, 5).Select(_ => Deltas())]);
        }

        RegionSample Regions(int count) => new(
            [.. Enumerable.Range(0, count).Select(_ => Region())],
            [.. Enumerable.Range(0, count)],
            [.. Enumerable.Range(0, count).Select(_ => Deltas())])
        {
            // The first region shows background.
            Asked = settings.PerClassProposals ? [.. Enumerable.Range(0, count).Select(label => Math.Max(label - 1, 0))] : null,
        };

        Box Region()
        {
            var (x, y) = (random.NextDouble() * Width / 2, random.NextDouble() * Height / 2);
            return new(x, y, x + 8 + random.NextDouble() * Width / 2, y + 8 + random.NextDouble() * Height / 2);
        }

        BoxDeltas Deltas() => new(random.NextDouble() - 0.5, random.NextDouble() - 0.5, random.NextDouble() - 0.5, random.NextDouble() - 0.5);
    }
}
