using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ResNet.Runtime.Cpu;

/// <summary>
/// An <see cref="Epilogue"/> by itself: an operation between layers, or the end of a convolution whose epilogue does not
/// fit the registers of its tiles.
/// </summary>
/// <remarks>Vector512 is two or four narrower vectors where the processor has none of its length.</remarks>
static unsafe class ElementWise
{
    const int Lanes = ActivationLayout.BlockLanes;

    /// <summary>Computes one of several parts of a batch.</summary>
    /// <param name="source">What the epilogue begins with; may be the target itself.</param>
    /// <param name="target">NCHW16c, of the source's shape.</param>
    /// <param name="epilogue">What is done.</param>
    /// <param name="batch">Images.</param>
    /// <param name="part">Which part to compute.</param>
    /// <param name="parts">Into how many parts the work is cut.</param>
    /// <exception cref="ArgumentException">Shapes that do not go together.</exception>
    public static void Apply(Activation source, Activation target, in Epilogue epilogue, int batch, int part, int parts)
    {
        if (!source.Layout.HasShapeOf(target.Layout) || source.Layout.Lanes != Lanes || target.Layout.Lanes != Lanes)
            throw new ArgumentException($"The target {target.Layout} does not go with the source {source.Layout}.", nameof(target));
        epilogue.Validate(target.Layout);
        var (first, end) = WorkSplit.Slice(batch * target.Layout.Height, part, parts);
        foreach (var strip in new ImageStrips(first, end, target.Layout.Height))
            Apply(source, target, epilogue, strip.Image, 0, target.Layout.Blocks, strip.FirstRow, strip.EndRow);
    }

    /// <summary>Computes one of several parts of a zero-padded shortcut that stands by itself.</summary>
    /// <param name="source">What is subsampled.</param>
    /// <param name="target">NCHW16c, with the source in the middle of its channels.</param>
    /// <param name="stride">Every how manyth row and column is taken.</param>
    /// <param name="batch">Images.</param>
    /// <param name="part">Which part to compute.</param>
    /// <param name="parts">Into how many parts the work is cut.</param>
    /// <exception cref="ArgumentException">Shapes that do not go together.</exception>
    public static void ZeroPad(Activation source, Activation target, int stride, int batch, int part, int parts)
    {
        var epilogue = new Epilogue { Residual = source, ResidualStride = stride };
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
        Activation source, Activation target, in Epilogue epilogue, int image, int firstBlock, int endBlock, int firstRow, int endRow)
    {
        for (var block = firstBlock; block < endBlock; block++)
            for (var y = firstRow; y < endRow; y++)
                ApplyRow(source, target, epilogue, image, block, y);
        target.ClearHalo(image, firstBlock, endBlock, firstRow, endRow);
        if (!epilogue.Raw.IsNull)
            epilogue.Raw.ClearHalo(image, firstBlock, endBlock, firstRow, endRow);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void ApplyRow(Activation source, Activation target, in Epilogue epilogue, int image, int block, int y)
    {
        var from = source.At(image, block, y, 0);
        var to = target.At(image, block, y, 0);
        var raw = epilogue.Raw.IsNull ? null : epilogue.Raw.At(image, block, y, 0);
        var residual = epilogue.Residual.IsNull ? default : new ResidualRow(epilogue, target.Layout, image, block, y);
        var innerScale = epilogue.InnerScale is null ? default : Vector512.Load(epilogue.InnerScale + block * Lanes);
        var innerShift = epilogue.InnerScale is null ? default : Vector512.Load(epilogue.InnerShift + block * Lanes);
        var scale = epilogue.Scale is null ? default : Vector512.Load(epilogue.Scale + block * Lanes);
        var shift = epilogue.Scale is null ? default : Vector512.Load(epilogue.Shift + block * Lanes);
        var width = target.Layout.Width;
        for (var x = 0; x < width; x++)
        {
            var value = Vector512.Load(from + x * Lanes);
            if (epilogue.InnerScale is not null) value = Vector512.MultiplyAddEstimate(value, innerScale, innerShift);
            if (epilogue.ReluBeforeAddition) value = Relu(value);
            if (residual.Exists) value += residual[x];
            if (raw is not null) value.Store(raw + x * Lanes);
            if (epilogue.Scale is not null) value = Vector512.MultiplyAddEstimate(value, scale, shift);
            if (epilogue.Relu) value = Relu(value);
            value.Store(to + x * Lanes);
        }
    }

    /// <summary>The second operand is returned for NaN, which therefore stays visible.</summary>
    static Vector512<float> Relu(Vector512<float> value) => Vector512.MaxNative(Vector512<float>.Zero, value);
}
