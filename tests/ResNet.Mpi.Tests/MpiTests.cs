namespace ResNet.Mpi.Tests;

/// <summary>Jobs of several processes on this machine, by each MPI that is installed.</summary>
public sealed class MpiTests : IDisposable
{
    const int Steps = 8;

    /// <summary>The weights of two ranks that no one disturbs: the same with each MPI.</summary>
    static string? _undisturbed;

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    Job Train(string launcher, int ranks, string folder, int watchdog = 60, string fault = "none", int rank = 0, int step = 0, string? mpi = null) =>
        Job.Run(launcher, ranks, Job.Ranks, ["train", _folder.File(folder), $"{watchdog}", fault, $"{rank}", $"{step}"], mpi);

    [Theory, OpenMpi, Mpich]
    public void Two_ranks_have_the_gradients_of_one_process_to_the_bit_and_evaluate_as_one(string launcher)
    {
        var job = Job.Run(launcher, 2, Job.Ranks, ["oracle"]);
        Assert.True(job.ExitCode == 0, job.Error);
        Assert.Equal(Enumerable.Range(0, 2).Select(rank => $"rank {rank}: 0 of True gradients differ after 4 steps, evaluation of 31 images is equal"), job.Lines);
    }

    [Theory, OpenMpi, Mpich]
    public void Four_ranks_end_equal(string launcher)
    {
        var job = Train(launcher, 4, "run");
        Assert.NotEmpty(WeightsOf(job));
        Assert.Equal(4, job.Lines.Count);
        Assert.StartsWith($"rank 3 of 4 from step 0 to {Steps}: ", job.Lines[3], StringComparison.Ordinal);
        for (var rank = 0; rank < 4; rank++) Assert.Contains($"rank {rank} catches null references", job.Error, StringComparison.Ordinal);
    }

    [Theory, OpenMpi, Mpich]
    public void A_killed_rank_ends_the_job_and_it_resumes_to_the_same_bits(string launcher)
    {
        _undisturbed ??= WeightsOf(Train(launcher, 2, "whole"));
        var killed = Train(launcher, 2, "cut", fault: "kill", rank: 1, step: 5);
        Assert.NotEqual(0, killed.ExitCode);
        Assert.Empty(killed.Lines);
        var resumed = Train(launcher, 2, "cut");
        Assert.Equal(_undisturbed, WeightsOf(resumed));
        // The other rank has saved the step that both have made, or been killed before.
        Assert.Matches($"from step [45] to {Steps}", resumed.Lines[0]);
    }

    /// <summary>The hash of weights and statistics, which all ranks of a job share.</summary>
    static string WeightsOf(Job job)
    {
        Assert.True(job.ExitCode == 0, job.Error);
        return Assert.Single(job.Lines.Select(line => line.Split(": ")[1]).Distinct());
    }

    [Theory, OpenMpi, Mpich]
    public void A_rank_that_is_stopped_is_found_by_the_watchdog(string launcher)
    {
        var job = Train(launcher, 2, "run", watchdog: 2, fault: "stop", rank: 1, step: 3);
        Assert.NotEqual(0, job.ExitCode);
        // The ranks have come to the step of the fault.
        Assert.True(File.Exists(_folder.File("run/last.safetensors")));
        Assert.Matches(@"error: rank [01] of 2: has waited for 2 s in the .* \(.+\), its call number \d+: another rank does not make the call, or does not answer", job.Error);
    }

    [Theory, OpenMpi]
    public void A_rank_that_fails_ends_the_job_with_its_message(string launcher)
    {
        var job = Train(launcher, 2, "run", fault: "throw", rank: 1, step: 2);
        Assert.NotEqual(0, job.ExitCode);
        Assert.Empty(job.Lines);
        Assert.Contains("error: rank 1 of 2: this rank has no luck", job.Error, StringComparison.Ordinal);
    }

    /// <summary>The library of the one MPI, and the launcher of the other.</summary>
    [Theory, BothMpis(isOpenMpi: true), BothMpis(isOpenMpi: false)]
    public void A_launcher_of_another_MPI_is_refused(string launcher, string library)
    {
        var isOpen = Programs.IsOpenMpi(launcher);
        var job = Train(launcher, 2, "run", mpi: library);
        Assert.NotEqual(0, job.ExitCode);
        Assert.Empty(job.Lines);
        Assert.Matches($"{(isOpen ? "OMPI_COMM_WORLD_SIZE" : "PMI_SIZE")} says that 2 processes were started, but to .* this one is rank 0 of 1", job.Error);
    }
}
