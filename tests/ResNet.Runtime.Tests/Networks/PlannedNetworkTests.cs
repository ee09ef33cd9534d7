using ResNet.Dsl;
using ResNet.Planning.Programs;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Tests.Networks;

/// <summary>A network that is planned at run time computes the bits that its compiled twin computes, and allocates no more.</summary>
public class PlannedNetworkTests
{
    public static TheoryData<string> Names => [.. TrainingCases.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void ItComputesTheBitsOfTheCompiledNetwork(string name)
    {
        using var compiled = TrainingCases.Create(name);
        using var planned = Network.Create(compiled.Definition);
        TrainingCases.Randomize(planned.Parameters);
        AssertSameBits(compiled, planned);
    }

    [Theory]
    [InlineData("Cifar20")]
    [InlineData("GatedShortcut")]
    [InlineData("ExclusiveGating")]
    [InlineData("FrozenNorms")]
    [InlineData("Scales")]
    [InlineData("DropoutShortcut")]
    [InlineData("Cifar20ExclusiveGating")]
    [InlineData("Cifar20ShortcutOnlyGating")]
    [InlineData("Cifar20FrozenGating")]
    [InlineData("CifarWide16x2")]
    public void ItComputesUnitsAgainIfAsked(string name)
    {
        using var compiled = TrainingCases.Create(name);
        using var planned = Network.Create(compiled.Definition, recompute: true);
        TrainingCases.Randomize(planned.Parameters);
        AssertSameBits(compiled, planned);
    }

    [Fact]
    public void AWarmPassAndAWarmStepAllocateNothing()
    {
        using var device = new CpuDevice(1);
        using var compiled = new Cifar20();
        using var net = Network.Create(compiled.Definition, device);
        var (images, labels) = (SessionTests.Images(net, 3).Data.ToArray(), new[] { 0, 1, 2 });
        var logits = new float[30];
        using var inference = net.CreateSession();
        using var training = net.CreateTrainingSession();
        Assert.Equal(0, Allocations.Of(() => inference.Predict(images, 3, logits)));
        Assert.Equal(0, Allocations.Of(() => training.Run(images, labels)));
    }

    [Fact]
    public void ItSaysWhatItIsMadeOfAndRunsOn()
    {
        using var device = new CpuDevice(1);
        var definition = TestNetworks.CifarResNet(1);
        using var net = Network.Create(definition, device);
        Assert.Same(definition, net.Definition);
        Assert.Same(device, net.Device);
        Assert.Throws<ArgumentNullException>(() => Network.Create(null!));
    }

    [Fact]
    public void ManyThreadsMayAskForTheFirstPass()
    {
        using var net = Network.Create(TestNetworks.CifarResNet(2));
        var images = SessionTests.Images(net, 1);
        var logits = new float[8][];
        Parallel.For(0, logits.Length, i => logits[i] = net.Predict(images).Data.ToArray());
        Assert.All(logits, values => Assert.Equal(logits[0], values));
    }

    [Fact]
    public void FeatureMapsAreNotTrained()
    {
        using var net = Network.Create(TestNetworks.Build(3, 8, 8, n => n.Conv(4, 3)));
        Assert.Equal(4 * 6 * 6, net.Predict(new Tensor(1, 3, 8, 8)).Data.Length);
        var error = Assert.Throws<InvalidOperationException>(() => net.CreateTrainingSession());
        Assert.Contains("4×6×6", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(FormatVersion.Current - 1, "rebuild the project")]
    [InlineData(FormatVersion.Current + 1, "update the package ResNet.Runtime")]
    public void CodeOfAnotherProgramFormatIsRefused(int format, string remedy)
    {
        using var net = new OfFormat(format);
        var errors = new[]
        {
            Assert.Throws<InvalidOperationException>(() => net.Predict(new Tensor(1, 3, 32, 32))),
            Assert.Throws<InvalidOperationException>(() => net.CreateTrainingSession()),
        };
        Assert.All(errors, error =>
        {
            Assert.Contains($"format {format}", error.Message, StringComparison.Ordinal);
            Assert.Contains(remedy, error.Message, StringComparison.Ordinal);
            Assert.Contains(nameof(OfFormat), error.Message, StringComparison.Ordinal);
        });
    }

    static void AssertSameBits(Network compiled, Network planned)
    {
        var images = SessionTests.Images(compiled, 2);
        Assert.Equal(compiled.Predict(images).Data.ToArray(), planned.Predict(images).Data.ToArray());
        var expected = compiled.Features(images);
        var features = planned.Features(images);
        Assert.Equal(expected.Keys.Order(), features.Keys.Order());
        foreach (var (tap, values) in expected) Assert.Equal(values.Data.ToArray(), features[tap].Data.ToArray());
        Assert.Equal(Step(compiled), Step(planned));
    }

    /// <summary>Loss, gradients and statistics of a step.</summary>
    static float[] Step(Network net)
    {
        using var session = net.CreateTrainingSession(seed: 5);
        var result = session.Run(TrainingCases.Waves(net, 4), TrainingCases.Labels(net, 4));
        return [(float)result.Loss, result.Correct!.Value, .. session.ReadGradients(), .. net.Parameters.ReadStatistics()];
    }

    /// <summary>Code as another version of the generator would write it.</summary>
    sealed class OfFormat(int format) : Network
    {
        public override NetworkDefinition Definition { get; } = TestNetworks.CifarResNet(1);

        protected override int ProgramFormat => format;

        protected override void Infer(InferencePass run) => Assert.Fail("It was run");

        protected override void Train(TrainingPass run) => Assert.Fail("It was run");
    }
}
