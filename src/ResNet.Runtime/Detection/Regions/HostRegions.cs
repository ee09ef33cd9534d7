using ResNet.Runtime.Cpu.Threads;

namespace ResNet.Runtime.Detection.Regions;

/// <summary>Regions that the processor reads.</summary>
/// <param name="passes">Of each image the pooling of its regions.</param>
/// <param name="workers">Threads that compute.</param>
sealed class HostRegions(IReadOnlyList<RegionPass> passes, CpuWorkers workers) : RegionExchange(passes)
{
    public override Tensor Read(Tensor maps)
    {
        var pooled = NewPooled();
        ForEachImage((image, part) => Passes[image].Forward(maps[image], pooled.Data[part], workers));
        return pooled;
    }

    public override Tensor Spread(Tensor gradient)
    {
        var maps = NewMaps();
        ForEachImage((image, part) => Passes[image].Backward(gradient.Data[part], maps[image], workers));
        return maps;
    }

    /// <summary>Does something for each image with the part of the regions' values that is its own.</summary>
    void ForEachImage(Action<int, Range> act)
    {
        var first = 0;
        for (var image = 0; image < Passes.Count; image++)
        {
            var end = first + Passes[image].Length;
            act(image, first..end);
            first = end;
        }
    }
}
