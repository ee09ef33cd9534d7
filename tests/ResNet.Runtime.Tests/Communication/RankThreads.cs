using ResNet.Runtime.Communication;

namespace ResNet.Runtime.Tests.Communication;

/// <summary>Runs ranks within the test's process, a thread each.</summary>
static class RankThreads
{
    /// <summary>Runs the same work on each rank. What one throws ends all, and is thrown here.</summary>
    public static void Run(int ranks, Action<Communicator> work, TimeSpan? watchdog = null)
    {
        var failures = new Exception?[ranks];
        var all = Communicator.InProcess(ranks, watchdog);
        Thread[] threads = [.. all.Select(rank => new Thread(() =>
        {
            try
            {
                work(rank);
            }
            catch (Exception e)
            {
                failures[rank.Rank] = e;
                rank.Abort(e.Message);
            }
        }))];
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        foreach (var rank in all) rank.Dispose();
        // Those that only hear of another one's failure say less.
        var failure = failures.OfType<Exception>().OrderBy(e => e is CommunicationException).FirstOrDefault();
        if (failure is not null) throw new AggregateException(failure.Message, failures.OfType<Exception>());
    }

    /// <summary>Runs work that must fail, and returns what each rank has thrown.</summary>
    public static IReadOnlyList<Exception> RunFailing(int ranks, Action<Communicator> work, TimeSpan? watchdog = null) =>
        Assert.Throws<AggregateException>(() => Run(ranks, work, watchdog)).InnerExceptions;
}
