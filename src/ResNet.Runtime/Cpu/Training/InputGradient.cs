using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ResNet.Runtime.Cpu.Training;

/// <summary>
/// The gradient of a convolution's input: a convolution of the output's gradient with the flipped weights, input and output
/// channels exchanged. Behind a stride, the gradient's pixels are first spread with zeros between them; at a kernel of 1×1
/// it is the result that is spread, so that no product meets those zeros.
/// </summary>
sealed class InputGradient : IDisposable
{
    readonly ConvGeometry forward;
    readonly PackedConvolution convolution;
    readonly ActivationLayout? spread;

    /// <param name="forward">Sizes of the convolution.</param>
    /// <param name="gradient">The layout of the gradient of its output: at least <see cref="Halo"/> pixels of halo.</param>
    /// <param name="tiles">The instruction set; the processor's best where null.</param>
    public InputGradient(in ConvGeometry forward, in ActivationLayout gradient, TileSet? tiles = null)
    {
        forward.Validate();
        this.forward = forward;
        var f = forward;
        if (SpreadsResult(f))
        {
            spread = ActivationLayout.Blocked(f.InChannels, f.OutHeight, f.OutWidth);
            convolution = new(Backward(f.OutHeight, f.OutWidth, padding: 0), gradient, tiles);
        }
        else if (SpreadsGradient(f))
        {
            // The size at which a convolution of stride 1 gives back the input's.
            var rim = f.Dilation * (f.Kernel - 1) - 2 * PaddingOf(f);
            var layout = ActivationLayout.Blocked(f.OutChannels, f.InHeight + rim, f.InWidth + rim, PaddingOf(f));
            spread = layout;
            convolution = new(Backward(layout.Height, layout.Width, PaddingOf(f)), layout, tiles);
        }
        else
        {
            convolution = new(Backward(f.OutHeight, f.OutWidth, PaddingOf(f)), gradient, tiles);
        }
    }

    /// <summary>How it is computed, for people.</summary>
    public string Algorithm => spread is null ? convolution.Algorithm : $"{convolution.Algorithm}, spread";

    /// <summary>The halo that the gradient of the output needs.</summary>
    public static int Halo(in ConvGeometry forward) => SpreadsResult(forward) || SpreadsGradient(forward) ? 0 : PaddingOf(forward);

    /// <summary>Floats of the spread gradient, or of the result to be spread.</summary>
    public long ScratchLength(int batch) => spread?.SizeInFloats(batch) ?? 0;

    /// <summary>Packs the weights; see <see cref="PackedConvolution.Pack"/>.</summary>
    /// <param name="weights">The convolution's, [OutChannels, InChannels / Groups, Kernel, Kernel].</param>
    /// <param name="part">Which of <paramref name="parts"/> to pack.</param>
    /// <param name="parts">Into how many parts the work is cut.</param>
    public void Pack(ReadOnlySpan<float> weights, int part, int parts) => convolution.PackTransposed(weights, part, parts);

    /// <summary>The first half of the work, to be done in all parts before <see cref="Finish"/>.</summary>
    /// <param name="gradient">The gradient of the output.</param>
    /// <param name="target">The gradient of the input, NCHW16c of any halo.</param>
    /// <param name="accumulate">Whether to add to what stands in the target.</param>
    /// <param name="scratch"><see cref="ScratchLength"/> floats.</param>
    /// <param name="batch">Images.</param>
    /// <param name="part">Which part to compute.</param>
    /// <param name="parts">Into how many parts the work is cut.</param>
    public unsafe void Begin(Activation gradient, Activation target, bool accumulate, float* scratch, int batch, int part, int parts)
    {
        if (spread is not { } layout)
            convolution.Run(gradient, target, Sum(target, accumulate), batch, part, parts);
        else if (SpreadsResult(forward))
            convolution.Run(gradient, new(scratch, layout), new(), batch, part, parts);
        else
            Spread.Run(gradient, new(scratch, layout), forward.Stride, Math.Min(0, Reach(forward)), accumulate: false, batch, part, parts);
    }

    /// <summary>The second half; nothing unless something is spread.</summary>
    /// <inheritdoc cref="Begin" path="/param"/>
    public unsafe void Finish(Activation target, bool accumulate, float* scratch, int batch, int part, int parts)
    {
        if (spread is not { } layout) return;
        if (SpreadsResult(forward))
            Spread.Run(new(scratch, layout), target, forward.Stride, -forward.Padding, accumulate, batch, part, parts);
        else
            convolution.Run(new(scratch, layout), target, Sum(target, accumulate), batch, part, parts);
    }

    public void Dispose() => convolution.Dispose();

    static Epilogue Sum(Activation target, bool accumulate) => accumulate ? new() { Residual = target } : new();

    ConvGeometry Backward(int height, int width, int padding) =>
        new(forward.OutChannels, forward.InChannels, height, width, forward.Kernel, 1, padding, forward.Dilation, forward.Groups);

    /// <summary>How far the kernel reaches beyond the input's edge; negative if the padding is larger than the kernel.</summary>
    static int Reach(in ConvGeometry forward) => forward.Dilation * (forward.Kernel - 1) - forward.Padding;

    static int PaddingOf(in ConvGeometry forward) => Math.Max(0, Reach(forward));

    static bool SpreadsResult(in ConvGeometry forward) => forward.Kernel == 1 && (forward.Stride > 1 || forward.Padding > 0);

    /// <summary>Whether a convolution with stride 1 over the gradient as it is would not give the input's size.</summary>
    static bool SpreadsGradient(in ConvGeometry forward) =>
        Reach(forward) < 0 || forward.Stride > 1;
}

/// <summary>Sets the pixels of an activation apart.</summary>
static unsafe class Spread
{
    const int Lanes = ActivationLayout.BlockLanes;

    /// <summary>Moves pixel (y, x) to (stride · y + offset, stride · x + offset), where the target has such a pixel; others become zero.</summary>
    /// <param name="source">NCHW16c.</param>
    /// <param name="target">NCHW16c, of the same channels.</param>
    /// <param name="stride">Distance of two pixels in the target.</param>
    /// <param name="offset">Place of the first pixel; at most 0.</param>
    /// <param name="accumulate">Whether to add to what stands in the target.</param>
    /// <param name="batch">Images.</param>
    /// <param name="part">Which part to compute.</param>
    /// <param name="parts">Into how many parts the work is cut.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(Activation source, Activation target, int stride, int offset, bool accumulate, int batch, int part, int parts)
    {
        var (from, to) = (source.Layout, target.Layout);
        var (first, end) = WorkSplit.Slice(batch * to.Height, part, parts);
        foreach (var strip in new ImageStrips(first, end, to.Height))
        {
            for (var block = 0; block < to.Blocks; block++)
                for (var y = strip.FirstRow; y < strip.EndRow; y++)
                {
                    var row = target.At(strip.Image, block, y, 0);
                    if (!accumulate) new Span<float>(row, to.Width * Lanes).Clear();
                    var (sourceY, rest) = Math.DivRem(y - offset, stride);
                    if (rest != 0 || sourceY >= from.Height) continue;
                    var pixels = source.At(strip.Image, block, sourceY, 0);
                    for (var x = 0; x < from.Width; x++)
                    {
                        var targetX = x * stride + offset;
                        if (targetX < 0 || targetX >= to.Width) continue;
                        var at = row + targetX * Lanes;
                        (Vector512.Load(at) + Vector512.Load(pixels + x * Lanes)).Store(at);
                    }
                }
            target.ClearHalo(strip.Image, 0, to.Blocks, strip.FirstRow, strip.EndRow);
        }
    }
}
