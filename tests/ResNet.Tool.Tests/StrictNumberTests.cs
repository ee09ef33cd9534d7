using ResNet.Tool.Output;

namespace ResNet.Tool.Tests;

public class StrictNumberTests
{
    [Theory]
    [InlineData("0.05", 0.05)]
    [InlineData("1e-4", 1e-4)]
    [InlineData("2E3", 2000)]
    [InlineData("+.5", 0.5)]
    [InlineData("-7", -7)]
    [InlineData("0", 0)]
    [InlineData("0e5", 0)]
    [InlineData("1e308", 1e308)]
    public void A_decimal_number_is_read(string text, double expected)
    {
        Assert.True(StrictNumber.TryParse<double>(text, out var value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("0,05")]
    [InlineData("1,000")]
    [InlineData("1.000,5")]
    [InlineData("1.000.000")]
    [InlineData("1_000")]
    [InlineData("1'000")]
    [InlineData("1 000")]
    [InlineData("1e400")]
    [InlineData("-1e400")]
    [InlineData("1e-400")]
    [InlineData("NaN")]
    [InlineData("nan")]
    [InlineData("Infinity")]
    [InlineData("-Infinity")]
    [InlineData("∞")]
    [InlineData(" 5")]
    [InlineData("5 ")]
    [InlineData("5\n")]
    [InlineData("5\0")]
    [InlineData("0x10")]
    [InlineData("1d")]
    [InlineData("1e")]
    [InlineData("e5")]
    [InlineData("--5")]
    [InlineData("(5)")]
    [InlineData("5%")]
    [InlineData("$5")]
    [InlineData("٥")]
    [InlineData("５")]
    [InlineData(".")]
    public void Anything_else_is_no_number(string text)
    {
        Assert.False(StrictNumber.TryParse<double>(text, out _));
        Assert.False(StrictNumber.TryParse<int>(text, out _));
        Assert.False(StrictNumber.TryParse<ulong>(text, out _));
    }

    [Theory]
    [InlineData("1.0")]
    [InlineData("1e3")]
    [InlineData("1.")]
    [InlineData("2147483648")]
    public void Whole_numbers_have_no_fraction_and_fit(string text) => Assert.False(StrictNumber.TryParse<int>(text, out _));

    [Fact]
    public void Whole_numbers_are_exact_to_the_last_digit()
    {
        Assert.True(StrictNumber.TryParse<ulong>("18446744073709551615", out var seed));
        Assert.Equal(ulong.MaxValue, seed);
        Assert.False(StrictNumber.TryParse<ulong>("18446744073709551616", out _));
        Assert.False(StrictNumber.TryParse<ulong>("-1", out _));
    }
}
