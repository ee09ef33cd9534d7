using ResNet.Dsl;
using ResNet.Generators.Tests.Emitting;
using ResNet.Reference;
using ResNet.Runtime;

namespace ResNet.Generators.Tests.Planning;

/// <summary>
/// Random networks, compiled, compute on the processor what their trees, executed literally in double precision, compute:
/// at the output and at every tap, for batches that come and go.
/// </summary>
public class ExecutionTests
{
    const int Networks = 200;

    [Fact]
    public void Shortcuts_that_only_their_width_gives_a_stride_and_iterations_without_layers_are_computed()
    {
        using var device = new CpuDevice(1, ConvolutionAlgorithm.Direct);
        var networks = GeneratedNetwork.OfAll(
        [
            // 5×4 to 2×1: rows alone would be joined by a stride of 3, columns need 4.
            Zoo.Build(net => net.Input(3, 5, 4).Residual(r => r.Conv(8, 2, stride: 3), Shortcut.ZeroPad)),
            Zoo.Build(net => net.Input(3, 5, 4).Repeat(5, n => n.Residual(_ => { }, activation: Activation.None)).Relu()),
        ]);
        Assert.Empty(networks.SelectMany(generated => Failures(generated, device, tolerance: 1e-5)));
    }

    [Fact]
    public void Random_networks_compute_what_the_reference_computes()
    {
        // One thread: hundreds of thousands of tiny operations would mostly wait for others on a busy machine.
        using var direct = new CpuDevice(1, ConvolutionAlgorithm.Direct);
        using var winograd = new CpuDevice(1, ConvolutionAlgorithm.Winograd4x4);
        var failures = GeneratedNetwork.OfAll([.. Enumerable.Range(1000, Networks).Select(RandomNetworks.Create)])
            .SelectMany(generated => Failures(generated, direct, tolerance: 1e-5).Concat(Failures(generated, winograd, tolerance: 1e-4))).ToList();
        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    static List<string> Failures(GeneratedNetwork generated, Device device, double tolerance)
    {
        using var network = generated.Create(device);
        var input = network.Definition.Input;
        var random = new Random(1);
        Randomize(network.Parameters, random);
        var reference = new ReferenceInterpreter(network.Parameters);
        var failures = new List<string>();
        foreach (var batch in new[] { 2, 1, 3 })
        {
            var images = new Tensor(batch, input.Channels, input.Height, input.Width);
            foreach (ref var value in images.Data) value = 2 * random.NextSingle() - 1;
            try
            {
                var expected = reference.Infer(images.Data);
                Compare("the output", expected.Output, network.Predict(images));
                var features = network.Features(images);
                Assert.Equal(expected.Taps.Keys.Order(), features.Keys.Order());
                foreach (var (tap, values) in expected.Taps) Compare(tap, values, features[tap]);
            }
            catch (ArgumentException error)
            {
                failures.Add($"{network.Definition.Name}: {error.Message}");
            }
        }
        return failures;

        void Compare(string what, double[] expected, Tensor actual)
        {
            Assert.Equal(expected.Length, actual.Data.Length);
            var largest = expected.Max(Math.Abs);
            var error = expected.Zip(actual.Data.ToArray(), (e, a) => Math.Abs(e - a)).Max();
            // Written so that what is not a number fails.
            if (!(error <= tolerance * largest)) failures.Add($"{network.Definition.Name}: {what} of at most {largest:g3} is wrong by {error:g3}");
        }
    }

    /// <summary>Weights that keep the scale of what they meet, and statistics and shifts of which none is neutral.</summary>
    static void Randomize(Parameters parameters, Random random)
    {
        foreach (var tensor in parameters.Tensors)
        {
            var products = tensor.Shape.Skip(1).Aggregate(1, (product, size) => product * size);
            tensor.Edit(values =>
            {
                foreach (ref var value in values)
                {
                    value = tensor.Info.Kind switch
                    {
                        ParameterKind.Weight => (2 * random.NextSingle() - 1) * MathF.Sqrt(3f / products),
                        ParameterKind.Scale or ParameterKind.RunningVariance => 0.5f + random.NextSingle(),
                        _ => random.NextSingle() - 0.5f,
                    };
                }
            });
        }
    }
}
