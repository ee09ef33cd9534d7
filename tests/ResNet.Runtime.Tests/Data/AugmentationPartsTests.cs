using ResNet.Runtime.Data;
using ResNet.Runtime.Runs;
using ResNet.Runtime.Tensors;

namespace ResNet.Runtime.Tests.Data;

/// <summary>Policies and erasing as parts of an augmentation.</summary>
public class AugmentationPartsTests
{
    static readonly Preprocessing _plain = Augmented.Plain(20, 24);

    /// <summary>The policy sees the mirrored crop, and colours and normalization come after it.</summary>
    [Fact]
    public void A_policy_changes_the_mirrored_crop()
    {
        var image = Augmented.Noise(24, 20);
        var policy = new Recorded();
        var (plain, with) = (new CropAndFlip { Normalization = _plain, Padding = 3 }, new CropAndFlip { Normalization = _plain, Padding = 3, Policy = policy });
        foreach (var index in Enumerable.Range(0, 8))
        {
            policy.Seen = null;
            // A policy that changes nothing changes nothing, whether the picture was mirrored before it or after.
            Assert.Equal(plain.Apply(image, seed: 1, epoch: 2, index), with.Apply(image, seed: 1, epoch: 2, index));
            Assert.True(policy.Seen!.Pixels.SequenceEqual(image.Pixels) || policy.Seen.Pixels.SequenceEqual(image.FlipHorizontal().Pixels));
        }
    }

    [Fact]
    public void What_is_drawn_follows_from_seed_epoch_and_index()
    {
        var image = Augmented.Noise(40, 30);
        var augmentation = Augmentations.Create("scale-aspect+trivial+erase:0.5", _plain);
        string Bits(ulong seed, int epoch, int index) => Augmented.Bits(augmentation.Apply(image, seed, epoch, index));
        Assert.Equal(Bits(1, 0, 5), Bits(1, 0, 5));
        Assert.Equal(4, new[] { Bits(1, 0, 5), Bits(2, 0, 5), Bits(1, 1, 5), Bits(1, 0, 6) }.Distinct().Count());
    }

    /// <summary>Every operation comes about as often, with both signs and all magnitudes: 14·31 pairs at most, of which those that change nothing look alike.</summary>
    [Fact]
    public void A_policy_draws_every_operation()
    {
        var image = Augmented.Noise(24, 20);
        var expected = new HashSet<string>();
        foreach (var operation in PolicyOperation.All(31, 0.99, _ => 32, 135, 0.99, 6))
            for (var index = 0; index < 31; index++)
                foreach (var sign in operation.IsSigned ? new[] { 1, -1 } : [1])
                    expected.Add(Convert.ToBase64String(operation.Run(image, sign * operation.Magnitude(image, index), false).Pixels));
        var drawn = Enumerable.Range(0, 3000).Select(seed => Convert.ToBase64String(new TrivialAugmentWide().Apply(image, (ulong)seed).Pixels)).ToHashSet();
        Assert.Subset(expected, drawn);
        Assert.InRange(drawn.Count, 0.9 * expected.Count, expected.Count);
    }

    [Fact]
    public void RandAugment_applies_several_operations_of_one_magnitude()
    {
        var image = Augmented.Noise(24, 20);
        var operations = PolicyOperation.All(31, 0.3, side => 150.0 / 331 * side, 30, 0.9, 4);
        IEnumerable<Image> After(Image before) => operations.SelectMany(operation => (operation.IsSigned ? new[] { 1, -1 } : [1])
            .Select(sign => operation.Run(before, sign * operation.Magnitude(before, 17), true)));
        var expected = After(image).SelectMany(After).Select(result => Convert.ToBase64String(result.Pixels)).ToHashSet();
        var drawn = Enumerable.Range(0, 200).Select(seed => Convert.ToBase64String(new RandAugment { Magnitude = 17, Bilinear = true }.Apply(image, (ulong)seed).Pixels)).ToHashSet();
        Assert.Subset(expected, drawn);
        Assert.InRange(drawn.Count, 100, 200);
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandAugment { Magnitude = 31 });
    }

    [Fact]
    public void Erasing_clears_one_rectangle_within_the_image()
    {
        var erasing = new RandomErasing { Probability = 0.75 };
        var (count, areas) = (0, new List<double>());
        for (ulong seed = 0; seed < 2000; seed++)
        {
            if (erasing.Place(24, 20, new(seed)) is not { } place) continue;
            count++;
            Assert.True(place.Left >= 0 && place.Top >= 0 && place.Left + place.Width <= 24 && place.Top + place.Height <= 20);
            // Rounded sides, and none as long as the image's.
            Assert.InRange((double)place.Height / place.Width, 0.2, 4.5);
            Assert.True(place.Width < 24 && place.Height < 20);
            areas.Add(place.Width * place.Height / 480.0);
        }
        Assert.InRange(count, 1400, 1600);
        Assert.InRange(areas.Average(), 0.15, 0.18);

        var values = Enumerable.Repeat(1f, 3 * 20 * 24).ToArray();
        var seen = erasing.Place(24, 20, new(1))!.Value;
        erasing.Apply(values, new(3, 20, 24), new(1));
        for (var i = 0; i < values.Length; i++)
        {
            var (x, y) = (i % 24, i / 24 % 20);
            var inside = x >= seen.Left && x < seen.Left + seen.Width && y >= seen.Top && y < seen.Top + seen.Height;
            Assert.Equal(inside ? 0 : 1, values[i]);
        }
    }

    [Theory]
    [InlineData("scale-aspect+rand:31")]
    [InlineData("scale-aspect+rand:1.5")]
    [InlineData("scale-aspect+trivial+rand:3")]
    [InlineData("scale-aspect+erase:2")]
    [InlineData("scale-aspect+erase:0.1+erase:0.1")]
    [InlineData("crop-flip+color+color")]
    [InlineData("none+trivial")]
    [InlineData("crop-flip+")]
    [InlineData("trivial")]
    public void Names_that_are_none_are_refused(string name) =>
        Assert.Contains($"There is no augmentation {name};", Assert.Throws<ArgumentException>(() => Augmentations.Create(name, _plain)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_identity_names_the_parts_and_is_what_it_was_without()
    {
        var identity = Augmentations.Create("crop-flip", _plain).Identity;
        Assert.DoesNotContain("Policy", identity, StringComparison.Ordinal);
        string[] names = ["crop-flip", "crop-flip+trivial", "crop-flip+rand:9", "crop-flip+rand:10", "crop-flip+erase:0.1", "crop-flip+erase:0.2", "crop-flip+trivial+erase:0.1"];
        Assert.Equal(names.Length, names.Select(name => Augmentations.Create(name, _plain).Identity).Distinct().Count());
        Assert.Equal(Augmentations.Create("crop-flip+erase:0.1+trivial", _plain).Identity, Augmentations.Create(names[^1], _plain).Identity);
    }

    [Fact]
    public void Balanced_loading_draws_all_classes_alike_and_augments_repeats_anew()
    {
        // 60 images of class 0, one of each of the others.
        var images = new Uneven(65);
        var noise = new CropAndFlip { Normalization = Augmented.Plain(1, 1) with { }, Padding = 0, ColorNoise = 1 };
        Dictionary<int, List<string>> Read(int workers, ulong seed = 4)
        {
            using var loader = new DataLoader(images, noise, new() { BatchSize = 10, Seed = seed, Balanced = true, Workers = workers });
            var drawn = new Dictionary<int, List<string>>();
            for (var epoch = 0; epoch < 20; epoch++)
                while (loader.TryNext(epoch, out var batch))
                    for (var i = 0; i < batch.Labels.Length; i++)
                    {
                        var label = batch.Labels.Span[i];
                        if (!drawn.TryGetValue(label, out var list)) drawn.Add(label, list = []);
                        list.Add(Augmented.Bits(batch.Images.Span.Slice(3 * i, 3)));
                    }
            return drawn;
        }

        var all = Read(workers: 1);
        Assert.All(all.Values, values => Assert.InRange(values.Count, 160, 280));
        // The same image many times, but never with the same colours.
        Assert.Equal(all[3].Count, all[3].Distinct().Count());
        Assert.Equal(all, Read(workers: 3));
        Assert.NotEqual(all, Read(workers: 1, seed: 5));
        using var balanced = new DataLoader(images, noise, new() { BatchSize = 10, Balanced = true });
        Assert.Contains("balanced", balanced.Identity, StringComparison.Ordinal);
    }

    sealed record Recorded : ImagePolicy
    {
        public Image? Seen { get; set; }

        internal override string Identity => nameof(Recorded);

        internal override Image Apply(Image image, CounterRandom random) => Seen = image;
    }

    sealed class Uneven(int count) : ImageDataset
    {
        public override string Description => "uneven";

        public override IReadOnlyList<string> Classes => ["0", "1", "2", "3", "4", "5"];

        public override int Count => count;

        public override int ClassOf(int index) => Math.Max(0, index - 59);

        public override string NameOf(int index) => $"{index}";

        public override Image Load(int index) => Image.FromRgb(1, 1, [128, 128, 128]);
    }
}
