using ResNet.Experiments.Papers;
using ResNet.Zoo;

namespace ResNet.Experiments;

/// <summary>The experiments that can be reproduced.</summary>
public static class Catalog
{
    /// <summary>Every experiment, in the order of the papers.</summary>
    public static IReadOnlyList<Experiment> All { get; } =
    [
        Degradation.Cifar, Degradation.ImageNetForm, Options.Table, CifarResNets.Table, VeryDeep.Loss, Protocols.Table, Responses.Layers, Gradients.Flow, ShortcutKinds.Table,
        Units.Table, DroppedBranches.Table, Wide.Table,
    ];

    /// <summary>The experiment of a name.</summary>
    /// <param name="name">Its <see cref="Experiment.Name"/>; case makes no difference.</param>
    /// <exception cref="ArgumentException">There is none; the message has the names that it may have meant.</exception>
    public static Experiment Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return All.FirstOrDefault(experiment => experiment.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new ArgumentException(Explain(name));
    }

    static string Explain(string name)
    {
        var names = All.Select(experiment => experiment.Name).ToList();
        return NearNames.Of(name, names) is { Count: > 0 } near
            ? $"There is no experiment {name}; did you mean {string.Join(" or ", near)}?"
            : $"There is no experiment {name}; expected one of {string.Join(", ", names)}";
    }
}
