using ResNet.Dsl;
using ResNet.Experiments.Budgets;
using ResNet.Runtime;
using ResNet.Runtime.Data;
using ResNet.Runtime.Weights.Initialization;

namespace ResNet.Experiments.Tests;

/// <summary>Experiments with networks and data that take seconds.</summary>
static class Small
{
    /// <summary>An experiment with networks of 8 layers in the place of its own, under their names.</summary>
    public static Experiment Of(Experiment experiment) => experiment with
    {
        Subjects = [.. experiment.Subjects.Where(subject => !subject.IsExtra).Select((subject, index) =>
            subject with { Create = Subject.Of(subject.Name, subject.Label, () => index % 2 == 0 ? Plain() : Residual()).Create })],
    };

    public static CifarResNetAttribute Plain() => new() { Depth = 8, Plain = true };

    public static CifarResNetAttribute Residual(Unit unit = Unit.Original) => new() { Depth = 8, Unit = unit };

    public static ReproductionOptions Options(TemporaryFolder folder, Effort effort, int images = 64) => new()
    {
        Data = new(new Shapes10(images), new Shapes10(20, DatasetSplit.Test)),
        Folder = folder.File("out"),
        Effort = effort,
    };

    /// <summary>A network with random weights and statistics.</summary>
    public static Network Network(ArchitectureAttribute architecture, ulong seed = 3)
    {
        var network = ResNet.Runtime.Network.Create(architecture.Define("small"));
        new HeInitializer(seed).Initialize(network.Parameters);
        network.Parameters.EditStatistics(statistics =>
        {
            for (var i = 0; i < statistics.Length; i++) statistics[i] = 0.5f + i % 7 / 7f;
        });
        return network;
    }
}
