using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ResNet.Dsl;
using ResNet.Runtime.Cpu.Memory;

namespace ResNet.Runtime.Detection.Regions;

/// <summary>
/// <see cref="RoiAlign"/> at work. Rows and columns are interpolated apart: the mean of a bin's samples is a product of the two, a sample outside the maps
/// included.
/// </summary>
sealed unsafe class AlignedPass : RegionPass
{
    readonly BinTaps[] _rows;
    readonly BinTaps[] _columns;

    /// <param name="maps">Shape of the feature maps.</param>
    /// <param name="regions">Regions.</param>
    /// <param name="scale">Cells of the feature maps per pixel.</param>
    /// <param name="pooling">Samples.</param>
    public AlignedPass(Shape maps, ReadOnlySpan<Box> regions, float scale, RoiAlign pooling) : base(maps, regions.Length, pooling.Size)
    {
        _rows = new BinTaps[regions.Length];
        _columns = new BinTaps[regions.Length];
        for (var i = 0; i < regions.Length; i++)
        {
            _rows[i] = BinTaps.Of(regions[i].Y1, regions[i].Y2, scale, maps.Height, pooling);
            _columns[i] = BinTaps.Of(regions[i].X1, regions[i].X2, scale, maps.Width, pooling);
        }
    }

    public override bool TakesGreatest => false;

    public override BinTaps RowsOf(int region) => _rows[region];

    public override BinTaps ColumnsOf(int region) => _columns[region];

    protected override void Pool(int first, int count, float* maps, float* pooled)
    {
        using var block = new ChannelBlock(this, count);
        LayoutConversion.FromNchw(new(maps + (long)first * Plane, count * Plane), block.Maps, 1, 0, 1);
        for (var region = 0; region < Regions; region++)
        {
            Interpolate(_rows[region], _columns[region], block);
            LayoutConversion.ToNchw(block.Bins, new(pooled + Offset(region, first), count * Bins), 1, 0, 1);
        }
    }

    protected override void Spread(int first, int count, float* gradient, float* maps)
    {
        using var block = new ChannelBlock(this, count);
        var own = new Span<float>(maps + (long)first * Plane, count * Plane);
        LayoutConversion.FromNchw(own, block.Maps, 1, 0, 1);
        for (var region = 0; region < Regions; region++)
        {
            LayoutConversion.FromNchw(new(gradient + Offset(region, first), count * Bins), block.Bins, 1, 0, 1);
            Distribute(_rows[region], _columns[region], block);
        }
        LayoutConversion.ToNchw(block.Maps, own, 1, 0, 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Interpolate(BinTaps rows, BinTaps columns, ChannelBlock block)
    {
        float* maps = block.Maps.Data, row = block.Row, to = block.Bins.Data;
        for (var i = 0; i < Size; i++)
        {
            var taps = rows.Of(i);
            for (var x = columns.First; x < columns.End; x++)
            {
                var sum = Vector512<float>.Zero;
                foreach (var tap in taps)
                    sum = Vector512.FusedMultiplyAdd(Vector512.Create(tap.Weight), Vector512.Load(maps + ((long)tap.Cell * Maps.Width + x) * Lanes), sum);
                sum.Store(row + x * Lanes);
            }
            for (var j = 0; j < Size; j++, to += Lanes)
            {
                var sum = Vector512<float>.Zero;
                foreach (var tap in columns.Of(j))
                    sum = Vector512.FusedMultiplyAdd(Vector512.Create(tap.Weight), Vector512.Load(row + tap.Cell * Lanes), sum);
                sum.Store(to);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Distribute(BinTaps rows, BinTaps columns, ChannelBlock block)
    {
        float* maps = block.Maps.Data, row = block.Row, from = block.Bins.Data;
        for (var i = 0; i < Size; i++)
        {
            for (var x = columns.First; x < columns.End; x++) Vector512<float>.Zero.Store(row + x * Lanes);
            for (var j = 0; j < Size; j++, from += Lanes)
            {
                var value = Vector512.Load(from);
                foreach (var tap in columns.Of(j)) Add(row + tap.Cell * Lanes, tap.Weight, value);
            }
            foreach (var tap in rows.Of(i))
                for (var x = columns.First; x < columns.End; x++)
                    Add(maps + ((long)tap.Cell * Maps.Width + x) * Lanes, tap.Weight, Vector512.Load(row + x * Lanes));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Add(float* to, float weight, Vector512<float> value) =>
        Vector512.FusedMultiplyAdd(Vector512.Create(weight), value, Vector512.Load(to)).Store(to);

    /// <summary>Some channels of the feature maps and of one region, and a row between the two.</summary>
    sealed class ChannelBlock : IDisposable
    {
        readonly NativeBuffer _memory;

        public ChannelBlock(AlignedPass pass, int channels)
        {
            var maps = ActivationLayout.Blocked(channels, pass.Maps.Height, pass.Maps.Width);
            var bins = ActivationLayout.Blocked(channels, 1, pass.Bins);
            _memory = new(maps.SizeInFloats(1) + bins.SizeInFloats(1) + pass.Maps.Width * Lanes, clear: false);
            Maps = new(_memory.Data, maps);
            Bins = new(_memory.Data + maps.SizeInFloats(1), bins);
            Row = Bins.Data + bins.SizeInFloats(1);
        }

        public FeatureMaps Maps { get; }
        public FeatureMaps Bins { get; }
        public float* Row { get; }

        public void Dispose() => _memory.Dispose();
    }
}
