using System.Globalization;
using ResNet.Dsl;
using ResNet.Runtime.Data;

namespace ResNet.Runtime.Tests.Data;

/// <summary>Resuming compares identities: all that a batch follows from is in them, and nothing else.</summary>
public sealed class DataLoaderIdentityTests
{
    static readonly CropAndFlip _plain = new() { Padding = 0, Flip = false, Normalization = Augmented.Plain(1, 1) };

    [Fact]
    public void All_that_an_epoch_follows_from_is_in_the_identity()
    {
        static string Identity(int count = 20, CropAndFlip? augmentation = null, int batch = 5, ulong seed = 1, bool shuffle = true, int workers = 1, DataShard? shard = null, bool dropLast = false, string names = "")
        {
            using var loader = new DataLoader(
                new NumberedImages(count) { Prefix = names }, augmentation ?? _plain,
                new() { BatchSize = batch, Seed = seed, Shuffle = shuffle, Workers = workers, Shard = shard ?? new(0, 1), DropLast = dropLast });
            return loader.Identity;
        }

        Assert.Equal(Identity(), Identity(workers: 3));
        // Wherever the files lie.
        Assert.Equal(Identity(names: "a/"), Identity(names: "b/c/"));
        Assert.DoesNotContain("shard", Identity(), StringComparison.Ordinal);
        string[] others = [Identity(count: 21), Identity(augmentation: _plain with { Flip = true }), Identity(batch: 6), Identity(seed: 2), Identity(shuffle: false),
            Identity(shard: new(0, 2)), Identity(shard: new(1, 2)), Identity(shard: new(0, 3)), Identity(dropLast: true), Identity(names: "other ")];
        Assert.Equal(others.Length, others.Distinct().Count());
        Assert.DoesNotContain(Identity(), others);
    }

    [Fact]
    public void An_augmentation_of_ones_own_is_in_the_identity_with_its_values()
    {
        static string Identity(params float[] factors)
        {
            using var loader = new DataLoader(new NumberedImages(20), new Scaled(factors), new());
            return loader.Identity;
        }

        Assert.Equal(Identity(1, 2), Identity(1, 2));
        Assert.NotEqual(Identity(1, 2), Identity(1, 3));
    }

    [Fact]
    public void An_identity_is_the_same_in_every_culture()
    {
        var augmentation = new ScaleAspectCrop { Normalization = Augmented.Plain(4, 4), ColorNoise = 0.1, Area = (0.25, 1), Aspect = (0.5, 2) };
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new("") { NumberFormat = { NumberDecimalSeparator = "," } };
            Assert.StartsWith("ScaleAspectCrop { Area = 0.25 to 1, Aspect = 0.5 to 2, Flip = True, ColorNoise = 0.1, Normalization = ", augmentation.Identity, StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
        string[] others = [(augmentation with { Area = (0.2, 1) }).Identity, (augmentation with { Flip = false }).Identity, (augmentation with { ColorNoise = 0 }).Identity,
            (augmentation with { Normalization = Augmented.Plain(4, 5) }).Identity, new CropAndFlip { Normalization = augmentation.Normalization }.Identity,
            new CropAndFlip { Normalization = augmentation.Normalization, Padding = 3 }.Identity, new ScaleJitterCrop { Normalization = augmentation.Normalization }.Identity];
        Assert.Equal(others.Length, others.Append(augmentation.Identity).Distinct().Count() - 1);
    }

    /// <summary>Multiplies an image's first value.</summary>
    sealed class Scaled(float[] factors) : IAugmentation
    {
        public Shape Output => new(1, 1, factors.Length);

        public string Identity => string.Create(CultureInfo.InvariantCulture, $"factors {string.Join(' ', factors)}");

        public void Apply(Image image, ulong seed, int epoch, int index, Span<float> to)
        {
            for (var i = 0; i < factors.Length; i++) to[i] = factors[i] * image[0, 0].Red;
        }
    }
}
