using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ResNet.Runtime.Cpu.Memory;
using ResNet.Runtime.Cpu.Threads;

namespace ResNet.Runtime.Cpu.Layers;

/// <summary>
/// An <see cref="KernelEpilogue"/> by itself: an operation between layers, or the end of a convolution whose epilogue does not
/// fit the registers of its tiles.
/// </summary>
/// <remarks>Vector512 is two or four narrower vectors where the processor has none of its length.</remarks>
static unsafe class ElementWise
{
    const int Lanes = ActivationLayout.BlockLanes;

    /// <summary>Computes one of several parts of a batch.</summary>
    /// <param name="source">The values to which the epilogue is applied; may be the target itself.</param>
    /// <param name="target">NCHW16c, of the source's shape.</param>
    /// <param name="epilogue">The epilogue.</param>
    /// <param name="batch">Images.</param>
    /// <param name="part">Which part to compute.</param>
    /// <param name="parts">Number of parts of the work.</param>
    /// <exception cref="ArgumentException">Shapes that do not go together.</exception>
    public static void Apply(FeatureMaps source, FeatureMaps target, in KernelEpilogue epilogue, int batch, int part, int parts)
    {
        if (!source.Layout.HasShapeOf(target.Layout) || source.Layout.Lanes != Lanes || target.Layout.Lanes != Lanes)
            throw new ArgumentException($"The target {target.Layout} does not go with the source {source.Layout}.", nameof(target));
        epilogue.Validate(target.Layout);
        var (first, end) = WorkSplit.Slice(batch * target.Layout.Height, part, parts);
        foreach (var strip in new ImageStrips(first, end, target.Layout.Height))
            Apply(source, target, epilogue, strip.Image, 0, target.Layout.Blocks, strip.FirstRow, strip.EndRow);
    }

    /// <summary>Computes one of several parts of a zero-padded shortcut that stands by itself.</summary>
    /// <param name="source">The values to subsample.</param>
    /// <param name="target">NCHW16c, with the source in the middle of its channels.</param>
    /// <param name="stride">The stride between sampled rows and columns.</param>
    /// <param name="batch">Images.</param>
    /// <param name="part">Which part to compute.</param>
    /// <param name="parts">Number of parts of the work.</param>
    /// <exception cref="ArgumentException">Shapes that do not go together.</exception>
    public static void ZeroPad(FeatureMaps source, FeatureMaps target, int stride, int batch, int part, int parts)
    {
        var epilogue = new KernelEpilogue { Residual = source, ResidualStride = stride };
        epilogue.Validate(target.Layout);
        var (first, end) = WorkSplit.Slice(batch * target.Layout.Height, part, parts);
        foreach (var strip in new ImageStrips(first, end, target.Layout.Height))
        {
            for (var block = 0; block < target.Layout.Blocks; block++)
                for (var y = strip.FirstRow; y < strip.EndRow; y++)
                    new Span<float>(target.At(strip.Image, block, y, 0), target.Layout.Width * Lanes).Clear();
            Apply(target, target, epilogue, strip.Image, 0, target.Layout.Blocks, strip.FirstRow, strip.EndRow);
        }
    }

    /// <summary>Rows firstRow … endRow−1 of some channel blocks of one image, and the halo beside them.</summary>
    public static void Apply(
        FeatureMaps source, FeatureMaps target, in KernelEpilogue epilogue, int image, int firstBlock, int endBlock, int firstRow, int endRow)
    {
        for (var block = firstBlock; block < endBlock; block++)
            ApplyRows(source, target, epilogue, image, block, firstRow, endRow);
        if (!epilogue.Raw.IsNull)
            epilogue.Raw.ClearHalo(image, firstBlock, endBlock, firstRow, endRow);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void ApplyRows(FeatureMaps source, FeatureMaps target, in KernelEpilogue epilogue, int image, int block, int firstRow, int endRow)
    {
        // Locals, as the loops would otherwise read them anew after each store.
        var (hasInner, hasOuter) = (epilogue.InnerScale is not null, epilogue.Scale is not null);
        var (innerRelu, outerRelu) = (epilogue.ReluBeforeAddition, epilogue.Relu);
        var innerScale = hasInner ? Vector512.Load(epilogue.InnerScale + block * Lanes) : default;
        var innerShift = hasInner ? Vector512.Load(epilogue.InnerShift + block * Lanes) : default;
        var scale = hasOuter ? Vector512.Load(epilogue.Scale + block * Lanes) : default;
        var shift = hasOuter ? Vector512.Load(epilogue.Shift + block * Lanes) : default;
        var residual = epilogue.Residual.IsNull ? default : new ResidualRows(epilogue, target.Layout, image, block, firstRow);
        var (isMoved, stride) = (residual.IsMoved, residual.Stride);
        var from = source.At(image, block, firstRow, 0);
        var to = target.At(image, block, firstRow, 0);
        var raw = epilogue.Raw.IsNull ? null : epilogue.Raw.At(image, block, firstRow, 0);
        var (fromStride, toStride, rawStride) = (source.Layout.RowStride, target.Layout.RowStride, epilogue.Raw.Layout.RowStride);
        nint width = target.Layout.Width * Lanes;
        // The halo is written where it lies among the rows: memory that is not in the cache is filled in order.
        var hasHalo = target.Layout.Halo > 0;
        if (hasHalo) target.ClearBefore(image, block, firstRow);
        nint end = width + target.Layout.RowGap;
        for (var rows = endRow - firstRow; rows > 0; rows--)
        {
            var unmoved = residual.Unmoved;
            for (nint x = 0; x < width; x += Lanes)
            {
                var value = Vector512.Load(from + x);
                if (hasInner) value = Vector512.MultiplyAddEstimate(value, innerScale, innerShift);
                if (innerRelu) value = Relu(value);
                if (unmoved is not null) value += Vector512.Load(unmoved + x * stride);
                if (isMoved) value += residual.Moved(x);
                if (raw is not null) value.Store(raw + x);
                if (hasOuter) value = Vector512.MultiplyAddEstimate(value, scale, shift);
                if (outerRelu) value = Relu(value);
                value.Store(to + x);
            }
            for (nint x = width; x < end; x += Lanes) Vector512<float>.Zero.Store(to + x);
            from += fromStride;
            to += toStride;
            if (raw is not null) raw += rawStride;
            residual.Advance();
        }
        if (hasHalo) target.ClearBehind(image, block, endRow);
    }

    /// <summary>The second operand is returned for NaN, which therefore stays visible.</summary>
    static Vector512<float> Relu(Vector512<float> value) => Vector512.MaxNative(Vector512<float>.Zero, value);
}
