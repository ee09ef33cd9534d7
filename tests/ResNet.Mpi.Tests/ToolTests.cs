using ResNet.Runtime.Data;

namespace ResNet.Mpi.Tests;

/// <summary><c>mpirun -n 2 resnet train … --distributed</c>.</summary>
public sealed class ToolTests : IDisposable
{
    const int TrainingImages = 40, TestImages = 10;

    readonly TemporaryFolder _folder = new();

    public ToolTests()
    {
        for (var batch = 1; batch <= 5; batch++) _folder.Write($"data/data_batch_{batch}.bin", Cifar(TrainingImages / 5, DatasetSplit.Train, (ulong)batch));
        _folder.Write("data/test_batch.bin", Cifar(TestImages, DatasetSplit.Test, 0));
    }

    public void Dispose() => _folder.Dispose();

    string[] Args(params string[] more) =>
        ["train", "cifar-resnet20", "--data", _folder.File("data"), "--out", _folder.File("run"), "--batch", "10", "--threads", "1", "--distributed", .. more];

    [Theory, OpenMpi]
    public void Processes_make_one_run_and_the_first_one_tells_of_it(string launcher)
    {
        var job = Job.Run(launcher, 2, Job.Tool, Args("--epochs", "1", "--sync-batch-norm", "--bucket-size", "0.1"));
        Assert.True(job.ExitCode == 0, job.Error);
        Assert.Contains("2 ranks × 1 thread, Open MPI v", job.Error, StringComparison.Ordinal);
        Assert.Contains("warning: 2 ranks make steps of 20 images, 2 times those of one; the learning rate stays 0.2. If it was chosen for one rank, Goyal et al. 2017 suggest", job.Error, StringComparison.Ordinal);
        Assert.Single(job.Error.Split('\n'), line => line.StartsWith("epoch 1/1: ", StringComparison.Ordinal));
        Assert.Equal(3, File.ReadAllLines(_folder.File("run/steps.csv")).Length);
        Assert.True(File.Exists(_folder.File("run/report.html")));

        // It goes on with as many ranks alone.
        var more = Job.Run(launcher, 1, Job.Tool, ["train", "cifar-resnet20", "--out", _folder.File("run"), "--resume", "--epochs", "2", "--threads", "1"]);
        Assert.Equal(1, more.ExitCode);
        Assert.Contains("was written by a run of 2 ranks, and this one has 1 rank", more.Error, StringComparison.Ordinal);
    }

    [Theory, Mpich]
    public void What_one_process_cannot_do_ends_all(string launcher)
    {
        var job = Job.Run(launcher, 2, Job.Tool, Args("--weights", _folder.File("none.safetensors")));
        Assert.NotEqual(0, job.ExitCode);
        Assert.Contains("error: rank ", job.Error, StringComparison.Ordinal);
        Assert.Contains("none.safetensors", job.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.File("run")));
    }

    /// <summary>Drawn images in the layout of CIFAR-10: a label, then red, green and blue planes.</summary>
    static byte[] Cifar(int count, DatasetSplit split, ulong seed)
    {
        var shapes = new Shapes10(count, split, seed);
        return [.. Enumerable.Range(0, count).SelectMany(index => Record(shapes.ClassOf(index), shapes.Load(index).Pixels))];
    }

    static byte[] Record(int label, ReadOnlySpan<byte> pixels)
    {
        var record = new byte[1 + pixels.Length];
        record[0] = (byte)label;
        for (var i = 0; i < pixels.Length; i++) record[1 + i % 3 * (pixels.Length / 3) + i / 3] = pixels[i];
        return record;
    }
}
