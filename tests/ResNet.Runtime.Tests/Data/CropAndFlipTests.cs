using ResNet.Runtime.Data;

namespace ResNet.Runtime.Tests.Data;

public sealed class CropAndFlipTests
{
    const int Width = 6, Height = 5;

    static readonly Preprocessing _normalization = new(Height, Height, Width) { Mean = [0.5f, 0.25f, 0], Deviation = [0.5f, 0.25f, 2] };
    static readonly Image _picture = Image.FromRgb(Width, Height, [.. Enumerable.Range(0, 3 * Width * Height).Select(i => (byte)(37 + 2 * i))]);

    [Fact]
    public void Each_result_is_a_crop_of_the_padded_image_and_every_crop_occurs()
    {
        var augmentation = new CropAndFlip { Padding = 1, Normalization = _normalization };
        var crops = (from left in Enumerable.Range(-1, 3) from top in Enumerable.Range(-1, 3) from mirrored in new[] { false, true } select Crop(left, top, mirrored)).ToArray();

        var found = Enumerable.Range(0, 600).Select(index => Array.FindIndex(crops, crop => crop.AsSpan().SequenceEqual(Apply(augmentation, 3, 0, index)))).ToArray();

        Assert.DoesNotContain(-1, found);
        // 18 crops of probability 1/18: 33 of 600 each, with a standard deviation below 6.
        Assert.Equal(18, found.Distinct().Count());
        Assert.All(found.CountBy(crop => crop), entry => Assert.InRange(entry.Value, 8, 63));
    }

    [Fact]
    public void Seed_epoch_and_index_decide()
    {
        var augmentation = new CropAndFlip { Normalization = _normalization };
        var results = Enumerable.Range(0, 40).Select(i => Apply(augmentation, 1, 0, i)).ToArray();

        Assert.Equal(results, Enumerable.Range(0, 40).Reverse().Select(i => Apply(augmentation, 1, 0, i)).Reverse());
        Assert.NotEqual(results, Enumerable.Range(0, 40).Select(i => Apply(augmentation, 2, 0, i)));
        Assert.NotEqual(results, Enumerable.Range(0, 40).Select(i => Apply(augmentation, 1, 1, i)));
    }

    [Fact]
    public void Without_padding_and_mirroring_it_normalizes()
    {
        var augmentation = new CropAndFlip { Padding = 0, Flip = false, Normalization = _normalization };

        Assert.All(Enumerable.Range(0, 20), index => Assert.Equal(Crop(0, 0, false), Apply(augmentation, 0, 0, index)));
        Assert.Throws<ArgumentException>(() => augmentation.Apply(_picture, 0, 0, 0, new float[5]));
    }

    [Fact]
    public void The_mean_of_a_pixel_moves_with_it()
    {
        var mean = new PixelMean(Height, Width, [.. Enumerable.Range(0, 3 * Height * Width).Select(i => i % 13 / 20f)]);
        var augmentation = new CropAndFlip { Padding = 2, Normalization = _normalization with { PixelMean = mean } };
        var crops = (from left in Enumerable.Range(-2, 5) from top in Enumerable.Range(-2, 5) from mirrored in new[] { false, true } select Crop(left, top, mirrored, mean)).ToArray();

        Assert.All(Enumerable.Range(0, 300), index =>
        {
            var result = Apply(augmentation, 3, 0, index);
            Assert.Single(crops, crop => crop.Zip(result).All(pair => Math.Abs(pair.First - pair.Second) < 1e-5));
        });
    }

    [Fact]
    public void It_allocates_nothing()
    {
        var augmentation = new CropAndFlip { Normalization = _normalization, ColorNoise = 0.1 };
        var result = new float[3 * Width * Height];
        augmentation.Apply(_picture, 0, 0, 0, result);
        var index = 0;
        Assert.Equal(0, Allocations.Of(() => augmentation.Apply(_picture, 0, 0, index++, result)));
    }

    [Fact]
    public void An_image_of_another_size_is_the_one_that_would_be_classified()
    {
        var augmentation = new CropAndFlip { Padding = 0, Flip = false, Normalization = _normalization };
        var image = Augmented.Noise(4 * Height, 3 * Width);
        var classified = new float[3 * Width * Height];
        _normalization.Apply(image, classified);
        Assert.Equal(classified, augmentation.Apply(image, 0, 0, 0));
    }

    [Fact]
    public void Bad_padding_is_refused()
    {
        var augmentation = new CropAndFlip { Normalization = _normalization };
        Assert.Throws<ArgumentOutOfRangeException>(() => augmentation with { Padding = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => augmentation with { Padding = int.MaxValue });
        Assert.All((augmentation with { Padding = Image.MaxPixels }).Apply(_picture, 0, 0, 0), value => Assert.Equal(0, value));
    }

    static float[] Apply(CropAndFlip augmentation, ulong seed, int epoch, int index)
    {
        var result = new float[3 * Width * Height];
        augmentation.Apply(_picture, seed, epoch, index, result);
        return result;
    }

    /// <summary>The definition, pixel by pixel.</summary>
    static float[] Crop(int left, int top, bool mirrored, PixelMean? mean = null) =>
        [.. from channel in Enumerable.Range(0, 3)
            from y in Enumerable.Range(0, Height)
            from x in Enumerable.Range(0, Width)
            let column = left + (mirrored ? Width - 1 - x : x)
            let row = top + y
            select column is >= 0 and < Width && row is >= 0 and < Height
                ? (_picture.Pixels[3 * (row * Width + column) + channel] / 255f - (mean?.Values[(channel * Height + row) * Width + column] ?? _normalization.Mean[channel])) / _normalization.Deviation[channel]
                : 0f];
}
