using ResNet.Runtime.Data;
using ResNet.Runtime.Tensors;

namespace ResNet.Runtime.Tests.Data;

public sealed class ScaleAspectCropTests
{
    const int Draws = 20_000;

    static readonly ScaleAspectCrop _default = new() { Normalization = Augmented.Plain(5, 6), Aspect = (3.0 / 4, 4.0 / 3) };

    [Fact]
    public void A_result_is_an_allowed_part_of_the_image_resized()
    {
        var picture = Augmented.Noise(7, 5);
        var parts = new Dictionary<string, (int Width, int Height)>();
        for (var width = 1; width <= 7; width++)
            for (var height = 1; height <= 5; height++)
                for (var left = 0; left <= 7 - width; left++)
                    for (var top = 0; top <= 5 - height; top++)
                        foreach (var mirrored in new[] { false, true })
                            parts.TryAdd(Augmented.Bits(Augmented.Tensor(picture.Crop(left, top, width, height).Resize(6, 5), _default.Normalization, mirrored)), (width, height));

        var found = Enumerable.Range(0, 2000).Select(index => Augmented.Bits(_default.Apply(picture, 1, 0, index))).ToHashSet();

        Assert.All(found, result => Assert.True(parts.ContainsKey(result)));
        // An area from 2.8 pixels on, each side rounded: 2×1 is the least of them, and 1×3 no ratio of 3/4.
        Assert.All(found, result => Assert.InRange(parts[result].Width * parts[result].Height, 2, 35));
        Assert.DoesNotContain(found, result => parts[result] is (1, >= 3) or ( >= 4, 1));
        Assert.InRange(found.Count, 100, 1000);
    }

    [Fact]
    public void Area_ratio_and_place_are_uniform_where_every_crop_fits()
    {
        // sqrt(0.5 · 4/3) is below 1.
        var crops = Crops(_default with { Area = (0.08, 0.5) }, 4000, 4000);
        // Rounding may lead out of the bounds by a half of a pixel of 4000.
        Augmented.IsUniform([.. crops.Select(crop => Math.Clamp((double)crop.Width * crop.Height / 16e6, 0.08, 0.5))], 0.08, 0.5);
        var limit = Math.Log(4.0 / 3);
        Augmented.IsUniform([.. crops.Select(crop => Math.Clamp(Math.Log((double)crop.Width / crop.Height), -limit, limit))], -limit, limit);
        Augmented.IsUniform([.. crops.Select(crop => (double)crop.Left / (4000 - crop.Width))], 0, 1);
        Augmented.IsUniform([.. crops.Select(crop => (double)crop.Top / (4000 - crop.Height))], 0, 1);
        Assert.All(crops, crop =>
        {
            Assert.InRange(crop.Width * crop.Height / 16e6, 0.0799, 0.5001);
            Assert.InRange((double)crop.Width / crop.Height, 0.7495, 1.334);
        });
    }

    [Fact]
    public void Of_each_size_every_place_is_as_likely()
    {
        foreach (var crops in Crops(_default, 7, 5).GroupBy(crop => (crop.Width, crop.Height)).Where(group => group.Count() > 500))
        {
            var places = (7 - crops.Key.Width + 1) * (5 - crops.Key.Height + 1);
            var expected = (double)crops.Count() / places;
            Assert.Equal(places, crops.Distinct().Count());
            Assert.All(crops.CountBy(crop => crop), entry => Assert.InRange(entry.Value, expected - 5 * Math.Sqrt(expected), expected + 5 * Math.Sqrt(expected)));
        }
    }

    [Fact]
    public void A_crop_that_does_not_fit_is_drawn_again()
    {
        // Of a square, a crop of area a and ratio e^l fits if a ≤ e^-|l|; the mean area of those, integrated over l up to ln 4/3.
        var limit = Math.Log(4.0 / 3);
        var expected = ((1 - Math.Exp(-2 * limit)) / 4 - 0.08 * 0.08 / 2 * limit) / (1 - Math.Exp(-limit) - 0.08 * limit);
        var areas = Crops(_default, 2000, 2000).Select(crop => crop.Width * crop.Height / 4e6).ToArray();
        Assert.InRange(areas.Average(), expected - 5 * 0.29 / Math.Sqrt(Draws), expected + 5 * 0.29 / Math.Sqrt(Draws));
        Assert.All(areas, area => Assert.InRange(area, 0.0799, 1));
        Assert.True(areas.Max() > 0.97);
    }

    [Theory]
    [InlineData(1000, 10, 493, 0, 13, 10)]
    [InlineData(10, 1000, 0, 493, 10, 13)]
    [InlineData(1000, 1, 499, 0, 1, 1)]
    [InlineData(1, 1000, 0, 499, 1, 1)]
    [InlineData(1, 1, 0, 0, 1, 1)]
    public void Where_none_fits_it_is_the_central_one(int width, int height, int left, int top, int cropWidth, int cropHeight) =>
        Assert.All(Crops(_default, width, height).Take(100), crop => Assert.Equal((left, top, cropWidth, cropHeight), crop));

    [Theory]
    [InlineData(1, 5)]
    [InlineData(5, 1)]
    [InlineData(2, 3)]
    [InlineData(1, 9000)]
    [InlineData(641, 3)]
    public void Images_of_any_size_will_do(int width, int height)
    {
        var white = Image.FromRgb(width, height, [.. Enumerable.Repeat((byte)255, 3 * width * height)]);
        foreach (var augmentation in new[] { _default, _default with { Aspect = (1e-3, 2e-3) }, _default with { Aspect = (500, 1000) }, _default with { Area = (1, 1) } })
            for (var index = 0; index < 20; index++)
                Assert.All(augmentation.Apply(white, 0, 0, index), value => Assert.Equal(255, value, 1e-3));
    }

    [Fact]
    public void The_whole_image_can_be_asked_for()
    {
        var picture = Augmented.Noise(6, 5);
        var augmentation = _default with { Area = (1, 1), Aspect = (6.0 / 5, 6.0 / 5), Flip = false };
        Assert.Equal(Augmented.Tensor(picture, _default.Normalization, mirrored: false), augmentation.Apply(picture, 3, 2, 1));
    }

    [Theory]
    [InlineData(16, 16)]
    [InlineData(12, 48)]
    [InlineData(30, 20)]
    public void Unless_set_ratios_surround_that_of_the_input(int height, int width)
    {
        var augmentation = new ScaleAspectCrop { Normalization = Augmented.Plain(height, width), Area = (0.01, 0.1) };
        var limit = Math.Log(4.0 / 3);
        var distortions = Crops(augmentation, 6000, 6000).Select(crop => Math.Log((double)crop.Width / crop.Height * height / width)).ToArray();
        Augmented.IsUniform([.. distortions.Select(distortion => Math.Clamp(distortion, -limit, limit))], -limit, limit);
        Assert.All(distortions, distortion => Assert.InRange(distortion, -limit - 0.01, limit + 0.01));
    }

    [Fact]
    public void Bad_ranges_are_refused()
    {
        Assert.Contains("(0.5, 0.4)", Assert.Throws<ArgumentException>(() => _default with { Area = (0.5, 0.4) }).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => _default with { Area = (0, 1) });
        Assert.Throws<ArgumentException>(() => _default with { Area = (0.5, 1.1) });
        Assert.Throws<ArgumentException>(() => _default with { Area = (double.NaN, 1) });
        Assert.Throws<ArgumentException>(() => _default with { Aspect = (0, 1) });
        Assert.Throws<ArgumentException>(() => _default with { Aspect = (2, 1) });
        Assert.Throws<ArgumentException>(() => _default with { Aspect = (1, double.PositiveInfinity) });
    }

    static (int Left, int Top, int Width, int Height)[] Crops(ScaleAspectCrop augmentation, int width, int height)
    {
        var keys = new CounterRandom(11);
        var crops = Enumerable.Range(0, Draws).Select(i => augmentation.Place(width, height, new(keys[i]))).ToArray();
        Assert.All(crops, crop =>
        {
            Assert.InRange(crop.Left, 0, width - crop.Width);
            Assert.InRange(crop.Top, 0, height - crop.Height);
        });
        return crops;
    }
}
