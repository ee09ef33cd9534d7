using System.Diagnostics;

namespace ResNet.Runtime.Programs;

/// <summary>Takes the times of one pass's operations, without gaps: they add up to the time of the pass.</summary>
sealed class OperationClock
{
    readonly List<OperationTime> _times = [];
    long _last = Stopwatch.GetTimestamp();

    public IReadOnlyList<OperationTime> Times => _times;

    /// <summary>Notes an operation whose time was taken elsewhere.</summary>
    public void Add(Operation operation, int images, TimeSpan time) => _times.Add(new(operation, images, time));

    /// <summary>Notes that an operation has ended.</summary>
    public void Lap(Operation operation, int images)
    {
        var now = Stopwatch.GetTimestamp();
        _times.Add(new(operation, images, Stopwatch.GetElapsedTime(_last, now)));
        _last = Stopwatch.GetTimestamp();
    }
}
