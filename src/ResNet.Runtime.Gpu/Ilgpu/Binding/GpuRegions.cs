using ILGPU;
using ResNet.Runtime.Detection.Regions;
using ResNet.Runtime.Gpu.Driver;
using ResNet.Runtime.Gpu.Kernels;

namespace ResNet.Runtime.Gpu.Binding;

/// <summary>Regions that are read in a device's memory and stay there, as does their gradient.</summary>
/// <param name="device">The device.</param>
/// <param name="passes">Of each image the pooling of its regions.</param>
sealed class GpuRegions(IlgpuDevice device, IReadOnlyList<RegionPass> passes) : RegionExchange(passes)
{
    GpuBuffer<int>? _winners;

    public override Tensor Read(Tensor maps)
    {
        int[] images = [.. Passes.SelectMany((pass, image) => Enumerable.Repeat(image, pass.Regions))];
        var pooled = NewPooled();
        lock (device.Lock)
        {
            if (TakesGreatest) _winners = device.Allocate<int>(pooled.Length);
            Run(TapTable.OfBins(Passes), images, maps, pooled, TakesGreatest ? RegionBins.Greatest : RegionBins.Mean);
        }
        return pooled;
    }

    public override Tensor Spread(Tensor gradient)
    {
        var starts = new int[Passes.Count + 1];
        for (var image = 0; image < Passes.Count; image++) starts[image + 1] = starts[image] + Passes[image].Regions;
        var maps = NewMaps();
        lock (device.Lock)
            Run(TapTable.OfCells(Passes), starts, gradient, maps, TakesGreatest ? RegionBins.GreatestBackward : RegionBins.MeanBackward);
        return maps;
    }

    public override void Dispose()
    {
        lock (device.Lock) _winners?.Dispose();
        base.Dispose();
    }

    void Run(TapTable table, int[] images, Tensor from, Tensor to, Action<RegionBins.Exchange> kernel)
    {
        // A device has no empty memory.
        if (to.Length == 0) return;
        using GpuBuffer<int> ends = device.Upload<int>(table.Ends), places = device.Upload<int>(table.Places), owners = device.Upload<int>(images);
        using var weights = device.Upload<float>(table.Weights);
        using var sent = device.Find(from) is null ? device.Upload<float>(from.Data) : null;
        var written = new GpuValues(device, to.Length);
        to.Reside(written);
        device.PerValue(kernel)(to.Length, new()
        {
            From = sent?.View ?? device.Find(from)!.View,
            To = written.View,
            Winners = (_winners ?? ends).View,
            Ends = ends.View,
            Places = places.View,
            Weights = weights.View,
            Images = owners.View,
            Channels = new(to.Shape[1]),
            Height = new(to.Shape[2]),
            Width = new(to.Shape[3]),
            FromHeight = from.Shape[2],
            FromWidth = from.Shape[3],
            FirstColumn = table.FirstColumn,
            Count = to.Length,
        });
        // The lists go.
        device.Stream.Synchronize();
    }
}
