using ResNet.Runtime.Data;
using ResNet.Runtime.Reference;

namespace ResNet.Runtime.Tests.Data;

/// <summary>What holds for every augmentation.</summary>
public sealed class CropAugmentationTests
{
    const int Side = 16;

    static readonly Preprocessing Normalization = Augmented.Plain(Side, Side);
    static readonly Image Picture = Augmented.Slope(Side, Side);

    public static TheoryData<CropAugmentation> All =>
    [
        new CropAndFlip { Normalization = Normalization, ColorNoise = 0.1 },
        new ScaleJitterCrop { Normalization = Normalization, ColorNoise = 0.1 },
        new ScaleAspectCrop { Normalization = Normalization, ColorNoise = 0.1 },
    ];

    [Theory]
    [MemberData(nameof(All))]
    public void Seed_epoch_and_index_decide_and_neither_order_nor_threads(CropAugmentation augmentation)
    {
        var results = Enumerable.Range(0, 60).Select(i => augmentation.Apply(Picture, 1, 0, i)).ToArray();
        var others = new float[60][];
        Parallel.For(0, 60, new() { MaxDegreeOfParallelism = 4 }, i => others[59 - i] = augmentation.Apply(Picture, 1, 0, 59 - i));

        Assert.Equal(results, others);
        Assert.Equal(60, results.Select(result => Augmented.Bits(result)).Distinct().Count());
        for (var i = 0; i < 60; i++)
        {
            Assert.NotEqual(results[i], augmentation.Apply(Picture, 2, 0, i));
            Assert.NotEqual(results[i], augmentation.Apply(Picture, 1, 1, i));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Every_other_image_is_mirrored_whatever_the_crop(CropAugmentation augmentation)
    {
        var plain = augmentation with { ColorNoise = 0 };
        var mirrored = Enumerable.Range(0, 2000).Where(index => IsMirrored(plain.Apply(Picture, 5, 0, index))).ToArray();
        // A standard deviation is 22.
        Assert.InRange(mirrored.Length, 890, 1110);
        Assert.DoesNotContain(Enumerable.Range(0, 2000), index => IsMirrored((plain with { Flip = false }).Apply(Picture, 5, 0, index)));

        // The same crop, mirrored or not.
        Assert.All(mirrored.Take(50), index =>
            Assert.Equal(Rows(plain.Apply(Picture, 5, 0, index)).Select(row => row.Reverse()), Rows((plain with { Flip = false }).Apply(Picture, 5, 0, index))));

        // Padding on either side is zero; what is left rises or falls.
        static bool IsMirrored(float[] result)
        {
            var row = Rows(result).First(row => row.Any(red => red > 0)).SkipWhile(red => red == 0).Reverse().SkipWhile(red => red == 0).ToArray();
            return row[^1] > row[0];
        }

        static IEnumerable<IEnumerable<float>> Rows(float[] result) => result.Chunk(Side);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Bad_arguments_are_refused(CropAugmentation augmentation)
    {
        Assert.Equal(new(3, Side, Side), augmentation.Output);
        Assert.Throws<ArgumentException>(() => augmentation.Apply(Picture, 0, 0, 0, new float[3 * Side * Side - 1]));
        Assert.Throws<ArgumentNullException>(() => augmentation.Apply(null!, 0, 0, 0, new float[3 * Side * Side]));
        Assert.Throws<ArgumentOutOfRangeException>(() => augmentation with { ColorNoise = -0.1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => augmentation with { ColorNoise = double.NaN });
    }
}
