using ResNet.Dsl;
using ResNet.Runtime.Cpu.Threads;

namespace ResNet.Runtime.Tests.Detection.Regions;

public sealed class RegionPoolingTests : IDisposable
{
    static readonly Shape _maps = new(6, 20, 26);

    readonly CpuWorkers _workers = new(2);

    public void Dispose() => _workers.Dispose();

    public static IEnumerable<object[]> Alignments =>
        from size in new[] { 7, 14 } from kind in new[] { "legacy", "aligned" } from samples in new[] { "adaptive", "1", "2" } select new object[] { size, $"{kind}.{samples}" };

    [DetectionReferenceTheory]
    [MemberData(nameof(Alignments))]
    public void RoiAlign_is_torchvisions(int size, string name)
    {
        var samples = name.EndsWith("adaptive", StringComparison.Ordinal) ? 0 : name[^1] - '0';
        Compare(new RoiAlign(size, samples, name.StartsWith("aligned", StringComparison.Ordinal)), $"roi_align.{size}.{name}", 1e-5);
    }

    [DetectionReferenceTheory]
    [InlineData(7)]
    [InlineData(14)]
    public void RoiPool_is_torchvisions(int size) => Compare(new RoiPool(size), $"roi_pool.{size}", 0);

    [DetectionReferenceTheory]
    [InlineData("mini", 2, 32, 6)]
    [InlineData("resnet18", 1, 256, 1)]
    public void The_regions_of_whole_networks_are_torchvisions(string network, int images, int channels, int regions)
    {
        foreach (var (name, pooling) in new (string, RegionPooling)[] { ("pool", new RoiPool(14)), ("align", new RoiAlign(14, 2)) })
        {
            var reference = DetectionReference.Open($"{network}_{name}_forward");
            var pass = pooling.Prepare(new(channels, 10, 13), reference.Boxes("0.proposals").AsSpan(0, regions), 16, trains: false);
            var pooled = new float[pass.Length];
            pass.Forward(reference.Image("c4", 0, images), pooled, _workers);
            DetectionReference.Near(reference.Numbers("roi.features"), pooled, 1e-4);
        }
    }

    [Fact]
    public void Bits_do_not_depend_on_the_number_of_threads()
    {
        var random = new Random(3);
        var maps = new Shape(70, 11, 13);
        var regions = Regions(random, 40);
        float[] features = Values(random, (int)maps.Elements);
        using CpuWorkers one = new(1), three = new(3);
        foreach (var pooling in new RegionPooling[] { new RoiPool(5), new RoiAlign(5), new RoiAlign(5, 2, aligned: true) })
        {
            var gradient = Values(new Random(4), 40 * 70 * 25);
            var (pooled, spread) = Run(pooling, maps, regions, features, gradient, one);
            foreach (var workers in new[] { _workers, three })
            {
                var other = Run(pooling, maps, regions, features, gradient, workers);
                Assert.Equal(pooled, other.Pooled);
                Assert.Equal(spread, other.Gradient);
            }
        }
    }

    /// <summary>Pooling is linear as long as each maximum stays where it is.</summary>
    [Fact]
    public void Gradients_are_the_change_of_the_pooled_values()
    {
        var random = new Random(6);
        var maps = new Shape(19, 9, 12);
        var regions = Regions(random, 7);
        // Values are at least 1 apart, and none moves by more than a quarter.
        float[] features = [.. Enumerable.Range(0, (int)maps.Elements).Select(value => (float)value)], direction = Values(random, features.Length);
        random.Shuffle(features);
        var moved = features.Zip(direction, (value, step) => value + step / 2).ToArray();
        foreach (var pooling in new RegionPooling[] { new RoiPool(4), new RoiAlign(4), new RoiAlign(4, 3, aligned: true) })
        {
            var gradient = Values(new Random(8), 7 * 19 * 16);
            var (from, spread) = Run(pooling, maps, regions, features, gradient, _workers);
            var (to, _) = Run(pooling, maps, regions, moved, gradient, _workers);
            var change = from.Zip(to, (a, b) => (double)b - a).Zip(gradient, (change, g) => change * g).Sum();
            var promised = features.Zip(moved, (a, b) => (double)b - a).Zip(spread, (step, g) => step * g).Sum();
            Assert.True(Math.Abs(promised) > 0.1, $"{pooling}: the direction says nothing.");
            Assert.Equal(promised, change, 0.02);
        }
    }

    /// <summary>On feature maps that are a slope, the mean of a bin's samples is the slope at the bin's middle.</summary>
    [Fact]
    public void RoiAlign_follows_a_slope()
    {
        var maps = new Shape(1, 20, 26);
        float[] slope = [.. Enumerable.Range(0, 20 * 26).Select(i => (float)(i % 26 + 100 * (i / 26)))];
        Box region = new(40.5, 32.25, 201, 144);
        foreach (var (pooling, shift) in new[] { (new RoiAlign(5), 0), (new RoiAlign(5, 2, aligned: true), 0.5), (new RoiAlign(5, 3), 0), (new RoiAlign(5, 0, aligned: true), 0.5) })
        {
            var (pooled, _) = Run(pooling, maps, [region], slope, new float[25], _workers);
            for (var i = 0; i < 25; i++)
            {
                var (row, column) = Math.DivRem(i, 5);
                var (x, y) = ((region.X1 + (column + 0.5) * region.Width / 5) / 16 - shift, (region.Y1 + (row + 0.5) * region.Height / 5) / 16 - shift);
                Assert.Equal(x + 100 * y, pooled[i], 1e-3);
            }
        }
    }

    [Fact]
    public void Backward_adds()
    {
        var maps = new Shape(1, 4, 4);
        var pass = new RoiPool(1).Prepare(maps, [new(0, 0, 48, 48), new(0, 0, 48, 48)], 16, trains: true);
        float[] features = [0, 0, 0, 0, 0, 9, 9, 0, 0, 9, 0, 0, 0, 0, 0, 0], pooled = new float[2], gradient = new float[16];
        gradient[0] = 5;
        pass.Forward(features, pooled, _workers);
        Assert.Equal([9, 9], pooled);
        pass.Backward([1, 2], gradient, _workers);
        // The first of equal maxima, in the order of rows.
        Assert.Equal([5, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], gradient);
    }

    [Fact]
    public void No_regions_leave_the_gradient_alone()
    {
        foreach (var pooling in new RegionPooling[] { new RoiPool(7), new RoiAlign(7) })
        {
            var pass = pooling.Prepare(_maps, [], 16, trains: true);
            var gradient = new float[_maps.Elements];
            gradient[3] = 1;
            pass.Forward(new float[_maps.Elements], [], _workers);
            pass.Backward([], gradient, _workers);
            Assert.Equal(1, gradient.Sum());
        }
    }

    [Fact]
    public void RoiPool_brings_no_gradient_back_unless_it_was_prepared_to()
    {
        var pass = new RoiPool(2).Prepare(_maps, [new(0, 0, 40, 40)], 16, trains: false);
        pass.Forward(new float[_maps.Elements], new float[pass.Length], _workers);
        Assert.Throws<InvalidOperationException>(() => pass.Backward(new float[pass.Length], new float[_maps.Elements], _workers));
    }

    [Fact]
    public void Bad_input()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new RoiPool(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RoiAlign(7, -1));
        foreach (var pooling in new RegionPooling[] { new RoiPool(7), new RoiAlign(7) })
        {
            foreach (var bad in new Box[] { new(double.NaN, 0, 1, 1), new(0, 0, double.PositiveInfinity, 1), new(0, -1e9, 1, 1) })
                Assert.Throws<ArgumentException>(() => pooling.Prepare(_maps, [bad], 16, trains: true));
            Assert.Throws<ArgumentOutOfRangeException>(() => pooling.Prepare(_maps, [], 0, trains: true));
            var pass = pooling.Prepare(_maps, [new(0, 0, 40, 40)], 16, trains: true);
            Assert.Throws<ArgumentException>(() => pass.Forward(new float[3], new float[pass.Length], _workers));
            Assert.Throws<ArgumentException>(() => pass.Backward(new float[3], new float[_maps.Elements], _workers));
        }
    }

    void Compare(RegionPooling pooling, string name, double tolerance)
    {
        var reference = DetectionReference.Open("roi_pooling");
        var rois = reference.Numbers("rois").Chunk(5).ToArray();
        var length = (int)_maps.Elements;
        var values = _maps.Channels * pooling.Size * pooling.Size;
        for (var image = 0; image < 2; image++)
        {
            var own = Enumerable.Range(0, rois.Length).Where(i => rois[i][0] == image).ToArray();
            float[] Of(string tensor) => [.. own.SelectMany(i => reference.Numbers(tensor).AsSpan(i * values, values).ToArray())];
            var boxes = Array.ConvertAll(own, i => new Box(rois[i][1], rois[i][2], rois[i][3], rois[i][4]));
            var (pooled, gradient) = Run(pooling, _maps, boxes, reference.Image("feature", image, 2), Of($"gradient.{pooling.Size}"), _workers);
            Near(Of(name), pooled, tolerance);
            Near(reference.Numbers($"{name}.grad").AsSpan(image * length, length), gradient, 1e-5);
        }
    }

    static void Near(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], tolerance);
    }

    static (float[] Pooled, float[] Gradient) Run(RegionPooling pooling, Shape maps, Box[] regions, float[] features, float[] gradient, CpuWorkers workers)
    {
        var pass = pooling.Prepare(maps, regions, 16, trains: true);
        float[] pooled = new float[pass.Length], spread = new float[maps.Elements];
        pass.Forward(features, pooled, workers);
        pass.Backward(gradient, spread, workers);
        return (pooled, spread);
    }

    static Box[] Regions(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => new Box(random.Next(-20, 150), random.Next(-20, 130), random.Next(20, 230), random.Next(20, 190)))];

    static float[] Values(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
}
