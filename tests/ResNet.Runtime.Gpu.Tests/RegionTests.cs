using ResNet.Dsl;
using ResNet.Runtime.Cpu.Threads;
using ResNet.Runtime.Detection.Regions;

namespace ResNet.Runtime.Gpu.Tests;

/// <summary>Regions that a device reads, against those that the processor reads.</summary>
public class RegionTests
{
    const int Stride = 8;

    static readonly Shape _maps = new(5, 9, 11);

    // Inside, across the borders, outside, smaller than a cell; the second image has none.
    static readonly Box[][] _regions =
    [
        [new(3, 5, 61, 40), new(-20, 10, 30, 90), new(40.5, 17.25, 44, 19), new(200, 200, 240, 230)],
        [],
        [new(0, 0, 88, 72), new(13, 60, 80, 71), new(3, 5, 61, 40)],
    ];

    static readonly RegionPooling[] _poolings = [new RoiPool(3), new RoiPool(7), new RoiAlign(4), new RoiAlign(3, 2), new RoiAlign(3, 1, aligned: true)];

    [Theory, OnDevice("interpreter"), OnDevice("OpenCL"), OnDevice("CUDA")]
    public void Regions_and_their_gradients_are_the_processors(string device)
    {
        using CpuWorkers workers = new(1);
        Tensor maps = Values(1, _regions.Length, 5, 9, 11);
        foreach (var pooling in _poolings)
        {
            var gradient = Values(2, 7, 5, pooling.Size, pooling.Size);
            using HostRegions host = new(Passes(pooling), workers);
            using var there = ((IRegionDevice)TestDevices.Open(device)).Prepare(Passes(pooling));
            AssertSame(pooling, host.Read(maps), there.Read(maps));
            AssertSame(pooling, host.Spread(gradient), there.Spread(gradient));
        }
    }

    [Theory, OnDevice("interpreter"), OnDevice("OpenCL"), OnDevice("CUDA")]
    public void What_lies_on_the_device_is_read_there(string device)
    {
        var on = TestDevices.Open(device);
        var passes = Passes(new RoiAlign(3, 2));
        using var regions = ((IRegionDevice)on).Prepare(passes);
        var read = regions.Read(Values(1, _regions.Length, 5, 9, 11));
        // The gradient by the regions is taken to be what was read: it has not left the device.
        Assert.NotNull(read.Resident);
        var spread = regions.Spread(read);
        Assert.NotNull(read.Resident);
        using CpuWorkers workers = new(1);
        using HostRegions host = new(passes, workers);
        AssertSame(new RoiAlign(3, 2), host.Spread(read), spread);
        Assert.Null(read.Resident);
    }

    static RegionPass[] Passes(RegionPooling pooling) => Array.ConvertAll(_regions, own => pooling.Prepare(_maps, own, Stride, trains: true));

    static void AssertSame(RegionPooling pooling, Tensor expected, Tensor actual)
    {
        Assert.True(expected.Shape.SequenceEqual(actual.Shape));
        Assert.Contains(expected.Data.ToArray(), value => value != 0);
        for (var i = 0; i < expected.Data.Length; i++) Assert.Equal(expected.Data[i], actual.Data[i], pooling is RoiPool ? 0f : 1e-5f);
    }

    static Tensor Values(int seed, params int[] shape)
    {
        var random = new Random(seed);
        var values = new Tensor(shape);
        foreach (ref var value in values.Data) value = 2 * random.NextSingle() - 1;
        return values;
    }
}
