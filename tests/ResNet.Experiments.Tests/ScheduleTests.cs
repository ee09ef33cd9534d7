using ResNet.Experiments.Budgets;

namespace ResNet.Experiments.Tests;

public class ScheduleTests
{
    static readonly Schedule _usual = new(Epochs: 30, Images: 10_000, ValidationImages: 1_500, Batch: 128);

    // An epoch is 10,000 images and a third of 1,500: at 2 ms an image 21 s, of which 95 % of the time is used.
    [Theory]
    [InlineData(3600, 30)]
    [InlineData(23, 1)]
    [InlineData(45, 2)]
    [InlineData(222, 10)]
    public void As_many_whole_epochs_as_fit(int seconds, int epochs) =>
        Assert.Equal(_usual with { Epochs = epochs }, _usual.Fit(TimeSpan.FromSeconds(seconds), 0.002, classes: 10));

    [Fact]
    public void Where_no_epoch_fits_a_share_of_the_images_does()
    {
        var fitted = _usual.Fit(TimeSpan.FromSeconds(10.5), 0.002, classes: 10);
        Assert.Equal((1, 4750, 712, 64), (fitted.Epochs, fitted.Images, fitted.ValidationImages, fitted.Batch));
        Assert.InRange(fitted.Seconds(0.002), 0.9 * 10.5, 10.5);
    }

    // 42 passes over 1,500 images cost as much as training 21,000: 42 s at 2 ms an image.
    [Theory]
    [InlineData(222, 8)]
    [InlineData(70, 1)]
    public void What_comes_at_the_end_is_set_aside(int seconds, int epochs) =>
        Assert.Equal(_usual with { Epochs = epochs }, _usual.Fit(TimeSpan.FromSeconds(seconds), 0.002, classes: 10, passes: 42));

    // 2,000 images a second of 0.95: of 10,000 + 500 + 21,000, less than a third.
    [Fact]
    public void What_comes_at_the_end_shrinks_with_the_images()
    {
        var fitted = _usual.Fit(TimeSpan.FromSeconds(21), 0.002, classes: 10, passes: 42);
        Assert.Equal((1, 3166, 475), (fitted.Epochs, fitted.Images, fitted.ValidationImages));
        Assert.InRange(0.002 * (fitted.Images + 43 * fitted.ValidationImages / 3.0), 0.9 * 21, 21);
    }

    [Fact]
    public void Few_images_make_small_batches()
    {
        var fitted = _usual.Fit(TimeSpan.FromSeconds(0.4), 0.002, classes: 10);
        Assert.Equal((180, 8), (fitted.Images, fitted.Batch));
        Assert.True(fitted.Steps >= Schedule.FewestSteps);
    }

    [Theory]
    [InlineData(0.001)]
    [InlineData(-5)]
    public void Without_any_time_a_few_steps_are_left(double seconds) =>
        Assert.Equal(new Schedule(1, 32, 20, 8), _usual.Fit(TimeSpan.FromSeconds(seconds), 1, classes: 10));

    [Fact]
    public void A_small_data_set_is_not_exceeded() =>
        Assert.Equal(new Schedule(1, 10, 5, 8), new Schedule(30, 10, 5, 128).Fit(TimeSpan.FromSeconds(1), 1, classes: 10));

    [Theory]
    [InlineData("90s", 90)]
    [InlineData("10m", 600)]
    [InlineData("1.5h", 5400)]
    [InlineData("0.5s", 0.5)]
    public void Times_have_a_unit(string text, double seconds)
    {
        Assert.True(Duration.TryParse(text, out var duration));
        Assert.Equal(seconds, duration.TotalSeconds, 9);
        Assert.True(Duration.TryParse(Duration.Format(duration), out var again));
        Assert.Equal(duration, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("m")]
    [InlineData("0s")]
    [InlineData("-1m")]
    [InlineData("1,5h")]
    [InlineData("NaNs")]
    [InlineData("1e9h")]
    [InlineData("10 m")]
    [InlineData("999999h")]
    [InlineData("10min")]
    public void Anything_else_is_no_time(string text) => Assert.False(Duration.TryParse(text, out _));

    [Fact]
    public void An_effort_is_written_as_its_option()
    {
        Assert.Equal("--budget 10m", Effort.Within(TimeSpan.FromMinutes(10)).ToString());
        Assert.Equal("--epochs 12", Effort.For(12).ToString());
        Assert.Equal("--full", Effort.Full.ToString());
    }
}
