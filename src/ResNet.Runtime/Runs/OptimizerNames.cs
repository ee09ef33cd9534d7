using ResNet.Runtime.Optimizers;

namespace ResNet.Runtime.Runs;

/// <summary>Optimizers by name.</summary>
public static class OptimizerNames
{
    internal const string Sgd = "sgd", AdamW = "adamw", Lamb = "lamb", Lars = "lars";

    /// <summary>The names.</summary>
    public static IReadOnlyList<string> All { get; } = [Sgd, AdamW, Lamb, Lars];

    /// <summary>The optimizer of a name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="momentum">Momentum, of those that have one value of it.</param>
    /// <param name="nesterov">Whether the momentum of <c>sgd</c> is Nesterov's.</param>
    /// <exception cref="ArgumentException">There is no such optimizer.</exception>
    public static Optimizer Parse(string name, double momentum = 0.9, bool nesterov = false) => name switch
    {
        Sgd => new Sgd(momentum, nesterov),
        AdamW => new AdamW(),
        Lamb => new Lamb(),
        Lars => new Lars(momentum),
        _ => throw new ArgumentException($"There is no optimizer {name}; expected {string.Join(", ", All)}"),
    };
}
