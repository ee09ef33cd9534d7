using ResNet.Runtime.Cpu.Binding;

namespace ResNet.Runtime.Training;

/// <summary>
/// The loss or a gradient became infinite or not a number. Weights and running statistics are those before the step, and
/// checkpoints are as they were.
/// </summary>
public sealed class TrainingDivergedException : Exception
{
    internal TrainingDivergedException(long step, string? layer, double loss)
        : base($"Step {step}: {(double.IsFinite(loss) ? "a gradient is not finite" : $"the loss is {loss}")}{(layer is null ? "" : $", first in {layer}")}; try a lower learning rate, a warm-up or gradient clipping")
    {
        Step = step;
        Layer = layer;
    }

    /// <summary>The step, from 1 on.</summary>
    public long Step { get; }

    /// <summary>The layer or parameter where it first appeared; null if that is unknown.</summary>
    public string? Layer { get; }
}
