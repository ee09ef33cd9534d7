using ResNet.Runtime.Data;

namespace ResNet.Runtime.Tests.Data;

/// <summary>The properties of every augmentation.</summary>
public sealed class CropAugmentationTests
{
    const int Side = 16;

    static readonly Preprocessing _normalization = Augmented.Plain(Side, Side);
    static readonly Image _picture = Augmented.Slope(Side, Side);

    public static TheoryData<CropAugmentation> All =>
    [
        new CropAndFlip { Normalization = _normalization, ColorNoise = 0.1 },
        new ScaleJitterCrop { Normalization = _normalization, ColorNoise = 0.1 },
        new ScaleAspectCrop { Normalization = _normalization, ColorNoise = 0.1 },
    ];

    [Theory]
    [MemberData(nameof(All))]
    public void Seed_epoch_and_index_decide_and_neither_order_nor_threads(CropAugmentation augmentation)
    {
        var results = Enumerable.Range(0, 60).Select(i => augmentation.Apply(_picture, 1, 0, i)).ToArray();
        var others = new float[60][];
        Parallel.For(0, 60, new() { MaxDegreeOfParallelism = 4 }, i => others[59 - i] = augmentation.Apply(_picture, 1, 0, 59 - i));

        Assert.Equal(results, others);
        Assert.Equal(60, results.Select(result => Augmented.Bits(result)).Distinct().Count());
        for (var i = 0; i < 60; i++)
        {
            Assert.NotEqual(results[i], augmentation.Apply(_picture, 2, 0, i));
            Assert.NotEqual(results[i], augmentation.Apply(_picture, 1, 1, i));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Every_other_image_is_mirrored_whatever_the_crop(CropAugmentation augmentation)
    {
        var plain = augmentation with { ColorNoise = 0 };
        var mirrored = Enumerable.Range(0, 2000).Where(index => IsMirrored(plain.Apply(_picture, 5, 0, index))).ToArray();
        // A standard deviation is 22.
        Assert.InRange(mirrored.Length, 890, 1110);
        Assert.DoesNotContain(Enumerable.Range(0, 2000), index => IsMirrored((plain with { Flip = false }).Apply(_picture, 5, 0, index)));

        // The same crop, mirrored or not.
        Assert.All(mirrored.Take(50), index =>
            Assert.Equal(Rows(plain.Apply(_picture, 5, 0, index)).Select(row => row.Reverse()), Rows((plain with { Flip = false }).Apply(_picture, 5, 0, index))));

        // Padding on either side is zero; what is left rises or falls.
        static bool IsMirrored(float[] result)
        {
            var row = Rows(result).First(row => row.Any(red => red > 0)).SkipWhile(red => red == 0).Reverse().SkipWhile(red => red == 0).ToArray();
            return row[^1] > row[0];
        }

        static IEnumerable<IEnumerable<float>> Rows(float[] result) => result.Chunk(Side);
    }

    [Theory]
    [InlineData(12, 20)]
    [InlineData(20, 12)]
    public void A_crop_has_the_height_and_width_of_the_input(int height, int width)
    {
        // Green grows downward, red to the right: a result whose sides were mixed up would not.
        var picture = Image.FromRgb(width, height, [.. from y in Enumerable.Range(0, height) from x in Enumerable.Range(0, width) from value in new[] { 10 + 10 * x, 10 + 10 * y, 0 } select (byte)value]);
        var normalization = Augmented.Plain(height, width);
        CropAugmentation[] augmentations =
        [
            new CropAndFlip { Normalization = normalization, Flip = false, Padding = 0 },
            new ScaleJitterCrop { Normalization = normalization, Flip = false },
            new ScaleAspectCrop { Normalization = normalization, Flip = false },
        ];
        foreach (var augmentation in augmentations)
        {
            Assert.Equal(new(3, height, width), augmentation.Output);
            for (var index = 0; index < 20; index++)
            {
                var rows = augmentation.Apply(picture, 1, 0, index).Chunk(width).ToArray();
                for (var y = 0; y < height; y++)
                    for (var x = 0; x < width; x++)
                    {
                        if (x > 0) Assert.True(rows[y][x] >= rows[y][x - 1] - 1 && Math.Abs(rows[height + y][x] - rows[height + y][x - 1]) <= 1);
                        if (y > 0) Assert.True(rows[height + y][x] >= rows[height + y - 1][x] - 1 && Math.Abs(rows[y][x] - rows[y - 1][x]) <= 1);
                    }
                Assert.True(rows[0][width - 1] > rows[0][0] && rows[2 * height - 1][0] > rows[height][0]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Bad_arguments_are_refused(CropAugmentation augmentation)
    {
        Assert.Equal(new(3, Side, Side), augmentation.Output);
        Assert.Throws<ArgumentException>(() => augmentation.Apply(_picture, 0, 0, 0, new float[3 * Side * Side - 1]));
        Assert.Throws<ArgumentNullException>(() => augmentation.Apply(null!, 0, 0, 0, new float[3 * Side * Side]));
        Assert.Throws<ArgumentOutOfRangeException>(() => augmentation with { ColorNoise = -0.1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => augmentation with { ColorNoise = double.NaN });
    }
}
