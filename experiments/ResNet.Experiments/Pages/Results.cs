using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ResNet.Experiments.Budgets;
using ResNet.Experiments.Probes;
using ResNet.Reports;
using ResNet.Runtime.Files;

namespace ResNet.Experiments.Pages;

/// <summary>Writes what an experiment gave: page, Markdown, tables, pictures, and all numbers as JSON.</summary>
static class Results
{
    /// <summary>Name of the file with all numbers.</summary>
    public const string File = "results.json";

    public static void Write(Outcome outcome, string folder)
    {
        var experiment = outcome.Experiment;
        var sections = experiment.Present(outcome);
        new ExperimentReport
        {
            Title = experiment.Title,
            Source = experiment.Source,
            Claim = experiment.Claim,
            Sections = [.. sections, ConditionSection.Write(outcome)],
        }.Write(folder);
        WholeFile.WriteText(Path.Combine(folder, File), JsonSerializer.Serialize(Numbers(outcome), ResultJson.Readable.ResultNumbers) + "\n");
    }

    static ResultNumbers Numbers(Outcome outcome) => new(
        outcome.Experiment.Name, outcome.Experiment.Source, outcome.Data, outcome.Effort.ToString(), outcome.Schedule,
        [.. outcome.Trials.Select(trial => new TrialNumbers(
            trial.Subject.Name, trial.Seed, trial.Subject.PaperError, trial.Subject.FailsInPaper,
            [.. trial.Epochs.Select(epoch => new EpochNumbers(epoch.Epoch, epoch.Loss, 100 * (1 - epoch.Accuracy), 100 * (1 - epoch.Validation)))],
            [.. trial.Probes.Select(probed => ProbeNumbers.Of(probed.Epoch, probed.Table))]))],
        outcome.Together is { } table ? ProbeNumbers.Of(outcome.Schedule?.Epochs ?? 0, table) : null);
}

/// <summary>The numbers of an experiment. Errors are in percent.</summary>
sealed record ResultNumbers(string Experiment, string Source, string Data, string Effort, Schedule? Schedule, IReadOnlyList<TrialNumbers> Runs, ProbeNumbers? Together);

/// <param name="FailsInPaper">Whether the paper has "fail" in the place of an error: above 20 %.</param>
sealed record TrialNumbers(string Network, ulong Seed, double? PaperError, bool FailsInPaper, IReadOnlyList<EpochNumbers> Epochs, IReadOnlyList<ProbeNumbers> Probes);

sealed record EpochNumbers(int Epoch, double Loss, double TrainingError, double? TestError);

sealed record ProbeNumbers(int Epoch, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<double>> Rows)
{
    public static ProbeNumbers Of(int epoch, ProbeTable table) => new(epoch, table.Columns, table.Rows);
}

[JsonSerializable(typeof(ResultNumbers))]
sealed partial class ResultJson : JsonSerializerContext
{
    public static ResultJson Readable { get; } = new(new JsonSerializerOptions
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        // A network that learns nothing may have gradients that are not a number.
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    });
}
