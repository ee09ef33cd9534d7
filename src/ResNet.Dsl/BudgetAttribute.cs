namespace ResNet.Dsl;

/// <summary>
/// Limits what a declared network may cost; stands beside the attribute that declares it. The compiler reports an error under
/// each limit that the network exceeds, with the figure and the three layers that cost most. A limit is a finite number of at
/// least 1, a property that is not set is no limit.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class BudgetAttribute : Attribute
{
    /// <summary>Most trained parameters, as <see cref="NetworkSummary.Parameters"/> counts them.</summary>
    public double Parameters { get; set; } = double.PositiveInfinity;

    /// <summary>Most multiply-adds per image, as <see cref="NetworkSummary.MultiplyAdds"/> counts them.</summary>
    public double MultiplyAdds { get; set; } = double.PositiveInfinity;

    /// <summary>Most values, of four bytes, that the activations of one image need room for: the constant <c>ArenaElements</c>.</summary>
    public double Arena { get; set; } = double.PositiveInfinity;

    /// <summary>
    /// Most values, of four bytes, that the activations and gradients of one image need room for while training: the constant
    /// <c>TrainingArenaElements</c>.
    /// </summary>
    public double TrainingArena { get; set; } = double.PositiveInfinity;
}
