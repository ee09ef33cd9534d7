using System.Globalization;
using ResNet.Experiments.Budgets;
using ResNet.Experiments.Probes;
using ResNet.Runtime.Training;

namespace ResNet.Experiments.Running;

/// <summary>Makes a run, or takes what is left of it, and measures before and after each epoch.</summary>
/// <param name="trainee">Makes networks and runs.</param>
/// <param name="probe">The probe; null for none.</param>
sealed class TrialRunner(Trainee trainee, Probe? probe)
{
    /// <summary>Makes a run.</summary>
    /// <param name="subject">The network.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="schedule">The schedule.</param>
    /// <param name="observer">Observes steps and epochs.</param>
    /// <param name="cancellationToken">Stops after the present step, from which a later call resumes the run.</param>
    /// <exception cref="InvalidOperationException">The run's folder has a run of other settings.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public async Task<Trial> RunAsync(Subject subject, ulong seed, Schedule schedule, ITrainingObserver observer, CancellationToken cancellationToken)
    {
        using var network = trainee.Create(subject, seed);
        var run = trainee.Prepare(network, subject, seed, schedule);
        if (run.CanResume) CheckEpochs(run.Folder, schedule);
        run.Observers.Add(observer);
        if (probe is { Passes: 0 })
        {
            ProbeOnce(epoch: 0);
            run.Observers.Add(new AfterEpochs(ProbeOnce));
        }
        var result = await run.RunAsync(run.CanResume, cancellationToken).ConfigureAwait(false);
        if (result.Cancelled) throw new OperationCanceledException(cancellationToken);
        // A run that was made elsewhere has not been probed.
        ProbeOnce(schedule.Epochs);
        return new(subject, seed, result.Epochs, ReadLosses(run.Folder), ReadProbes(run.Folder));

        void ProbeOnce(int epoch)
        {
            if (probe is null) return;
            var path = Path.Combine(run.Folder, string.Create(CultureInfo.InvariantCulture, $"{probe.Name}-{epoch}.csv"));
            if (File.Exists(path)) return;
            Directory.CreateDirectory(run.Folder);
            probe.Measure(network, trainee.ValidationOf(schedule), cancellationToken).Write(path);
        }
    }

    /// <summary>A schedule of other length has other learning rates, too.</summary>
    static void CheckEpochs(string folder, Schedule schedule)
    {
        var before = TrainingCheckpoint.ReadOptions(Path.Combine(folder, TrainingCheckpoint.Last)).Epochs;
        if (before != schedule.Epochs)
            throw new InvalidOperationException(FormattableString.Invariant(
                $"{folder} has a run of {before} epochs, not of {schedule.Epochs}: ask for as many, or choose another folder with --out"));
    }

    /// <summary>The losses in the run's log, which begins with the step and has the loss under its heading.</summary>
    static List<StepLoss> ReadLosses(string folder)
    {
        var lines = File.ReadAllLines(Path.Combine(folder, "steps.csv"));
        var column = lines[0].Split(',').IndexOf("loss");
        return [.. lines.Skip(1).Select(line => line.Split(',')).Select(cells => new StepLoss(
            long.Parse(cells[0], CultureInfo.InvariantCulture), double.Parse(cells[column], CultureInfo.InvariantCulture)))];
    }

    List<Probed> ReadProbes(string folder) => probe is null ? [] :
    [
        .. Directory.EnumerateFiles(folder, probe.Name + "-*.csv")
            .Select(path => new Probed(int.Parse(Path.GetFileNameWithoutExtension(path)[(probe.Name.Length + 1)..], CultureInfo.InvariantCulture), ProbeTable.Read(path)))
            .OrderBy(one => one.Epoch),
    ];

    sealed class AfterEpochs(Action<int> call) : ITrainingObserver
    {
        public void OnEpoch(EpochMetrics metrics) => call(metrics.Epoch);
    }
}
