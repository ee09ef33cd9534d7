using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ResNet.Dsl;
using ResNet.Runtime.Cpu.Memory;

namespace ResNet.Runtime.Detection.Regions;

/// <summary><see cref="RoiPool"/> at work. It keeps the place of each maximum for the way back.</summary>
sealed unsafe class MaximumPass : RegionPass
{
    const int Empty = -1;

    readonly CellRange[] _rows;
    readonly CellRange[] _columns;

    // For each pooled value its cell within the channel, or Empty; null where no gradient comes back.
    readonly bool _trains;
    int[]? _places;

    /// <param name="maps">Shape of the feature maps.</param>
    /// <param name="regions">Regions.</param>
    /// <param name="scale">Cells of the feature maps per pixel.</param>
    /// <param name="size">Rows and columns of the pooled maps.</param>
    /// <param name="trains">Whether places are kept.</param>
    public MaximumPass(Shape maps, ReadOnlySpan<Box> regions, float scale, int size, bool trains) : base(maps, regions.Length, size)
    {
        _rows = new CellRange[regions.Length * size];
        _columns = new CellRange[regions.Length * size];
        for (var i = 0; i < regions.Length; i++)
        {
            Divide(regions[i].Y1, regions[i].Y2, scale, maps.Height, _rows.AsSpan(i * size, size));
            Divide(regions[i].X1, regions[i].X2, scale, maps.Width, _columns.AsSpan(i * size, size));
        }
        _trains = trains;
    }

    public override bool TakesGreatest => true;

    public override BinTaps RowsOf(int region) => Taps(_rows, region);

    public override BinTaps ColumnsOf(int region) => Taps(_columns, region);

    protected override void BeginForward()
    {
        if (_trains) _places ??= GC.AllocateUninitializedArray<int>(Length);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Pool(int first, int count, float* maps, float* pooled)
    {
        var layout = ActivationLayout.Blocked(count, Maps.Height, Maps.Width);
        var bins = ActivationLayout.Blocked(count, 1, Bins);
        using NativeBuffer block = new(layout.SizeInFloats(1), clear: false), values = new(2 * bins.SizeInFloats(1), clear: false);
        LayoutConversion.FromNchw(new(maps + (long)first * Plane, count * Plane), new(block.Data, layout), 1, 0, 1);
        var best = values.Data;
        var places = (int*)(best + bins.SizeInFloats(1));
        for (var region = 0; region < Regions; region++)
        {
            var bin = 0;
            foreach (var rows in _rows.AsSpan(region * Size, Size))
                foreach (var columns in _columns.AsSpan(region * Size, Size))
                {
                    Maximum(block.Data, rows, columns, best + bin * Lanes, places + bin * Lanes);
                    bin++;
                }
            var length = count * Bins;
            LayoutConversion.ToNchw(new(best, bins), new(pooled + Offset(region, first), length), 1, 0, 1);
            if (_places is null) continue;
            // Places are moved as the floats that have the same bits.
            var kept = _places.AsSpan((int)Offset(region, first), length);
            LayoutConversion.ToNchw(new((float*)places, bins), MemoryMarshal.Cast<int, float>(kept), 1, 0, 1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Spread(int first, int count, float* gradient, float* maps)
    {
        if (_places is null) throw new InvalidOperationException("The pass was not prepared for training.");
        for (var channel = first; channel < first + count; channel++)
        {
            var to = maps + (long)channel * Plane;
            for (var region = 0; region < Regions; region++)
            {
                var offset = Offset(region, channel);
                var places = _places.AsSpan((int)offset, Bins);
                for (var i = 0; i < places.Length; i++)
                    if (places[i] != Empty) to[places[i]] += gradient[offset + i];
            }
        }
    }

    /// <summary>The greatest values of a bin and where they are, of equal ones the first in the order of rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void Maximum(float* block, CellRange rows, CellRange columns, float* best, int* places)
    {
        if (rows.First >= rows.End || columns.First >= columns.End)
        {
            Vector512<float>.Zero.Store(best);
            Vector512.Create(Empty).Store(places);
            return;
        }
        var cell = rows.First * Maps.Width + columns.First;
        var (value, place) = (Vector512.Load(block + (long)cell * Lanes), Vector512.Create(cell));
        for (var row = rows.First; row < rows.End; row++)
            for (var column = columns.First; column < columns.End; column++)
            {
                cell = row * Maps.Width + column;
                var other = Vector512.Load(block + (long)cell * Lanes);
                var isGreater = Vector512.GreaterThan(other, value);
                value = Vector512.ConditionalSelect(isGreater, other, value);
                place = Vector512.ConditionalSelect(isGreater.AsInt32(), Vector512.Create(cell), place);
            }
        value.Store(best);
        place.Store(places);
    }

    /// <summary>
    /// Divides a side of a region into bins, in single precision as Caffe's layer does: corners are rounded, halves away from zero; bins
    /// reach from the cell in which they begin to that in which they end, so that neighbors may share a cell.
    /// </summary>
    static void Divide(double from, double to, float scale, int cells, Span<CellRange> bins)
    {
        var first = Round((float)from * scale);
        var bin = (float)Math.Max(Round((float)to * scale) - first + 1, 1) / bins.Length;
        for (var i = 0; i < bins.Length; i++)
            bins[i] = new(Math.Clamp((int)MathF.Floor(i * bin) + first, 0, cells), Math.Clamp((int)MathF.Ceiling((i + 1) * bin) + first, 0, cells));
    }

    BinTaps Taps(CellRange[] axis, int region) => BinTaps.OfRanges(axis.Skip(region * Size).Take(Size).Select(bin => (bin.First, bin.End)));

    static int Round(float value) => (int)MathF.Round(value, MidpointRounding.AwayFromZero);

    /// <summary>The cells First … End−1.</summary>
    readonly record struct CellRange(int First, int End);
}
