using ResNet.Runtime.Programs;

namespace ResNet.Tool.Benchmarking;

/// <summary>The fastest time of each operation over several passes: what it takes when nothing comes between.</summary>
sealed class FastestTimes
{
    /// <summary>In the order of execution.</summary>
    public OperationTime[] Operations { get; private set; } = [];

    /// <summary>The fastest of the whole passes.</summary>
    public TimeSpan Pass { get; private set; } = TimeSpan.MaxValue;

    public void Add(IReadOnlyList<OperationTime> pass)
    {
        if (Operations.Length == 0) Operations = [.. pass];
        var whole = TimeSpan.Zero;
        for (var i = 0; i < pass.Count; i++)
        {
            whole += pass[i].Time;
            if (pass[i].Time < Operations[i].Time) Operations[i] = pass[i];
        }
        if (whole < Pass) Pass = whole;
    }
}
