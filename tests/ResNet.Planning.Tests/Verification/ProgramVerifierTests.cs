using ResNet.Dsl;
using ResNet.Generators.Tests.Emitting;
using ResNet.Generators.Tests.Planning;
using ResNet.Planning.Programs;
using ResNet.Planning.Verification;
using ResNet.Runtime;
using ResNet.Runtime.Programs;

namespace ResNet.Planning.Tests.Verification;

/// <summary>
/// The verifier accepts every planned program, and no changed one that computes anything else: what it accepts of those is
/// executed on the processor, and has to yield the same bits.
/// </summary>
public class ProgramVerifierTests
{
    static readonly Dictionary<string, NetworkDefinition> _networks = new()
    {
        ["original"] = Zoo.Build(net => net.Input(3, 6, 6).Conv(4, 3, padding: 1).BatchNorm().Relu().MaxPool(2, 1)
            .Repeat(3, n => n.Residual(r => r.Conv(4, 3, padding: 1).BatchNorm().Relu().Conv(4, 3, padding: 1).BatchNorm()))
            .Residual(r => r.Conv(8, 3, stride: 2, padding: 1).BatchNorm().Relu().Conv(8, 3, padding: 1).BatchNorm(), Shortcut.ZeroPad)
            .Residual(r => r.Conv(8, 3, padding: 1).BatchNorm(), Shortcut.ProjectionAlways)
            .GlobalAveragePool().Dropout(0.2).Dense(3)),
        ["pre-activation"] = Zoo.Build(net => net.Input(3, 6, 6).Conv(4, 3, padding: 1).BatchNorm().Relu()
            .Repeat(3, n => n.Residual(r => r.BatchNorm().Relu().Conv(4, 1).BatchNorm().Relu().Conv(4, 3, padding: 1), activation: Activation.None))
            .Conv(4, 1).BatchNorm().Relu().GlobalAveragePool().Dense(3)),
        ["nested"] = Zoo.Build(net => net.Input(3, 6, 6).Conv(4, 1).Tap("stem")
            .Repeat(2, o => o.Repeat(3, n => n.Residual(r => r.Conv(4, 1).BatchNorm())).AveragePool(3, 1, 1).Conv(4, 1))
            .BatchNorm().Relu().GlobalAveragePool().Dense(3)),
        ["straight"] = Zoo.Build(net => net.Input(3, 6, 6).Repeat(5, n => n.Conv(3, 3, padding: 1).Relu())
            .Residual(r => r.Repeat(2, n => n.Conv(3, 1).BatchNorm())).GlobalAveragePool().Dense(3)),
    };

    public static TheoryData<string> Names => [.. _networks.Keys];

    public static TheoryData<string, bool> NamesAndModes
    {
        get
        {
            var rows = new TheoryData<string, bool>();
            foreach (var name in _networks.Keys)
            {
                rows.Add(name, false);
                rows.Add(name, true);
            }
            return rows;
        }
    }

    [Fact]
    public void Every_architecture_is_accepted() => AcceptAll(Zoo.All.Select(entry => entry.Network));

    [Fact]
    public void Random_networks_are_accepted() => AcceptAll(Enumerable.Range(0, 1000).Select(RandomNetworks.CreateOfEverything));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Changes_of_gates_and_outputs_are_refused(bool recomputes)
    {
        var network = Zoo.Build(net => net.Input(3, 6, 6).Conv(4, 3, padding: 1).Scale().Relu().Output("maps")
            .Repeat(2, n => n.Residual(r => r.Conv(4, 1).BatchNorm(frozen: true), g => g.Conv(4, 1).Sigmoid(), Activation.None, merge: Merge.Product))
            .Branch("scores", b => b.Conv(2, 1)).Flatten().Dense(3));
        Refused(Mutations.Of(Planner.PlanInference(network)), mutant => ProgramVerifier.Verify(network, mutant));
        Refused(Mutations.Of(Planner.PlanTraining(network, recomputes)), mutant => ProgramVerifier.Verify(network, mutant));

        static void Refused<T>(IEnumerable<Mutant<T>> mutants, Action<T> verify)
        {
            var (refused, accepted) = Sort(mutants, verify);
            // What is accepted computes the same: in another order or place, or a product twice.
            Assert.True(accepted.Count <= (refused.Count + accepted.Count) / 20, string.Join(", ", accepted.Select(mutant => mutant.Kind)));
            Assert.All(accepted, mutant => Assert.Matches("^(order|repeated step|slot stride|.* slot)", mutant.Kind));
            Assert.Superset(new HashSet<string> { "output", "factor slot in a loop" }, refused.Select(mutant => mutant.Kind).ToHashSet());
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_changed_forward_pass_is_refused_or_computes_the_same_bits(string name)
    {
        var network = _networks[name];
        var program = Planner.PlanInference(network);
        Check(Mutations.Of(program), mutant => ProgramVerifier.Verify(network, mutant), mutant => Logits(network, mutant), Logits(network, program));
    }

    [Theory]
    [MemberData(nameof(NamesAndModes))]
    public void A_changed_training_step_is_refused_or_computes_the_same_bits(string name, bool recomputes)
    {
        var network = _networks[name];
        var program = Planner.PlanTraining(network, recomputes);
        Check(Mutations.Of(program), mutant => ProgramVerifier.Verify(network, mutant), mutant => Step(network, mutant), Step(network, program));
    }

    [Fact]
    public void An_error_names_operation_layer_and_slot()
    {
        var network = _networks["original"];
        var program = Planner.PlanTraining(network, recomputes: false);
        var loop = program.Steps.OfType<ProgramLoop>().First();
        var error = Assert.Throws<ProgramException>(() => ProgramVerifier.Verify(network, program with
        {
            Steps = new(program.Steps.Select(step => step == loop ? loop with { SlotStride = loop.SlotStride + 1 } : step)),
        }));
        Assert.Equal("Conv", error.Operation);
        Assert.Equal("layer1.1.conv1", error.Layer);
        Assert.NotNull(error.Slot);
        Assert.Contains("Conv of layer1.1.conv1, slot ", error.Message, StringComparison.Ordinal);
    }

    static void AcceptAll(IEnumerable<NetworkDefinition> networks)
    {
        foreach (var network in networks)
        {
            ProgramVerifier.Verify(network, Planner.PlanInference(network));
            foreach (var recomputes in new[] { false, true })
                ProgramVerifier.Verify(network, Planner.PlanTraining(network, recomputes));
        }
    }

    static void Check<T>(IEnumerable<Mutant<T>> mutants, Action<T> verify, Func<T, float[]> execute, float[] expected)
    {
        var (refused, accepted) = Sort(mutants, verify);
        var total = refused.Count + accepted.Count;
        foreach (var mutant in accepted)
            Assert.True(expected.AsSpan().SequenceEqual(execute(mutant.Program)), $"A change of {mutant.Kind} is accepted, and computes something else: {mutant.Program}");
        Assert.True(accepted.Count <= total / 20, $"{accepted.Count} of {total} changes are accepted: {string.Join(", ", accepted.Select(mutant => mutant.Kind))}");
        Assert.Superset(new HashSet<string> { "dropped step", "result slot", "input slot", "slot size", "layer", "loop count", "loop stride" }, refused.Select(mutant => mutant.Kind).ToHashSet());
    }

    static (List<Mutant<T>> Refused, List<Mutant<T>> Accepted) Sort<T>(IEnumerable<Mutant<T>> mutants, Action<T> verify)
    {
        var (refused, accepted) = (new List<Mutant<T>>(), new List<Mutant<T>>());
        foreach (var mutant in mutants)
        {
            try
            {
                verify(mutant.Program);
                accepted.Add(mutant);
            }
            catch (ProgramException)
            {
                refused.Add(mutant);
            }
        }
        return (refused, accepted);
    }

    static float[] Logits(NetworkDefinition network, InferenceProgram program)
    {
        using var device = new CpuDevice(1);
        using var played = new Played(network, device, program, null);
        var images = new Tensor([.. Images(network)], Batch, network.Input.Channels, network.Input.Height, network.Input.Width);
        return [.. played.Predict(images).Data, .. played.Features(images).Values.SelectMany(values => values.Data.ToArray())];
    }

    static float[] Step(NetworkDefinition network, TrainingProgram program)
    {
        using var device = new CpuDevice(1);
        using var played = new Played(network, device, Planner.PlanInference(network), program);
        using var session = played.CreateTrainingSession(seed: 5);
        var result = session.Run(Images(network), [0, 2]);
        return [(float)result.Loss, .. session.ReadGradients(), .. played.Parameters.ReadStatistics()];
    }

    const int Batch = 2;

    static float[] Images(NetworkDefinition network)
    {
        var random = new Random(3);
        return [.. Enumerable.Range(0, Batch * (int)network.Input.Elements).Select(_ => random.NextSingle() - 0.5f)];
    }

    /// <summary>A network that executes given programs.</summary>
    sealed class Played(NetworkDefinition network, Device device, InferenceProgram inference, TrainingProgram? training) : Network(device)
    {
        public override NetworkDefinition Definition => network;

        protected override int ProgramFormat => FormatVersion.Current;

        protected override void Infer(InferencePass run) => InferencePlayer.Play(inference, run);

        protected override void Train(TrainingPass run) => TrainingPlayer.Play(training!, run);
    }
}
