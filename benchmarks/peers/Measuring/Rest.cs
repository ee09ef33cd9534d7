namespace ResNet.Peers.Measuring;

/// <summary>
/// Waits until the process rests. Worker threads of the peers go on spinning for a while after their last run. That is part of their
/// speed and is left at its defaults, but it would take a core from the program that is measured next.
/// </summary>
static class Rest
{
    const double RestingShare = 0.05;
    static readonly TimeSpan _step = TimeSpan.FromMilliseconds(20), _most = TimeSpan.FromSeconds(2);

    /// <summary>Returns when the process has computed next to nothing for a moment, or after two seconds.</summary>
    public static void Wait()
    {
        for (var waited = TimeSpan.Zero; waited < _most; waited += _step)
        {
            var before = Environment.CpuUsage.TotalTime;
            Thread.Sleep(_step);
            if (Environment.CpuUsage.TotalTime - before < RestingShare * _step) return;
        }
    }
}
