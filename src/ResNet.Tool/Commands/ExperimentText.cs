using ResNet.Experiments;
using ResNet.Tool.Output;

namespace ResNet.Tool.Commands;

/// <summary>Experiments and their results on the command line.</summary>
static class ExperimentText
{
    public static void WriteList(TextWriter output, bool asJson)
    {
        if (asJson)
        {
            ReportContext.Write<IReadOnlyList<ExperimentEntry>>(output,
                [.. Catalog.All.Select(one => new ExperimentEntry(one.Name, one.Title, one.Source, one.Claim, [.. one.Subjects.Select(subject => subject.Name)]))]);
            return;
        }
        var table = new TextTable(false, false, false);
        table.Add("experiment", "what it shows", "in");
        foreach (var experiment in Catalog.All) table.Add(experiment.Name, experiment.Title, experiment.Source);
        table.WriteTo(output);
    }

    public static void Write(TextWriter output, Outcome outcome, string page)
    {
        if (outcome.Schedule is not null)
        {
            var table = new TextTable(false, true, true, true);
            table.Add("network", "test error (%)", "training error (%)", "paper (%)");
            foreach (var subject in outcome.Subjects)
            {
                var trials = outcome.Of(subject);
                table.Add(
                    subject.Label, Spread.Of([.. trials.Select(trial => trial.Error)]).ToString(), Spread.Of([.. trials.Select(trial => trial.TrainingError)]).ToString(),
                    subject.PaperResult);
            }
            table.WriteTo(output);
        }
        output.WriteLine($"results in {page}");
    }

    public static ReproductionReport Report(Outcome outcome, string folder) => new(outcome.Experiment.Name, folder,
        [.. outcome.Trials.Select(trial => new ReproducedRun(trial.Subject.Name, trial.Seed, trial.Epochs.Count, trial.Epochs.Count > 0 ? trial.Error : null))]);
}
