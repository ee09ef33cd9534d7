using ResNet.Experiments.Budgets;
using ResNet.Reports;

namespace ResNet.Experiments.Pages;

/// <summary>The conditions of the runs, and what is shorter than it should be.</summary>
static class ConditionSection
{
    public static ReportSection Write(Outcome outcome) => new("conditions", "Conditions") { Paragraphs = [.. Paragraphs(outcome)] };

    static IEnumerable<string> Paragraphs(Outcome outcome)
    {
        yield return $"Images: {outcome.Data}.";
        if (outcome.Schedule is not { } schedule)
        {
            yield return "Nothing was trained: the weights are those of the files.";
            yield break;
        }
        var recipe = outcome.Effort == Effort.Full ? outcome.Experiment.PaperRecipe : outcome.Experiment.Recipe;
        yield return FormattableString.Invariant(
            $"Each run: {Count(schedule.Epochs, "epoch")} of {schedule.Images} images in batches of {schedule.Batch} ({schedule.Steps} steps) with the settings of the recipe {recipe.Name}, {Count(outcome.Seeds, "seed")}, asked for with {outcome.Effort}.");
        if (outcome.Seeds > 1)
            yield return "Numbers are means over the seeds ± their standard deviation; bands in pictures reach from the least to the greatest.";
        else
            yield return "There is one seed: differences of a size that other seeds would make, too, mean nothing.";
        if (schedule != outcome.Usual)
            yield return FormattableString.Invariant(
                $"The schedule is shortened to what fits the budget; without one it would be {Count(outcome.Usual.Epochs, "epoch")} of {outcome.Usual.Images} images in batches of {outcome.Usual.Batch} ({outcome.Usual.Steps} steps).");
    }

    static string Count(int count, string what) => FormattableString.Invariant($"{count} {what}{(count == 1 ? "" : "s")}");
}
