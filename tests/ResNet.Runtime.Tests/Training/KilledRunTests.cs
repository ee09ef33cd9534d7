using ResNet.Runtime.Training;

namespace ResNet.Runtime.Tests.Training;

/// <summary>The files that a run finds and leaves when it was killed at the worst of moments. A killed process is one whose files are never flushed nor closed.</summary>
public class KilledRunTests
{
    static readonly TrainerOptions _options = new() { Epochs = 3 };

    static StepMetrics Step(int step) => new(step, 1 + (step - 1) / 10, step, 0.5, 0.25, 0.1, 2, 100);

    static EpochMetrics Epoch(int epoch) => new(10 * epoch, epoch, 1.0 / epoch, 0.5, null, 0.1, 3);

    static IEnumerable<string> Steps(TemporaryFolder folder) => File.ReadAllLines(Copy(folder, folder.File("steps.csv"))).Skip(1).Select(row => row.Split(',')[0]);

    /// <summary>The rows that a log that is still open has handed to the system.</summary>
    static string Copy(TemporaryFolder folder, string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var copy = File.Create(folder.File("copy"));
        file.CopyTo(copy);
        return copy.Name;
    }

    [Fact]
    public void Rows_before_a_checkpoint_are_there_as_soon_as_a_log_is_opened_again()
    {
        using var folder = new TemporaryFolder();
        using (var log = new CsvLog(folder.Path))
            for (var i = 1; i <= 12; i++) log.OnStep(Step(i));
        // Killed after the first step.
        using var killed = new CsvLog(folder.Path, after: 10);
        killed.OnStep(Step(11));
        Assert.Equal(Enumerable.Range(1, 10).Select(i => $"{i}"), Steps(folder));
    }

    [Fact]
    public void A_checkpoint_counts_no_step_that_the_logs_lack()
    {
        using var folder = new TemporaryFolder();
        using var net = new ToyNet();
        using var csv = new CsvLog(folder.Path);
        using var tensorBoard = new TensorBoardLog(folder.Path);
        var events = Assert.Single(Directory.GetFiles(folder.Path, "events.*"));
        var seen = 0;
        // A checkpoint was written since the step before.
        var recorder = new Recorder(step =>
        {
            Assert.Equal(Enumerable.Range(1, (int)step.Step - 1).Select(i => $"{i}"), Steps(folder));
            Assert.Equal(step.Step - 1, TensorBoardFile.Read(Copy(folder, events)).Select(e => e.Step).DefaultIfEmpty().Max());
            seen++;
        });
        using var trainer = new Trainer(net, new ToyBatches(), _options, new ReferenceGradients(net))
        {
            Folder = folder.Path,
            CheckpointInterval = TimeSpan.Zero,
            Observers = [recorder, csv, tensorBoard],
        };
        trainer.Run();
        Assert.Equal(15, seen);
    }

    /// <summary>Killed after the row of an epoch and before the checkpoint that counts it; the one before is of the epoch's last step.</summary>
    [Fact]
    public void An_epoch_that_is_told_twice_has_one_row()
    {
        using var folder = new TemporaryFolder();
        using (var log = new CsvLog(folder.Path)) log.OnEpoch(Epoch(1));
        using (var log = new CsvLog(folder.Path, after: 10))
        {
            log.OnEpoch(Epoch(1));
            log.OnEpoch(Epoch(2));
        }
        Assert.Equal(["step", "10", "20"], File.ReadAllLines(folder.File("epochs.csv")).Select(row => row.Split(',')[0]));
    }

    [Fact]
    public void An_epoch_is_told_before_a_checkpoint_counts_it()
    {
        using var folder = new TemporaryFolder();
        using var net = new ToyNet();
        using (var trainer = new Trainer(net, new ToyBatches(), _options, new ReferenceGradients(net)) { Folder = folder.Path, Observers = [new Failing(epoch: 2)] })
            Assert.Throws<IOException>(() => trainer.Run());
        var recorder = new Recorder();
        using var resumed = new Trainer(net, new ToyBatches(), _options, new ReferenceGradients(net)) { Folder = folder.Path, Observers = [recorder] };
        resumed.Resume(folder.File("last.safetensors"));
        resumed.Run();
        Assert.Equal([2, 3], recorder.Epochs.Select(epoch => epoch.Epoch));
    }

    [Fact]
    public void What_a_killed_process_was_writing_is_removed_even_if_no_step_is_left()
    {
        using var folder = new TemporaryFolder();
        using var net = new ToyNet();
        Trainer Create() => new(net, new ToyBatches(), _options, new ReferenceGradients(net)) { Folder = folder.Path, KeepBest = 1 };
        using (var trainer = Create()) trainer.Run();
        var whole = Directory.GetFiles(folder.Path);
        string[] own = [folder.Write("notes.tmp", "mine"), folder.Write("notes.1.tmp", "mine")];
        folder.Write($"last.safetensors.{Guid.NewGuid():N}.tmp", "hal");
        folder.Write("best-epoch-77.safetensors", "one too many");
        using var resumed = Create();
        resumed.Resume(folder.File("last.safetensors"));
        resumed.Run();
        Assert.Equal([.. whole.Concat(own).Order(StringComparer.Ordinal)], Directory.GetFiles(folder.Path).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Event_files_are_named_in_their_order_even_if_the_clock_is_set_back()
    {
        using var folder = new TemporaryFolder();
        List<string> names = [];
        foreach (var year in (ReadOnlySpan<int>)[2026, 2020, 2020, 2027])
        {
            new TensorBoardLog(folder.Path, new InYear(year)).Dispose();
            names.Add(Directory.GetFiles(folder.Path).Except(names).Single());
        }
        Assert.Equal(names.Order(StringComparer.Ordinal), names);
    }

    sealed class InYear(int year) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(year, 1, 1, 0, 0, 0, TimeSpan.Zero);
    }

    sealed class Failing(int epoch) : ITrainingObserver
    {
        public void OnEpoch(EpochMetrics metrics)
        {
            if (metrics.Epoch == epoch) throw new IOException("No space left on device");
        }
    }
}
