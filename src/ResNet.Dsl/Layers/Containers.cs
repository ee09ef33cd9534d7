namespace ResNet.Dsl;

/// <summary>Layers one after another, in a scope of their own if named.</summary>
/// <param name="Name">Scope of the names within; empty for none.</param>
/// <param name="Layers">The layers in order.</param>
public sealed record Sequence(string Name, EquatableArray<Layer> Layers) : Layer(Name)
{
    /// <summary>No layers: the identity.</summary>
    public static Sequence Empty { get; } = new("", default);
}

/// <summary>
/// The same body, with parameters of its own each time, <paramref name="Count"/> times. It keeps its input's shape,
/// and stays a loop in generated code.
/// </summary>
/// <param name="Name">Scope of the names within; iteration i stands in <c>Name.(First + i)</c>.</param>
/// <param name="Body">What is repeated.</param>
/// <param name="Count">Number of iterations.</param>
/// <param name="First">Number of the first iteration in names.</param>
public sealed record Repeat(string Name, Sequence Body, int Count, int First = 0) : Layer(Name);

/// <summary>
/// A residual unit (He et al. 2015, section 3.1): <c>activation(main(x) + shortcut(x))</c>.
/// </summary>
/// <param name="Name">Scope of the names within; empty for none.</param>
/// <param name="Main">The residual function.</param>
/// <param name="Shortcut">The shortcut; empty for the identity.</param>
/// <param name="Activation">What follows the addition; empty for nothing, as in pre-activation units.</param>
public sealed record Residual(string Name, Sequence Main, Sequence Shortcut, Sequence Activation) : Layer(Name);
