using ResNet.Experiments.Probes;
using ResNet.Runtime.Training;

namespace ResNet.Experiments;

/// <summary>A probe's table, and when it was measured.</summary>
/// <param name="Epoch">Epochs before it.</param>
/// <param name="Table">The table.</param>
public sealed record Probed(int Epoch, ProbeTable Table);

/// <summary>The loss of a step.</summary>
/// <param name="Step">The number of the step, from 1 on.</param>
/// <param name="Loss">The mean loss of its batch.</param>
public readonly record struct StepLoss(long Step, double Loss);

/// <summary>The result of one run, or of the weights of a file.</summary>
/// <param name="Subject">The network.</param>
/// <param name="Seed">The run's seed.</param>
/// <param name="Epochs">The measurements of each epoch; empty for a file's weights.</param>
/// <param name="Losses">The loss of each step.</param>
/// <param name="Probes">The measurements of the experiment's probe, in order of time.</param>
public sealed record Trial(Subject Subject, ulong Seed, IReadOnlyList<EpochMetrics> Epochs, IReadOnlyList<StepLoss> Losses, IReadOnlyList<Probed> Probes)
{
    /// <summary>Error in percent of the last epoch, on validation or, without it, while training.</summary>
    public double Error => 100 * (1 - (Epochs[^1].Validation ?? Epochs[^1].Accuracy));

    /// <summary>Error in percent of the last epoch while training.</summary>
    public double TrainingError => 100 * (1 - Epochs[^1].Accuracy);
}
