using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ResNet.Runtime.Cpu.Memory;
using ResNet.Runtime.Cpu.Threads;

namespace ResNet.Runtime.Cpu.Layers;

/// <summary>Backward through <see cref="Pooling"/>. Windows overlap, so a part takes whole planes.</summary>
static unsafe class PoolingBackward
{
    const int Lanes = ActivationLayout.BlockLanes;

    /// <summary>The gradient goes to the first maximum of each window in row order, as in PyTorch; NaN wins.</summary>
    /// <param name="input">The input of the pooling.</param>
    /// <param name="gradient">The gradient of the result.</param>
    /// <param name="target">The gradient of the input.</param>
    /// <param name="geometry">The windows.</param>
    /// <param name="accumulate">Whether to add to what stands in the target.</param>
    /// <param name="batch">Images.</param>
    /// <param name="part">Which part to compute.</param>
    /// <param name="parts">Number of parts of the work.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Max(FeatureMaps input, FeatureMaps gradient, FeatureMaps target, PoolGeometry geometry, bool accumulate, int batch, int part, int parts)
    {
        var (from, to) = (gradient.Layout, target.Layout);
        var (first, end) = WorkSplit.Slice(batch * to.Blocks, part, parts);
        for (var plane = first; plane < end; plane++)
        {
            var (image, block) = Math.DivRem(plane, to.Blocks);
            var cleared = accumulate ? to.Height : 0;
            for (var y = 0; y < from.Height; y++)
            {
                var rows = Pooling.Window.At(y, to.Height, geometry);
                // Just before the windows reach it, so that they find it in the cache.
                for (; cleared < rows.End; cleared++) ClearRow(target, image, block, cleared);
                var values = input.At(image, block, rows.First, 0);
                var sums = target.At(image, block, rows.First, 0);
                var row = gradient.At(image, block, y, 0);
                for (var x = 0; x < from.Width; x++, row += Lanes)
                {
                    var columns = Pooling.Window.At(x, to.Width, geometry);
                    nint offset = columns.First * Lanes;
                    MaxWindow(values + offset, input.Layout.RowStride, sums + offset, to.RowStride, Vector512.Load(row), rows.End - rows.First, columns.End - columns.First);
                }
            }
            for (; cleared < to.Height; cleared++) ClearRow(target, image, block, cleared);
            target.ClearHalo(image, block, block + 1, 0, to.Height);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void MaxWindow(float* values, nint valueStride, float* sums, nint sumStride, Vector512<float> gradient, int rows, int columns)
    {
        var best = Vector512.Load(values);
        var winner = Vector512<int>.Zero;
        var index = Vector512<int>.Zero;
        for (var row = rows; row > 0; row--, values += valueStride)
            for (nint column = 0; column < columns * Lanes; column += Lanes, index += Vector512<int>.One)
            {
                var value = Vector512.Load(values + column);
                var wins = Vector512.GreaterThan(value, best) | Vector512.IsNaN(value);
                best = Vector512.ConditionalSelect(wins, value, best);
                winner = Vector512.ConditionalSelect(wins.AsInt32(), index, winner);
            }
        index = Vector512<int>.Zero;
        for (var row = rows; row > 0; row--, sums += sumStride)
            for (nint column = 0; column < columns * Lanes; column += Lanes, index += Vector512<int>.One)
                (Vector512.Load(sums + column) + (gradient & Vector512.Equals(winner, index).AsSingle())).Store(sums + column);
    }

    /// <summary>Each pixel of a window gets the same share; padding counts as pixels.</summary>
    /// <inheritdoc cref="Max" path="/param"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Average(FeatureMaps gradient, FeatureMaps target, PoolGeometry geometry, bool accumulate, int batch, int part, int parts)
    {
        var (from, to) = (gradient.Layout, target.Layout);
        var (first, end) = WorkSplit.Slice(batch * to.Blocks, part, parts);
        for (var plane = first; plane < end; plane++)
        {
            var (image, block) = Math.DivRem(plane, to.Blocks);
            Begin(target, image, block, accumulate);
            for (var y = 0; y < from.Height; y++)
            {
                var rows = Pooling.Window.At(y, to.Height, geometry);
                for (var x = 0; x < from.Width; x++)
                {
                    var columns = Pooling.Window.At(x, to.Width, geometry);
                    var share = Vector512.Load(gradient.At(image, block, y, x)) / Vector512.Create((float)(rows.Count * columns.Count));
                    for (var row = rows.First; row < rows.End; row++)
                        for (var column = columns.First; column < columns.End; column++)
                        {
                            var at = target.At(image, block, row, column);
                            (Vector512.Load(at) + share).Store(at);
                        }
                }
            }
        }
    }

    /// <summary>Each pixel of a channel gets the same share.</summary>
    /// <inheritdoc cref="Max" path="/param"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void GlobalAverage(FeatureMaps gradient, FeatureMaps target, bool accumulate, int batch, int part, int parts)
    {
        var to = target.Layout;
        var share = Vector512.Create(1f / (to.Height * to.Width));
        var (first, end) = WorkSplit.Slice(batch * to.Blocks, part, parts);
        for (var plane = first; plane < end; plane++)
        {
            var (image, block) = Math.DivRem(plane, to.Blocks);
            Begin(target, image, block, accumulate);
            var value = Vector512.Load(gradient.At(image, block, 0, 0)) * share;
            for (var y = 0; y < to.Height; y++)
            {
                var row = target.At(image, block, y, 0);
                for (var x = 0; x < to.Width; x++) (Vector512.Load(row + x * Lanes) + value).Store(row + x * Lanes);
            }
        }
    }

    /// <summary>Makes zeros to add to, and a halo of them.</summary>
    static void Begin(FeatureMaps target, int image, int block, bool accumulate)
    {
        var layout = target.Layout;
        if (!accumulate)
            for (var y = 0; y < layout.Height; y++) ClearRow(target, image, block, y);
        target.ClearHalo(image, block, block + 1, 0, layout.Height);
    }

    static void ClearRow(FeatureMaps target, int image, int block, int y) =>
        new Span<float>(target.At(image, block, y, 0), target.Layout.Width * Lanes).Clear();
}
