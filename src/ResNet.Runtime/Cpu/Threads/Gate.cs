using System.Diagnostics;

namespace ResNet.Runtime.Cpu.Threads;

/// <summary>
/// A count that threads wait to see change. A layer takes microseconds, waking a thread takes tens of them: so waiting
/// begins with spinning, goes on with yielding, and ends in sleep after about a millisecond.
/// </summary>
sealed class Gate
{
    const int Spins = 500;
    static readonly long YieldTicks = Stopwatch.Frequency / 1000;

    readonly object wake = new();
    int count;
    int sleepers;

    public int Count => Volatile.Read(ref count);

    /// <summary>Threads that have given up spinning.</summary>
    public int Sleepers => Volatile.Read(ref sleepers);

    public void Advance()
    {
        // A full fence: either the sleeper sees the new count, or this sees the sleeper.
        Interlocked.Increment(ref count);
        if (Sleepers == 0) return;
        lock (wake) Monitor.PulseAll(wake);
    }

    public void WaitWhile(int seen)
    {
        for (var i = 0; i < Spins; i++)
        {
            if (Count != seen) return;
            Thread.SpinWait(8);
        }
        var start = Stopwatch.GetTimestamp();
        do
        {
            if (Count != seen) return;
            Thread.Yield();
        }
        while (Stopwatch.GetTimestamp() - start < YieldTicks);

        lock (wake)
        {
            Interlocked.Increment(ref sleepers);
            while (Count == seen) Monitor.Wait(wake);
            Interlocked.Decrement(ref sleepers);
        }
    }
}
