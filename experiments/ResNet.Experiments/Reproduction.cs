using System.Diagnostics;
using ResNet.Experiments.Budgets;
using ResNet.Experiments.Pages;
using ResNet.Experiments.Probes;
using ResNet.Experiments.Running;
using ResNet.Runtime;
using ResNet.Runtime.Training;

namespace ResNet.Experiments;

/// <summary>Reproduces an experiment: makes its runs, or takes those that its folder has, and writes what they gave.</summary>
public static class Reproduction
{
    /// <summary>Makes the runs and writes the results into the folder.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="options">Images, effort, folder.</param>
    /// <param name="cancellationToken">Stops after the present step; the same call continues from there.</param>
    /// <exception cref="ArgumentException">A network of the options is none of the experiment's.</exception>
    /// <exception cref="InvalidOperationException">The folder has runs of other settings.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static async Task<Outcome> RunAsync(Experiment experiment, ReproductionOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Seeds, 1, nameof(options));
        var clock = Stopwatch.StartNew();
        var subjects = Choose(experiment, options);
        var trainee = new Trainee(experiment, options);
        var plan = await Task.Run(() => MakePlan(experiment, options, subjects, trainee, clock, cancellationToken), cancellationToken).ConfigureAwait(false);
        var runner = new TrialRunner(trainee, experiment.Probe);
        var total = options.Seeds * subjects.Sum(Seconds);
        var before = 0.0;
        var trials = new List<Trial>();
        // Seed after seed: what is stopped early has some of every network.
        for (var seed = 1UL; seed <= (ulong)options.Seeds; seed++)
            foreach (var subject in subjects)
            {
                var progress = new RunProgress($"{subject.Name}, seed {seed}", before, Seconds(subject), total, plan.Schedule.Steps, options.OnProgress);
                trials.Add(await Task.Run(() => runner.RunAsync(subject, seed, plan.Schedule, progress, cancellationToken), cancellationToken).ConfigureAwait(false));
                before += Seconds(subject);
            }
        var together = await Task.Run(() => MeasureTogether(experiment.Probe, options, trainee, plan.Schedule, trials, cancellationToken), cancellationToken).ConfigureAwait(false);
        return Write(experiment, options, trainee.Usual, plan.Schedule, [.. subjects.SelectMany(subject => trials.Where(trial => trial.Subject == subject))], together);

        double Seconds(Subject subject) => plan.Schedule.Seconds(plan.SecondsPerImage[subject.Name]);
    }

    /// <summary>Measures trained networks, in the place of training some, and writes the results into the folder.</summary>
    /// <param name="experiment">An experiment with a probe.</param>
    /// <param name="options">Images and folder; those to validate on are looked at, if there are any.</param>
    /// <param name="networks">The networks by name, which remain the caller's to dispose.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ArgumentException">The experiment measures nothing but errors, or a network is none that its probe can measure.</exception>
    public static Outcome Measure(
        Experiment experiment, ReproductionOptions options, IReadOnlyList<(string Name, Network Network)> networks, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(networks);
        var probe = ProbeOf(experiment);
        var dataset = options.Data.Validation ?? options.Data.Train;
        var trials = new List<Trial>();
        foreach (var (index, (name, network)) in networks.Index())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var subject = new Subject(name, name, (_, _) => throw new NotSupportedException("The network is trained")) { Color = index };
            trials.Add(new(subject, 0, [], [], [new(0, probe.Measure(network, dataset, cancellationToken))]));
        }
        var together = networks.Count > 1 ? probe.MeasureTogether([.. networks.Select(one => one.Network)], dataset, cancellationToken) : null;
        return Write(experiment, options, new Trainee(experiment, options).Usual, null, trials, together);
    }

    /// <summary>The probe of an experiment that has one.</summary>
    /// <exception cref="ArgumentException">It has none.</exception>
    public static Probe ProbeOf(Experiment experiment)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        return experiment.Probe ?? throw new ArgumentException($"{experiment.Name} measures errors alone: it trains its networks and takes no weights", nameof(experiment));
    }

    /// <summary>Measures the trained networks of all runs together.</summary>
    static ProbeTable? MeasureTogether(
        Probe? probe, ReproductionOptions options, Trainee trainee, Schedule schedule, List<Trial> trials, CancellationToken cancellationToken)
    {
        if (probe is not { Passes: > 0 } || trials.Count < 2) return null;
        options.OnProgress?.Invoke(new(1, 1, "Measuring all networks together"));
        using var ensemble = Ensemble.Open([.. trials.Select(trial => Path.Combine(trainee.FolderOf(trial.Subject, trial.Seed), TrainingCheckpoint.Last))], options.Device);
        return probe.MeasureTogether(ensemble.Networks, trainee.ValidationOf(schedule), cancellationToken);
    }

    static Outcome Write(Experiment experiment, ReproductionOptions options, Schedule usual, Schedule? schedule, IReadOnlyList<Trial> trials, ProbeTable? together)
    {
        var outcome = new Outcome(experiment, options.Data.Train.Description, options.Data.Train.Classes.Count, options.Effort, usual, schedule, trials) { Together = together };
        Results.Write(outcome, options.Folder);
        return outcome;
    }

    /// <summary>The plan of the folder or, if it has none, a new one.</summary>
    static Plan MakePlan(
        Experiment experiment, ReproductionOptions options, IReadOnlyList<Subject> subjects, Trainee trainee, Stopwatch clock, CancellationToken cancellationToken)
    {
        List<string> networks = [.. subjects.Select(subject => subject.Name)];
        var data = options.Data.Train.Description;
        var before = Plan.Read(options.Folder);
        before?.Check(options.Folder, experiment.Name, data, options.Effort, networks, options.Seeds);
        var seconds = new Dictionary<string, double>(before?.SecondsPerImage ?? new Dictionary<string, double>());
        foreach (var subject in subjects.Where(subject => !seconds.ContainsKey(subject.Name)))
        {
            options.OnProgress?.Invoke(new(0, 1, $"Timing {subject.Name}"));
            seconds[subject.Name] = trainee.Measure(subject, cancellationToken);
        }
        var schedule = before?.Schedule ?? (options.Effort.Budget is not { } budget
            ? trainee.Usual
            : trainee.Usual.Fit(budget - clock.Elapsed, options.Seeds * networks.Sum(name => seconds[name]), options.Data.Train.Classes.Count, experiment.Probe?.Passes ?? 0));
        var plan = new Plan(experiment.Name, data, options.Effort.ToString(), networks, options.Seeds, schedule, seconds);
        plan.Write(options.Folder);
        return plan;
    }

    static IReadOnlyList<Subject> Choose(Experiment experiment, ReproductionOptions options)
    {
        if (options.Networks is not { } names)
            return options.Effort == Effort.Full ? experiment.Subjects : [.. experiment.Subjects.Where(subject => !subject.IsExtra)];
        foreach (var name in names)
            if (experiment.Subjects.All(subject => subject.Name != name))
                throw new ArgumentException($"{experiment.Name} has no network {name}; there are {string.Join(", ", experiment.Subjects.Select(subject => subject.Name))}");
        return [.. experiment.Subjects.Where(subject => names.Contains(subject.Name))];
    }
}
