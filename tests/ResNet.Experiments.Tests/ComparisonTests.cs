using ResNet.Experiments.Budgets;
using ResNet.Experiments.Pages;
using ResNet.Runtime.Training;

namespace ResNet.Experiments.Tests;

/// <summary>The page's comparison of two networks.</summary>
public class ComparisonTests
{
    static readonly Subject _better = new("better", "B", (_, _) => throw new NotSupportedException());
    static readonly Subject _worse = new("worse", "W", (_, _) => throw new NotSupportedException());

    [Theory]
    [InlineData(new[] { 10.0, 12 }, new[] { 13.0, 20 }, "the paper's order shows in every seed")]
    [InlineData(new[] { 10.0, 14 }, new[] { 13.0, 20 }, "the seeds overlap")]
    [InlineData(new[] { 30.0, 28 }, new[] { 13.0, 20 }, "the reverse of the paper's, in every seed")]
    [InlineData(new[] { 10.0 }, new[] { 13.0 }, "the paper's order shows, with one seed")]
    [InlineData(new[] { 84.0, 85 }, new[] { 89.0, 90 }, "too small to tell")]
    public void Only_what_every_seed_shows_is_a_finding(double[] better, double[] worse, string expected) =>
        Assert.Contains(expected, new Comparison("better", "worse").Judge(Outcome(better, worse)), StringComparison.Ordinal);

    [Fact]
    public void What_was_not_trained_is_not_judged() => Assert.Null(new Comparison("better", "third").Judge(Outcome([1], [2])));

    [Fact]
    public void A_spread_has_the_deviation_of_a_sample()
    {
        var spread = Spread.Of([2, 4, 4, 4, 5, 5, 7, 9]);
        Assert.Equal((5, 2, 9), (spread.Mean, spread.Least, spread.Greatest));
        Assert.Equal(Math.Sqrt(32 / 7.0), spread.Deviation!.Value, 12);
        Assert.Equal("3.00", Spread.Of([3]).ToString());
    }

    static Outcome Outcome(double[] better, double[] worse) => new(
        Catalog.All[0], "images", 10, Effort.Full, new(1, 1, 1, 1), new(1, 1, 1, 1),
        [.. better.Select((error, seed) => Trial(_better, seed, error)), .. worse.Select((error, seed) => Trial(_worse, seed, error))]);

    static Trial Trial(Subject subject, int seed, double error) => new(subject, (ulong)seed + 1, [new EpochMetrics(1, 1, 1, 0.5, 1 - error / 100, 0.1, 1)], [], []);
}
