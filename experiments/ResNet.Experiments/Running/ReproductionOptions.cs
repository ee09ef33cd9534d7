using ResNet.Experiments.Budgets;
using ResNet.Runtime;
using ResNet.Runtime.Data;

namespace ResNet.Experiments;

/// <summary>The options of a reproduction.</summary>
public sealed record ReproductionOptions
{
    /// <summary>The images to train and to validate on.</summary>
    public required DatasetSplits Data { get; init; }

    /// <summary>The folder of runs and results.</summary>
    public required string Folder { get; init; }

    /// <summary>The effort of training.</summary>
    public required Effort Effort { get; init; }

    /// <summary>Runs of each network, with the seeds from 1 on.</summary>
    public int Seeds { get; init; } = 1;

    /// <summary>Names of the networks; null for the experiment's usual ones, which are all where the effort is the paper's.</summary>
    public IReadOnlyList<string>? Networks { get; init; }

    /// <summary>The device; null for the shared processor.</summary>
    public Device? Device { get; init; }

    /// <summary>Receives the progress.</summary>
    public Action<ReproductionProgress>? OnProgress { get; init; }
}
