using ResNet.Runtime.Evaluation;

namespace ResNet.Runtime.Tests.Evaluation;

public class CalibrationTests
{
    static EvaluatedImage Answer(bool isRight, float probability) => new(0, 0, isRight ? 0 : 1, probability);

    /// <summary>By hand: bins of 3, 1 and 1 images with |accuracy − confidence| of |2/3 − 0.9|, |0 − 0.7| and |1 − 0.125|, of 5 images.</summary>
    [Fact]
    public void Errors_are_those_by_hand()
    {
        var calibration = new Calibration([Answer(true, 0.85f), Answer(true, 0.9f), Answer(false, 0.95f), Answer(false, 0.7f), Answer(true, 0.125f)], 5);
        Assert.Equal([1, 0, 0, 1, 3], calibration.Bins.Select(bin => bin.Images));
        Assert.Equal([1, 0, 0, 0, 2], calibration.Bins.Select(bin => bin.Right));
        Assert.Equal(0.9, calibration.Bins[4].Confidence!.Value, 6);
        Assert.Equal(2.0 / 3, calibration.Bins[4].Accuracy!.Value, 12);
        Assert.Null(calibration.Bins[1].Confidence);
        Assert.Equal((3 * (0.9 - 2.0 / 3) + 0.7 + 0.875) / 5, calibration.ExpectedError!.Value, 6);
        Assert.Equal(0.875, calibration.MaximumError!.Value, 6);
    }

    /// <summary>Guo et al. 2017: the m-th bin is ((m − 1)/M, m/M].</summary>
    [Theory]
    [InlineData(0f, 0)]
    [InlineData(0.25f, 0)]
    [InlineData(0.2500001f, 1)]
    [InlineData(0.5f, 1)]
    [InlineData(0.75f, 2)]
    [InlineData(1f, 3)]
    [InlineData(1.0000001f, 3)]
    public void A_bin_includes_its_upper_bound(float probability, int expected) =>
        Assert.Equal(expected, new Calibration([Answer(true, probability)], 4).Bins.Index().Single(bin => bin.Item.Images == 1).Index);

    [Fact]
    public void Bins_are_fifteen_of_equal_width()
    {
        var bins = new Calibration([]).Bins;
        Assert.Equal(15, bins.Count);
        Assert.Equal((0.0, 1.0), (bins[0].Lower, bins[^1].Upper));
        Assert.All(bins.Zip(bins.Skip(1)), pair => Assert.Equal(pair.First.Upper, pair.Second.Lower));
    }

    [Fact]
    public void What_is_not_a_number_is_counted_apart()
    {
        var calibration = new Calibration([Answer(true, float.NaN), Answer(true, 1)]);
        Assert.Equal((1, 1), (calibration.Images, calibration.Omitted));
        Assert.Equal(0, calibration.ExpectedError);
    }

    [Fact]
    public void Without_images_there_is_no_error()
    {
        var calibration = new Calibration([]);
        Assert.Equal((null, null), (calibration.ExpectedError, calibration.MaximumError));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Calibration([], 0));
    }
}
