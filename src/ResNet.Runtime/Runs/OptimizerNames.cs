using ResNet.Runtime.Optimizers;

namespace ResNet.Runtime.Runs;

/// <summary>Optimizers by name.</summary>
public static class OptimizerNames
{
    internal const string Sgd = "sgd", AdamW = "adamw", Lamb = "lamb", Lars = "lars";

    /// <summary>The names.</summary>
    public static IReadOnlyList<string> All { get; } = [Sgd, AdamW, Lamb, Lars];

    /// <summary>A learning rate of the order that an optimizer is used with, for training from random weights.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="ArgumentException">There is no such optimizer.</exception>
    public static double UsualRate(string name) => name switch
    {
        Sgd => 0.1,
        AdamW => 1e-3,
        Lamb => 5e-3,
        Lars => 5,
        _ => throw Unknown(name),
    };

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
        _ => throw Unknown(name),
    };

    static ArgumentException Unknown(string name) => new($"There is no optimizer {name}; expected {string.Join(", ", All)}");
}
