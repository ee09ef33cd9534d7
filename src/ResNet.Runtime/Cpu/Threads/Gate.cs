using System.Diagnostics;

namespace ResNet.Runtime.Cpu.Threads;

/// <summary>
/// A count that threads wait to see change. A layer takes microseconds, waking a thread takes tens of them: so waiting
/// begins with spinning, continues with yielding, and ends in sleep after about a millisecond.
/// </summary>
sealed class Gate
{
    const int Spins = 500;
    static readonly long _yieldTicks = Stopwatch.Frequency / 1000;

    readonly object _wake = new();
    int _count;
    int _sleepers;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Threads that have given up spinning.</summary>
    public int Sleepers => Volatile.Read(ref _sleepers);

    public void Advance()
    {
        // A full fence: either the sleeper sees the new count, or this sees the sleeper.
        Interlocked.Increment(ref _count);
        if (Sleepers == 0) return;
        lock (_wake) Monitor.PulseAll(_wake);
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
        while (Stopwatch.GetTimestamp() - start < _yieldTicks);

        lock (_wake)
        {
            Interlocked.Increment(ref _sleepers);
            while (Count == seen) Monitor.Wait(_wake);
            Interlocked.Decrement(ref _sleepers);
        }
    }
}
