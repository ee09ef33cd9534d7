using ResNet.Dsl;
using ResNet.Generators.Emitting;
using ResNet.Generators.Tests.Emitting;
using ResNet.Planning;
using ResNet.Planning.Programs;
using ResNet.Runtime;
using ResNet.Runtime.Programs;

namespace ResNet.Generators.Tests.Training;

/// <summary>
/// What <c>Recompute = true</c> changes, memory, and what it does not: bits. That a naive pass finds the same bits for all
/// networks is part of <see cref="TrainingTests"/>.
/// </summary>
public class RecomputationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_processor_computes_the_same_bits(int threads)
    {
        using var device = new CpuDevice(threads);
        IReadOnlyList<NetworkDefinition> own =
        [
            Zoo.Build(new CifarResNetAttribute { Depth = 14, StochasticDepth = 0.5 }.Declare),
            // Halos, channels that fill blocks, and a mask that both passes through the unit draw.
            Zoo.Build(net => net.Input(3, 16, 16).Conv(16, 3, padding: 1).BatchNorm().Relu()
                .Repeat(3, n => n.Residual(r => r.Conv(16, 3, padding: 1).BatchNorm().Relu().Dropout(0.3).Conv(16, 3, padding: 1).BatchNorm()))
                .Residual(r => r.MaxPool(3, 2, 1).Conv(32, 1).BatchNorm(), Shortcut.Projection)
                .GlobalAveragePool().Dropout(0.2).Dense(5)),
        ];
        foreach (var (saving, recomputing) in TrainingTests.CifarTwins.Concat(TrainingTests.RandomTwins.Take(40)).Concat(TrainingTests.Twins(own)))
            if (!Bits(saving).SequenceEqual(Bits(recomputing))) Assert.Fail($"Other bits if units of {saving.Model.Definition} are computed again");

        List<int> Bits(GeneratedNetwork generated)
        {
            using var network = generated.Create(device);
            TrainingTests.Randomize(network.Parameters);
            var (images, labels) = TrainingTests.Batch(network.Definition);
            using var session = network.CreateTrainingSession(seed: 5);
            var bits = new List<int>();
            for (var step = 0; step < 2; step++)
            {
                bits.Add(BitConverter.SingleToInt32Bits((float)session.Run(images, labels).Loss));
                foreach (var value in session.ReadGradients()) bits.Add(BitConverter.SingleToInt32Bits(value));
                foreach (var value in network.Parameters.ReadStatistics()) bits.Add(BitConverter.SingleToInt32Bits(value));
            }
            return bits;
        }
    }

    [Fact]
    public void ResNet_1202_is_trained_at_batch_128_in_8_GB()
    {
        var network = GeneratedNetwork.Of(Zoo.Cifar(1202), recomputes: true);
        // Parameters, their gradients, and the optimizer's momentum.
        var values = 128 * network.Constant<long>("TrainingArenaElements") + 3 * network.Constant<long>("ParameterCount");
        Assert.InRange(values * sizeof(float), 3_000_000_000, 8_000_000_000);
    }

    [Fact]
    public void Memory_of_ResNet_20_is_the_stem_the_units_results_and_a_single_unit()
    {
        // The image, the stem's convolution and result, what the units yield, and what the pooling yields.
        const long full = 16 * 32 * 32;
        const long saved = 3 * 32 * 32 + 2 * full + 3 * full + 3 * full / 2 + 3 * full / 4 + 64;
        // In a unit: both convolutions' results, the ReLU between them, and two gradients.
        var network = GeneratedNetwork.Of(Zoo.Cifar(20), recomputes: true);
        Assert.Equal(saved + 5 * full, network.Constant<long>("TrainingArenaElements"));
        Assert.Equal(GeneratedNetwork.Of(Zoo.Cifar(20)).Constant<long>("ArenaElements"), network.Constant<long>("ArenaElements"));
    }

    [Theory]
    [InlineData("basic", "Conv Norm Conv")]
    [InlineData("preactivation", "Norm Conv Norm")]
    [InlineData("a projection", "Conv Conv")]
    [InlineData("an inner unit", "Conv Norm")]
    [InlineData("max pooling", "Conv")]
    [InlineData("average pooling", "")]
    [InlineData("a loop", "")]
    public void Only_what_backward_reads_is_computed_again(string unit, string operations)
    {
        var program = Planner.PlanTraining(Zoo.Build(net =>
        {
            net.Input(2, 4, 4).Conv(4, 3, padding: 1).BatchNorm().Relu();
            switch (unit)
            {
                case "basic":
                    net.Residual(r => r.Conv(4, 1).BatchNorm().Relu().Conv(4, 1).BatchNorm());
                    break;
                case "preactivation":
                    net.Residual(r => r.BatchNorm().Relu().Conv(4, 1).BatchNorm().Relu().Conv(4, 1), activation: Activation.None);
                    break;
                case "a projection":
                    net.Residual(r => r.Conv(8, 1).BatchNorm(), Shortcut.Projection);
                    break;
                case "an inner unit":
                    net.Residual(r => r.Residual(s => s.Conv(4, 1).BatchNorm()).Conv(4, 1));
                    break;
                case "max pooling":
                    net.Residual(r => r.Conv(4, 1).MaxPool(2, 2), s => s.AveragePool(2, 2), Activation.None);
                    break;
                case "average pooling":
                    net.Residual(r => r.AveragePool(2, 2), s => s.AveragePool(2, 2), Activation.None);
                    break;
                default:
                    net.Residual(r => r.Repeat(2, n => n.Conv(4, 1).BatchNorm()));
                    break;
            }
            // Reads what the unit yields, which is therefore saved.
            net.Conv(4, 1).GlobalAveragePool().Dense(3);
        }), recomputes: true)!;
        Assert.Equal(operations, string.Join(' ', program.Steps.OfType<ForwardCall>().Where(call => call.IsBackward).Select(call => call.Operation)));
    }

    [Fact]
    public void Nothing_changes_without_residual_units()
    {
        var network = Zoo.Cifar(20, plain: true);
        Assert.Equal(Emitter.Emit(GeneratedNetwork.ModelOf(network)), Emitter.Emit(GeneratedNetwork.ModelOf(network, recomputes: true)));
    }
}
