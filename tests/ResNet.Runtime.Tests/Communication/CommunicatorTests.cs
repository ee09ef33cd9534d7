using ResNet.Runtime.Communication;

namespace ResNet.Runtime.Tests.Communication;

public class CommunicatorTests
{
    /// <summary>1 is lost beside 1e8 in single precision, unless the large values cancel first: only the order of the ranks gives 0 and not 1.</summary>
    [Fact]
    public void Sums_are_added_in_the_order_of_the_ranks()
    {
        float[] values = [1e8f, 1, -1e8f];
        Assert.Equal(0, values[0] + values[1] + values[2]);
        Assert.Equal(1, values[0] + values[2] + values[1]);
        RankThreads.Run(3, rank =>
        {
            for (var round = 0; round < 100; round++)
            {
                float[] sum = [values[rank.Rank], rank.Rank, round];
                rank.Sum(sum, "test");
                Assert.Equal([0, 3, 3 * round], sum);
                double[] precise = [values[rank.Rank]];
                rank.Sum(precise, "test");
                Assert.Equal([1], precise);
            }
        });
    }

    [Fact]
    public void All_are_given_the_bytes_and_texts_of_one()
    {
        RankThreads.Run(3, rank =>
        {
            byte[] bytes = [(byte)rank.Rank, 7];
            rank.Broadcast(bytes, root: 2, "test");
            Assert.Equal([2, 7], bytes);
            Assert.Equal("rank 1 ×", rank.Broadcast($"rank {rank.Rank} ×", root: 1, "test"));
            Assert.Equal("", rank.Broadcast(rank.Rank == 0 ? "" : "other", root: 0, "test"));
            Assert.Equal([0, 1, 4], rank.Gather(rank.Rank * rank.Rank, "test"));
        });
    }

    [Fact]
    public void A_barrier_holds_all_until_the_last_is_there()
    {
        var here = 0;
        RankThreads.Run(4, rank =>
        {
            if (rank.Rank == 3) Thread.Sleep(50);
            Interlocked.Increment(ref here);
            rank.Barrier("test");
            Assert.Equal(4, Volatile.Read(ref here));
        });
    }

    [Fact]
    public void One_rank_keeps_its_own_values()
    {
        float[] values = [3];
        Communicator.Single.Sum(values, "test");
        Assert.Equal([3], values);
        Assert.Equal((0, 1), (Communicator.Single.Rank, Communicator.Single.Size));
        Assert.Throws<CommunicationException>(() => Communicator.Single.Abort("over"));
    }

    [Fact]
    public void Ranks_that_make_different_calls_are_told_which()
    {
        var failures = RankThreads.RunFailing(2, rank =>
        {
            if (rank.Rank == 0) rank.Sum(new float[3], "gradients");
            else rank.Sum(new float[4], "gradients");
        });
        Assert.All(failures, failure => Assert.Contains("the sum of 4 floats (gradients)", failure.Message, StringComparison.Ordinal));
        Assert.All(failures, failure => Assert.Contains("the sum of 3 floats (gradients)", failure.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_rank_that_fails_ends_those_that_wait()
    {
        var failures = RankThreads.RunFailing(3, rank =>
        {
            if (rank.Rank == 1) throw new IOException("the disk is gone");
            rank.Barrier("test");
        });
        Assert.Equal(["rank 1 of 3: the disk is gone", "the disk is gone", "rank 1 of 3: the disk is gone"], failures.Select(failure => failure.Message));
    }

    [Fact]
    public void The_watchdog_names_the_call_that_hangs_and_for_how_long()
    {
        using var over = new ManualResetEventSlim();
        using var start = new Barrier(2);
        var failures = RankThreads.RunFailing(2, rank =>
        {
            // A thread may begin late.
            Assert.True(start.SignalAndWait(TimeSpan.FromSeconds(30)));
            rank.Barrier("test");
            if (rank.Rank == 1)
            {
                Assert.True(over.Wait(TimeSpan.FromSeconds(30)));
                return;
            }
            try
            {
                rank.Sum(new double[5], "loss of a step");
            }
            finally
            {
                over.Set();
            }
        }, watchdog: TimeSpan.FromSeconds(1));
        Assert.Equal(
            "rank 0 of 2: has waited for 1 s in the sum of 5 doubles (loss of a step), its call number 2: another rank does not make the call, or does not answer",
            Assert.Single(failures).Message);
    }

    [Fact]
    public void Bad_arguments_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Communicator.InProcess(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Communicator.Single.Broadcast(new byte[1], root: 1, "test"));
        Assert.Throws<ArgumentOutOfRangeException>(() => Communicator.Single.Broadcast(new byte[1], root: -1, "test"));
    }

    [Fact]
    public void A_thread_makes_calls_in_their_order_and_tells_what_one_has_thrown()
    {
        using var thread = new CommunicationThread(Communicator.Single);
        var made = new List<int>();
        for (var i = 0; i < 100; i++)
        {
            var number = i;
            thread.Begin(_ => made.Add(number));
        }
        thread.Wait();
        Assert.Equal(Enumerable.Range(0, 100), made);
        thread.Begin(_ => throw new IOException("gone"));
        thread.Begin(_ => made.Clear());
        Assert.Equal("gone", Assert.Throws<IOException>(thread.Wait).Message);
        Assert.Equal(100, made.Count);
    }
}
