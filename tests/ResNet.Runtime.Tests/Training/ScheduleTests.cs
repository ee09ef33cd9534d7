using ResNet.Runtime.Runs;
using ResNet.Runtime.Training;

namespace ResNet.Runtime.Tests.Training;

public class ScheduleTests
{
    static double Rate(LearningRateSchedule schedule, long step, params double[] errors) => schedule.RateAt(new(step, 10, 10, errors));

    [Fact]
    public void Steps_fall_exactly_at_their_milestones()
    {
        var schedule = new StepSchedule(0.1, [3.2, 8]);
        Assert.Equal([0.1, 0.1, 0.01, 0.01, 0.001], new long[] { 0, 31, 32, 79, 80 }.Select(step => Math.Round(Rate(schedule, step), 12)));
    }

    [Fact]
    public void Cosine_starts_whole_is_half_in_the_middle_and_ends_low()
    {
        var schedule = new CosineSchedule(0.4, 0.2);
        Assert.Equal(0.4, Rate(schedule, 0), 1e-12);
        Assert.Equal(0.3, Rate(schedule, 50), 1e-12);
        Assert.Equal(0.3 + 0.1 * Math.Sqrt(0.5), Rate(schedule, 25), 1e-12);
        Assert.InRange(Rate(schedule, 99), 0.2, 0.2002);
    }

    [Fact]
    public void One_cycle_has_its_peak_where_PyTorch_has_it()
    {
        var schedule = new OneCycleSchedule(1);
        Assert.Equal(1 / 25.0, Rate(schedule, 0), 1e-12);
        Assert.Equal(1, Rate(schedule, 29), 1e-12);
        Assert.Equal((1 + 4e-6) / 2, Rate(schedule, 64), 1e-12);
        Assert.Equal(4e-6, Rate(schedule, 99), 1e-12);
    }

    /// <summary>Every third quarter of an epoch, by PyTorch 1.13's CosineAnnealingWarmRestarts(T_0, T_mult, eta_min=0.04) of the rate 0.4.</summary>
    [Theory]
    [InlineData(2, 1, new[] { 0.4, 0.288883, 0.0927208, 0.386298, 0.22, 0.0537017, 0.347279, 0.151117, 0.4, 0.288883 })]
    [InlineData(1, 2, new[] { 0.4, 0.0927208, 0.347279, 0.151117, 0.4, 0.369665, 0.288883, 0.184884, 0.0927208, 0.0434586 })]
    public void Restarts_come_where_PyTorch_has_them(double first, double multiplier, double[] expected)
    {
        var schedule = new WarmRestartSchedule(0.4, first, multiplier, 0.04);
        Assert.All(expected.Select((rate, i) => (Rate: rate, Step: 3 * i)), at => Assert.Equal(at.Rate, schedule.RateAt(new(at.Step, 4, 10, [])), 1e-6));
        Assert.Throws<InvalidOperationException>(() => (schedule with { Epochs = 0 }).RateAt(new(1, 4, 10, [])));
        Assert.Throws<InvalidOperationException>(() => (schedule with { Epochs = 1e-17 }).RateAt(new(1, 4, 10, [])));
    }

    [Theory]
    [InlineData("restarts:2", 2, 1)]
    [InlineData("restarts:1.5,2", 1.5, 2)]
    public void Restarts_are_written_with_their_periods(string text, double first, double multiplier) =>
        Assert.Equal(new WarmRestartSchedule(0.1, first, multiplier), Schedules.Parse(text, 0.1, 10));

    [Theory]
    [InlineData("restarts")]
    [InlineData("restarts:0")]
    [InlineData("restarts:1e-9")]
    [InlineData("restarts:1e-17,2")]
    [InlineData("restarts:1,0.5")]
    [InlineData("restarts:1,2,3")]
    public void Restarts_without_periods_are_refused(string text) => Assert.Throws<ArgumentException>(() => Schedules.Parse(text, 0.1, 10));

    [Fact]
    public void Plateau_waits_for_more_epochs_than_its_patience()
    {
        var schedule = new PlateauSchedule(0.1, 0.5, Patience: 2, Threshold: 0.01);
        Assert.Equal(0.1, Rate(schedule, 0));
        Assert.Equal(0.1, Rate(schedule, 0, 0.5, 0.5, 0.499));
        Assert.Equal(0.05, Rate(schedule, 0, 0.5, 0.5, 0.499, 0.498));
        Assert.Equal(0.05, Rate(schedule, 0, 0.5, 0.5, 0.499, 0.498, 0.6, 0.6));
        Assert.Equal(0.025, Rate(schedule, 0, 0.5, 0.5, 0.499, 0.498, 0.6, 0.6, 0.6));
        Assert.Equal(0.1, Rate(schedule, 0, 0.5, 0.5, 0.499, 0.4, 0.5, 0.5));
    }

    /// <summary>Ten steps are an epoch.</summary>
    [Fact]
    public void A_schedule_of_ones_own_follows_the_position()
    {
        var schedule = new Triangle(0.1, 0.5, EpochsUp: 2);
        Assert.Equal([0.1, 0.3, 0.5, 0.4, 0.1, 0.5], new long[] { 0, 10, 20, 25, 40, 60 }.Select(step => Math.Round(Rate(schedule, step), 12)));
        Assert.Equal(0.05, Rate(schedule.WithWarmUp(20, 0.5), 0), 1e-12);
    }

    [Fact]
    public void Warm_up_scales_any_schedule()
    {
        var schedule = new StepSchedule(0.2, [1], 0.5).WithWarmUp(20, from: 0.5);
        Assert.Equal([0.1, 0.15, 0.075, 0.1, 0.1], new long[] { 0, 10, 10, 20, 60 }.Select((step, i) => Math.Round(
            i == 1 ? Rate(new ConstantSchedule(0.2).WithWarmUp(20, 0.5), step) : Rate(schedule, step), 12)));
    }
}
