using ResNet.Experiments.Probes;
using ResNet.Reports;
using ResNet.Runtime.Runs;

namespace ResNet.Experiments;

/// <summary>An experiment of a paper, declared: what is claimed, which networks are trained how, and what is shown of it.</summary>
public sealed record Experiment
{
    /// <summary>Its name on the command line.</summary>
    public required string Name { get; init; }

    /// <summary>A heading.</summary>
    public required string Title { get; init; }

    /// <summary>Paper, section and figure or table.</summary>
    public required string Source { get; init; }

    /// <summary>The paper's claim, in a sentence or two.</summary>
    public required string Claim { get; init; }

    /// <summary>The networks, in the order of tables and pictures.</summary>
    public required IReadOnlyList<Subject> Subjects { get; init; }

    /// <summary>Makes the page's parts of what the runs gave.</summary>
    public required Func<Outcome, IReadOnlyList<ReportSection>> Present { get; init; }

    /// <summary>The training of the networks.</summary>
    public Recipe Recipe { get; init; } = Recipe.FastCifar;

    /// <summary>The paper's training, for <c>--full</c>.</summary>
    public Recipe PaperRecipe { get; init; } = Recipe.PaperCifar;

    /// <summary>Images of a step, if other than the recipe's.</summary>
    public int? Batch { get; init; }

    /// <summary>The measurement beside the errors; null for none.</summary>
    public Probe? Probe { get; init; }
}
