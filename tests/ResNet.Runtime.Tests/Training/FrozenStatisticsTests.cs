using ResNet.Dsl;
using ResNet.Reference;
using ResNet.Runtime.Tests.Networks;
using ResNet.Runtime.Training;

namespace ResNet.Runtime.Tests.Training;

/// <summary>Batch normalization that is frozen when training begins, in a network that was declared without.</summary>
public class FrozenStatisticsTests
{
    [Fact]
    public void StepsAreThoseOfTheFrozenDefinition()
    {
        using var net = Create();
        var (images, labels) = (TrainingCases.Waves(net, 5), TrainingCases.Labels(net, 5));
        using var frozen = Network.Create(net.Definition.WithFrozenNormalization("bn1"));
        foreach (var tensor in net.Parameters.Tensors) tensor.Read().CopyTo(frozen.Parameters[tensor.Name].Edit());
        var reference = new ReferenceInterpreter(frozen.Parameters);
        var expected = reference.Train(images, labels);
        using var session = net.CreateTrainingSession(new TrainingSessionOptions { FreezeStatisticsThrough = "bn1" });

        Assert.Equal(expected.Loss, session.Run(images, labels).Loss, 1e-5);
        foreach (var tensor in net.Parameters.Tensors)
        {
            if (!tensor.Info.IsTrained)
                TrainingCases.AssertClose(reference.Parameters[tensor.Name], tensor.Read(), reference.Parameters[tensor.Name].Max(Math.Abs), 1e-5, tensor.Name);
            else
                TrainingCases.AssertClose(expected.Gradients[tensor.Name], session.ReadGradients().Slice(tensor.Offset, tensor.Length),
                    expected.Gradients.Values.Max(gradient => gradient.Max(Math.Abs)), 1e-4, tensor.Name);
        }
    }

    [Theory, InlineData(false), InlineData(true)]
    public void TheTrainerFreezesThemByChoice(bool freeze)
    {
        using var net = Create();
        var before = net.Parameters.Tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Read().ToArray());
        var options = new TrainerOptions { Epochs = 1, FreezeThrough = "bn1", FreezeStatistics = freeze };
        using (var trainer = new Trainer(net, new ToyBatches(), options)) trainer.Run();
        foreach (var tensor in net.Parameters.Tensors.Where(tensor => !tensor.Info.IsTrained))
            Assert.Equal(freeze && tensor.Name.StartsWith("bn1.", StringComparison.Ordinal), before[tensor.Name].AsSpan().SequenceEqual(tensor.Read()));
    }

    [Fact]
    public void WithoutALayerTheTrainerFreezesAllOfThemAndNoWeight()
    {
        using var net = Create();
        var before = net.Parameters.Tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Read().ToArray());
        using (var trainer = new Trainer(net, new ToyBatches(), new() { Epochs = 1, FreezeStatistics = true })) trainer.Run();
        foreach (var tensor in net.Parameters.Tensors)
            Assert.Equal(!tensor.Info.IsTrained, before[tensor.Name].AsSpan().SequenceEqual(tensor.Read()));
    }

    /// <summary>With statistics that are no batch's.</summary>
    static ToyNet Create()
    {
        var net = new ToyNet();
        TrainingCases.Randomize(net.Parameters);
        var statistics = net.Parameters.EditStatistics();
        for (var i = 0; i < statistics.Length; i++) statistics[i] += 0.1f * (i % 7);
        return net;
    }
}
