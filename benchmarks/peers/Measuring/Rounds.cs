using System.Diagnostics;
using ResNet.Peers.Contenders;

namespace ResNet.Peers.Measuring;

/// <summary>
/// Measures several programs in turn, round after round, so that whatever disturbs the machine for a while disturbs all of them.
/// </summary>
/// <param name="count">Number of rounds.</param>
/// <param name="seconds">Length of each program's part of a round.</param>
sealed class Rounds(int count, double seconds)
{
    // Long enough for the runtime to have compiled what runs often a second time, with all optimizations.
    const double WarmUpSeconds = 1;

    public IReadOnlyList<Timing> Measure(IReadOnlyList<IContender> contenders)
    {
        foreach (var contender in contenders) Repeat(contender, WarmUpSeconds);
        var rounds = contenders.Select(_ => new List<List<double>>()).ToList();
        for (var round = 0; round < count; round++)
            for (var i = 0; i < contenders.Count; i++)
            {
                // Each round begins with another program.
                var next = (round + i) % contenders.Count;
                Rest.Wait();
                contenders[next].Run(); // brings its weights back to the caches
                rounds[next].Add(Repeat(contenders[next], seconds));
            }
        return [.. contenders.Zip(rounds, (contender, times) => new Timing(contender.Program, contender.Variant, [.. times.Select(round => round.Min())], Median(times)))];
    }

    static List<double> Repeat(IContender contender, double seconds)
    {
        var times = new List<double>();
        var start = Stopwatch.GetTimestamp();
        do
        {
            var begin = Stopwatch.GetTimestamp();
            contender.Run();
            times.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
        }
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds);
        return times;
    }

    static double Median(IEnumerable<List<double>> rounds)
    {
        var sorted = rounds.SelectMany(round => round).Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}
