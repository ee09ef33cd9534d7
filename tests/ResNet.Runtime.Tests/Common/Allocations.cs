namespace ResNet.Runtime.Tests;

/// <summary>Measures the allocations of an action that is repeated.</summary>
static class Allocations
{
    /// <summary>
    /// The least number of bytes that one of ten rounds of ten calls allocates on this thread. The runtime allocates, too, while
    /// it compiles what has become hot; what a call allocates by itself, it allocates in every round.
    /// </summary>
    public static long Of(Action call)
    {
        call();
        return Enumerable.Range(0, 10).Min(_ =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 10; i++) call();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        });
    }
}
