using ResNet.Runtime.Data;

namespace ResNet.Runtime.Tests.Data;

public sealed class ScaleJitterCropTests
{
    [Fact]
    public void Every_length_is_as_likely_and_of_each_length_every_place()
    {
        var picture = Augmented.Noise(12, 9);
        var augmentation = new ScaleJitterCrop { Normalization = Augmented.Plain(5, 6), ShorterSide = (7, 9) };
        // Every result that there can be, and how likely it is.
        var expected = new Dictionary<string, double>();
        for (var side = 7; side <= 9; side++)
        {
            var resized = picture.Resize(side * 12 / 9, side);
            var (columns, rows) = (resized.Width - 6 + 1, resized.Height - 5 + 1);
            foreach (var (left, top, mirrored) in from x in Enumerable.Range(0, columns) from y in Enumerable.Range(0, rows) from m in new[] { false, true } select (x, y, m))
                expected.Add(Augmented.Bits(Augmented.Tensor(resized.Crop(left, top, 6, 5), augmentation.Normalization, mirrored)), 1.0 / (3 * columns * rows * 2));
        }

        const int count = 8000;
        var found = Enumerable.Range(0, count).CountBy(index => Augmented.Bits(augmentation.Apply(picture, 1, 0, index))).ToDictionary();

        Assert.All(found.Keys, result => Assert.True(expected.ContainsKey(result)));
        // Chi squared: its mean is the number of results less 1, its variance twice that.
        var freedom = expected.Count - 1;
        var distance = expected.Sum(entry => Math.Pow(found.GetValueOrDefault(entry.Key) - count * entry.Value, 2) / (count * entry.Value));
        Assert.InRange(distance, freedom - 5 * Math.Sqrt(2 * freedom), freedom + 5 * Math.Sqrt(2 * freedom));
    }

    [Theory]
    [InlineData(224, 256, 480)]
    [InlineData(112, 128, 240)]
    [InlineData(1, 1, 2)]
    public void Lengths_are_the_papers_in_proportion_to_the_crop(int side, int least, int greatest) =>
        Assert.Equal((least, greatest), new ScaleJitterCrop { Normalization = Augmented.Plain(side, side) }.ShorterSide);

    [Theory]
    [InlineData(48, 64, 30, 40)]
    [InlineData(64, 48, 30, 40)]
    [InlineData(1, 9, 4, 40)]
    public void An_image_covers_a_crop_that_is_not_square_and_no_more_than_it_must(int height, int width, int cropHeight, int cropWidth)
    {
        var picture = Augmented.Noise(width, height);
        var augmentation = new ScaleJitterCrop { Normalization = Augmented.Plain(cropHeight, cropWidth), ShorterSide = (cropHeight, cropHeight), Flip = false };
        var scale = Math.Max((double)cropWidth / width, (double)cropHeight / height);
        var resized = picture.Resize((int)(width * scale + 1e-9), (int)(height * scale + 1e-9));
        var places = (from left in Enumerable.Range(0, resized.Width - cropWidth + 1)
                      from top in Enumerable.Range(0, resized.Height - cropHeight + 1)
                      select Augmented.Bits(Augmented.Tensor(resized.Crop(left, top, cropWidth, cropHeight), augmentation.Normalization, mirrored: false))).ToHashSet();

        Assert.All(Enumerable.Range(0, 30), index => Assert.Contains(Augmented.Bits(augmentation.Apply(picture, 1, 0, index)), places));
    }

    [Fact]
    public void Lengths_are_in_proportion_to_the_shorter_side_of_a_crop() =>
        Assert.Equal((256, 480), new ScaleJitterCrop { Normalization = Augmented.Plain(400, 224) }.ShorterSide);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 40)]
    [InlineData(40, 1)]
    [InlineData(3, 1000)]
    [InlineData(7, 8)]
    public void Images_of_any_size_are_resized_first(int width, int height)
    {
        var augmentation = new ScaleJitterCrop { Normalization = Augmented.Plain(8, 12) };
        var white = Image.FromRgb(width, height, [.. Enumerable.Repeat((byte)255, 3 * width * height)]);
        for (var index = 0; index < 20; index++)
            Assert.All(augmentation.Apply(white, 0, 0, index), value => Assert.Equal(255, value, 1e-3));
    }

    [Fact]
    public void An_image_too_long_to_be_resized_is_an_image_error()
    {
        var augmentation = new ScaleJitterCrop { Normalization = Augmented.Plain(224, 224) };
        var error = Assert.Throws<ImageException>(() => augmentation.Apply(Augmented.Noise(1, 10_000), 0, 0, 0));
        Assert.Contains("1×10000", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bad_lengths_are_refused()
    {
        var augmentation = new ScaleJitterCrop { Normalization = Augmented.Plain(8, 12) };
        Assert.Contains("(9, 8)", Assert.Throws<ArgumentException>(() => augmentation with { ShorterSide = (9, 8) }).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => augmentation with { ShorterSide = (0, 8) });
        var error = Assert.Throws<ArgumentException>(() => (augmentation with { ShorterSide = (7, 20) }).Apply(Augmented.Noise(30, 30), 0, 0, 0));
        Assert.Contains("12×8 pixels needs at least 8", error.Message, StringComparison.Ordinal);
    }
}
