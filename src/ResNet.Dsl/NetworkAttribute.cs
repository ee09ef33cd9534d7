namespace ResNet.Dsl;

/// <summary>
/// Declares a network of its own on a <c>partial class</c> that has a method <c>static void Define(NetworkBuilder net)</c>.
/// The compiler reads that method; it may use everything that is known before the program runs.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NetworkAttribute : Attribute
{
    /// <summary>
    /// Trades time for memory while training: of each residual unit only the input is kept, and the unit is computed a second
    /// time when the backward pass arrives at it (Chen et al. 2016, "Training Deep Nets with Sublinear Memory Cost"). The
    /// results have the same bits. Inference does not change, nor do layers outside of residual units.
    /// </summary>
    public bool Recompute { get; set; }
}
