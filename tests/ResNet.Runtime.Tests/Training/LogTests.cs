using ResNet.Runtime.Cpu.Binding;
using ResNet.Runtime.Training;

namespace ResNet.Runtime.Tests.Training;

public class LogTests
{
    static StepMetrics Step(int step) => new(step, 1, step, 0.5, 0.25, 0.1, 2, 100);

    static EpochMetrics Epoch(int epoch, double? validation = null) => new(10 * epoch, epoch, 1.0 / epoch, 0.5, validation, 0.1, 3);

    /// <summary>The examples of RFC 3720, appendix B.4, and the usual check value.</summary>
    [Fact]
    public void The_checksum_is_Castagnolis()
    {
        Assert.Equal(0xE3069283u, TensorBoardLog.Crc32C("123456789"u8));
        Assert.Equal(0x8A9136AAu, TensorBoardLog.Crc32C(new byte[32]));
        Assert.Equal(0x62A8AB43u, TensorBoardLog.Crc32C(Enumerable.Repeat((byte)0xFF, 32).ToArray()));
    }

    [Fact]
    public void Event_files_are_read_back_by_the_format_alone()
    {
        using var folder = new TemporaryFolder();
        using (var log = new TensorBoardLog(folder.Path, new At(new(2026, 11, 21, 14, 0, 0, 250, TimeSpan.Zero))))
        {
            log.OnStep(Step(300));
            log.OnEpoch(Epoch(1, 0.75));
        }
        var events = TensorBoardFile.Read(Assert.Single(Directory.GetFiles(folder.Path, "events.out.tfevents.*")));

        Assert.All(events, e => Assert.Equal(1795269600.25, e.Seconds));
        Assert.Equal(["brain.Event:2", null, null, null], events.Select(e => e.Version));
        Assert.Equal([0, 300, 10, 10], events.Select(e => e.Step));
        Assert.Empty(events[0].Scalars);
        Assert.Equal(
            [("train/loss", 0.5f), ("train/accuracy", 0.25f), ("train/learning_rate", 0.1f), ("train/gradient_norm", 2f), ("train/images_per_second", 100f)],
            events[1].Scalars);
        Assert.Equal([("epoch/loss", 1f), ("epoch/accuracy", 0.5f)], events[2].Scalars);
        Assert.Equal([("epoch/validation", 0.75f)], events[3].Scalars);
    }

    sealed class At(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }

    [Fact]
    public void Csv_goes_on_behind_the_step_that_was_resumed_from()
    {
        using var folder = new TemporaryFolder();
        using (var log = new CsvLog(folder.Path))
        {
            for (var i = 1; i <= 12; i++) log.OnStep(Step(i));
            log.OnEpoch(Epoch(1));
            log.OnEpoch(Epoch(2, 0.5));
        }
        File.AppendAllText(folder.File("steps.csv"), "13,1,");
        using (var log = new CsvLog(folder.Path, after: 10)) log.OnStep(Step(11));
        var steps = File.ReadAllLines(folder.File("steps.csv"));
        Assert.Equal(["step", .. Enumerable.Range(1, 11).Select(i => $"{i}")], steps.Select(row => row.Split(',')[0]));
        Assert.Equal("11,1,11,0.5,0.25,0.1,2,100.0", steps[^1]);
        Assert.Equal("10,1,1,0.5,,0.1,3.00", File.ReadAllLines(folder.File("epochs.csv"))[^1]);
        using (new CsvLog(folder.Path)) { }
        Assert.Single(File.ReadAllLines(folder.File("steps.csv")));
    }
}
