using ResNet.Dsl;
using ResNet.Runtime.Cpu.Threads;
using ResNet.Runtime.Detection.Boxes;
using ResNet.Runtime.Detection.Regions;

namespace ResNet.Runtime.Detection;

/// <summary>Proposes regions, and reads them out of feature maps: what lies between a detector's two networks.</summary>
sealed class RegionReader
{
    readonly AnchorGrid _grid;
    readonly CpuWorkers _workers;
    readonly IRegionDevice? _device;
    readonly double _stride;
    readonly bool _hasClasses;
    readonly int _scores;

    /// <param name="settings">The sizes and rules by which the detector reads images and regions.</param>
    /// <param name="size">Rows and columns to which a region is resampled.</param>
    /// <param name="device">The networks' device: it reads regions in its own memory, if it has one; of a processor, its threads compute here, too.</param>
    public RegionReader(DetectorSettings settings, int size, Device device)
    {
        (_stride, _workers, _device) = (settings.Stride, (device as CpuDevice ?? CpuDevice.Shared).Workers, device as IRegionDevice);
        (_hasClasses, _scores) = (settings.PerClassProposals, settings.ScoresPerPosition);
        _grid = AnchorGrid.Centered([.. settings.AnchorSizes], [.. settings.AnchorRatios], settings.Stride);
        Pooling = settings.RoiMethod switch
        {
            RoiMethod.Align => new RoiAlign(size, samplesPerBin: 2),
            RoiMethod.Pool => new RoiPool(size),
            _ => throw new NotSupportedException($"There is no pooling {settings.RoiMethod}"),
        };
    }

    /// <summary>The method of reading regions.</summary>
    public RegionPooling Pooling { get; }

    /// <summary>The anchors over feature maps.</summary>
    public Box[] Anchors(Shape maps) => _grid.Over(maps.Height, maps.Width);

    /// <summary>The places of the anchors' values, those of all classes if each has its own: as if these were anchors of other kinds.</summary>
    public AnchorLayout Layout(Shape maps) => new(_scores, maps.Height, maps.Width);

    /// <summary>Proposes the regions of an image, the best first.</summary>
    /// <param name="outputs">The trunk's outputs.</param>
    /// <param name="width">Columns of the trunk's input.</param>
    /// <param name="height">Rows of the trunk's input.</param>
    /// <param name="options">The numbers of boxes.</param>
    /// <param name="image">Which of the batch.</param>
    /// <param name="label">The class that they are proposed for, if each has its own; null if all have the same.</param>
    public ScoredBox[] Propose(TrunkOutputs outputs, int width, int height, ProposalOptions options, int image = 0, int? label = null)
    {
        if (label.HasValue != _hasClasses) throw new InvalidOperationException(_hasClasses ? "Proposals are those of a class." : "No class has proposals of its own.");
        // The channels of a class stand together.
        var layout = _grid.Layout(outputs.Shape.Height, outputs.Shape.Width);
        var first = (label ?? 0) * layout.Count;
        return Proposals.Of(
            outputs.Objectness(image).Slice(first, layout.Count), outputs.Deltas(image).Slice(BoxDeltas.Count * first, BoxDeltas.Count * layout.Count), layout, Anchors(outputs.Shape),
            BoxCoder.Proposals, width, height, options);
    }

    /// <summary>Reads the regions of an image.</summary>
    /// <param name="outputs">The trunk's outputs.</param>
    /// <param name="regions">The regions, in pixels of the trunk's input.</param>
    /// <returns>regions × channels × size × size; the caller releases it.</returns>
    public Tensor Read(TrunkOutputs outputs, Box[] regions)
    {
        using var exchange = Prepare(outputs.Shape, [regions], trains: false);
        return exchange.Read(outputs.Maps);
    }

    /// <summary>Prepares reading the regions of some images.</summary>
    /// <param name="maps">Shape of an image's feature maps.</param>
    /// <param name="regions">Of each image the regions, in pixels of the trunk's input.</param>
    /// <param name="trains">Whether the gradient will be brought back.</param>
    public RegionExchange Prepare(Shape maps, Box[][] regions, bool trains)
    {
        var passes = Array.ConvertAll(regions, own => Pooling.Prepare(maps, own, _stride, trains));
        return _device?.Prepare(passes) ?? new HostRegions(passes, _workers);
    }
}
