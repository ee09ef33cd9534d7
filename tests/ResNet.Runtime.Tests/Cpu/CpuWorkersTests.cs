using ResNet.Runtime.Cpu.Threads;

namespace ResNet.Runtime.Tests.Cpu;

public sealed class CpuWorkersTests
{
    [Theory]
    [InlineData(1, 1), InlineData(1, 5), InlineData(2, 1), InlineData(2, 2), InlineData(3, 2), InlineData(3, 10), InlineData(4, 4)]
    public void Every_part_is_done_once(int threads, int parts)
    {
        using var workers = new CpuWorkers(threads);
        Assert.Equal(threads, workers.Count);
        var job = new Counting(parts);
        for (var i = 0; i < 200; i++) workers.Run(job, parts);
        Assert.All(job.Done, count => Assert.Equal(200, count));
    }

    [Fact]
    public void Threads_that_went_to_sleep_wake_up()
    {
        using var workers = new CpuWorkers(3);
        var job = new Counting(3);
        for (var i = 1; i <= 5; i++)
        {
            Assert.True(SpinWait.SpinUntil(() => workers.Sleeping == 2, TimeSpan.FromSeconds(10)));
            workers.Run(job, 3);
            Assert.All(job.Done, count => Assert.Equal(i, count));
        }
    }

    [Fact]
    public void Idle_threads_stop_spinning()
    {
        using var workers = new CpuWorkers(3);
        workers.Run(new Counting(3), 3);
        Assert.True(SpinWait.SpinUntil(() => workers.Sleeping == 2, TimeSpan.FromSeconds(10)));
    }

    [Theory]
    [InlineData(0), InlineData(1), InlineData(2)]
    public void An_exception_of_any_part_reaches_the_caller_after_all_have_ended(int failing)
    {
        using var workers = new CpuWorkers(3);
        var job = new Failing(failing);
        for (var i = 1; i <= 3; i++)
        {
            var thrown = Assert.Throws<InvalidOperationException>(() => workers.Run(job, 3));
            Assert.Equal($"part {failing}", thrown.Message);
            Assert.Equal(2 * i, job.Others);
        }
        var counting = new Counting(3);
        workers.Run(counting, 3);
        Assert.All(counting.Done, count => Assert.Equal(1, count));
    }

    /// <summary>As where something else uses a core: its thread comes to a job when the others are done with theirs.</summary>
    [Fact]
    public void A_late_threads_parts_are_taken_over()
    {
        using var workers = new CpuWorkers(2);
        using var release = new ManualResetEventSlim();
        var job = new Late(release);
        var caller = new Thread(() => workers.Run(job, 3));
        caller.Start();
        // The thread that has the first part it could begin with is kept there; the other one does all else.
        var others = SpinWait.SpinUntil(() => job.Others == 2, TimeSpan.FromSeconds(30));
        release.Set();
        caller.Join();
        Assert.True(others);
    }

    [Theory, InlineData(2), InlineData(3)]
    public void Jobs_of_many_sizes_follow_one_another(int threads)
    {
        using var workers = new CpuWorkers(threads);
        for (var round = 0; round < 3000; round++)
        {
            var job = new Counting(1 + round * 7 % 11);
            workers.Run(job, job.Done.Length);
            Assert.All(job.Done, count => Assert.Equal(1, count));
        }
    }

    [Fact]
    public void Callers_share()
    {
        using var workers = new CpuWorkers(2);
        var jobs = Enumerable.Range(0, 4).Select(_ => new Counting(3)).ToArray();
        var callers = jobs.Select(job => new Thread(() => { for (var i = 0; i < 300; i++) workers.Run(job, 3); })).ToArray();
        foreach (var caller in callers) caller.Start();
        foreach (var caller in callers) caller.Join();
        Assert.All(jobs.SelectMany(job => job.Done), count => Assert.Equal(300, count));
    }

    [Fact]
    public void A_job_may_run_another()
    {
        using var workers = new CpuWorkers(2);
        var inner = new Counting(2);
        workers.Run(new Nested(workers, inner), 2);
        Assert.All(inner.Done, count => Assert.Equal(2, count));
    }

    [Fact]
    public void Running_allocates_nothing()
    {
        using var workers = new CpuWorkers(2);
        var job = new Counting(2);
        Assert.Equal(0, Allocations.Of(() => workers.Run(job, 2)));
    }

    [Fact]
    public void Disposal_ends_the_threads()
    {
        var workers = new CpuWorkers(2);
        workers.Run(new Counting(2), 2);
        workers.Dispose();
        workers.Dispose();
        Assert.Throws<ObjectDisposedException>(() => workers.Run(new Counting(2), 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CpuWorkers(-1));
    }

    sealed class Counting(int parts) : ICpuJob
    {
        public int[] Done { get; } = new int[parts];

        public void Execute(int part, int parts) => Interlocked.Increment(ref Done[part]);
    }

    sealed class Late(ManualResetEventSlim release) : ICpuJob
    {
        int _begun, _others;

        public int Others => Volatile.Read(ref _others);

        public void Execute(int part, int parts)
        {
            if (Interlocked.Increment(ref _begun) == 1) release.Wait();
            else Interlocked.Increment(ref _others);
        }
    }

    sealed class Failing(int failing) : ICpuJob
    {
        int _others;

        public int Others => _others;

        public void Execute(int part, int parts)
        {
            if (part == failing) throw new InvalidOperationException($"part {part}");
            Thread.Sleep(5);
            Interlocked.Increment(ref _others);
        }
    }

    sealed class Nested(CpuWorkers workers, ICpuJob inner) : ICpuJob
    {
        public void Execute(int part, int parts) => workers.Run(inner, 2);
    }
}
