using ResNet.Experiments.Budgets;
using ResNet.Experiments.Probes;

namespace ResNet.Experiments;

/// <summary>All that the runs of an experiment gave.</summary>
/// <param name="Experiment">The experiment.</param>
/// <param name="Data">The images, in words.</param>
/// <param name="Classes">The number of their classes.</param>
/// <param name="Effort">The requested effort.</param>
/// <param name="Usual">The schedule without any limit of time.</param>
/// <param name="Schedule">The schedule of the runs; null where nothing was trained.</param>
/// <param name="Trials">The runs, those of a network together, by seed.</param>
public sealed record Outcome(Experiment Experiment, string Data, int Classes, Effort Effort, Schedule Usual, Schedule? Schedule, IReadOnlyList<Trial> Trials)
{
    /// <summary>The measurement of the experiment's probe of all networks together; null if it measures each by itself, or if there is only one.</summary>
    public ProbeTable? Together { get; init; }

    /// <summary>The networks, in the order of the experiment.</summary>
    public IReadOnlyList<Subject> Subjects => [.. Trials.Select(trial => trial.Subject).Distinct()];

    /// <summary>The runs of a network.</summary>
    public IReadOnlyList<Trial> Of(Subject subject) => [.. Trials.Where(trial => trial.Subject == subject)];

    /// <summary>The runs of a network by name; none if it was not trained.</summary>
    public IReadOnlyList<Trial> Of(string name) => [.. Trials.Where(trial => trial.Subject.Name == name)];

    /// <summary>Seeds of each network.</summary>
    public int Seeds => Trials.Select(trial => trial.Seed).Distinct().Count();
}
