using ResNet.Runtime.Cpu.Layers;
using ResNet.Runtime.Cpu.Memory;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Cpu.Convolutions;

/// <summary>
/// A convolution, or one phase of the gradient of its input, made ready for this processor by one algorithm. A dense layer is a
/// 1×1 convolution of 1×1 images.
/// </summary>
abstract unsafe class Convolution : IDisposable
{
    readonly Lock _allocating = new();
    NativeBuffer? _own, _shared;
    float* _packed;

    /// <param name="correlation">The computation.</param>
    /// <param name="input">The layout that <see cref="Run"/> will read; compact for images.</param>
    /// <exception cref="ArgumentException">An input of other channels, or whose halo is too small.</exception>
    protected Convolution(in Correlation correlation, in ActivationLayout input)
    {
        if (input.Channels != correlation.InChannels)
            throw new ArgumentException($"The input {input} is not that of the {correlation}.");
        if (input.Halo < Math.Max(correlation.Rows.Reach(input.Height), correlation.Columns.Reach(input.Width)))
            throw new ArgumentException($"The input {input} has too small a halo for the {correlation}.");
        Correlation = correlation;
        Input = input;
    }

    /// <summary>The computation.</summary>
    public Correlation Correlation { get; }

    /// <summary>The layout of what <see cref="Run"/> reads.</summary>
    public ActivationLayout Input { get; }

    /// <summary>The algorithm, as text for people: <c>direct 14×32</c>, by the largest tile in use (pixels × output channels), or <c>Winograd F(4×4)</c>.</summary>
    public abstract string Algorithm { get; }

    /// <summary>16-channel blocks of the output.</summary>
    protected int OutputBlocks => (Correlation.OutChannels + ActivationLayout.BlockLanes - 1) / ActivationLayout.BlockLanes;

    /// <summary>Floats of scratch memory that <see cref="Run"/> needs, all parts together.</summary>
    public abstract long ScratchLength(int batch, int parts);

    /// <summary>Estimated processor cycles of the slowest part.</summary>
    public abstract double Cycles(int batch, int parts);

    /// <summary>Floats of the packed weights and biases.</summary>
    public abstract long PackedLength { get; }

    /// <summary>The layout of the packed weights.</summary>
    public abstract PackingLayout Layout { get; }

    /// <summary>Estimated processor cycles of packing the weights, all parts together.</summary>
    public abstract double PackingCycles { get; }

    /// <summary>
    /// Folds and packs the weights: <c>y = scale · (weights ∗ x) + bias</c>. May be called again with other weights, and by
    /// several threads at once, each with its own part.
    /// </summary>
    /// <param name="weights">The layer's, [OutChannels, InChannels / Groups, Kernel, Kernel].</param>
    /// <param name="scale">Per output channel; empty for 1.</param>
    /// <param name="bias">Per output channel; empty for 0.</param>
    /// <param name="part">Which of <paramref name="parts"/> to pack.</param>
    /// <param name="parts">Number of parts of the work.</param>
    public void Pack(ReadOnlySpan<float> weights, ReadOnlySpan<float> scale, ReadOnlySpan<float> bias, int part = 0, int parts = 1)
    {
        var c = Correlation;
        if (weights.Length != c.WeightCount)
            throw new ArgumentException($"A {c} has {c.WeightCount} weights, not {weights.Length}.", nameof(weights));
        if (!scale.IsEmpty && scale.Length != c.OutChannels)
            throw new ArgumentException($"A {c} has {c.OutChannels} scales, not {scale.Length}.", nameof(scale));
        if (!bias.IsEmpty && bias.Length != c.OutChannels)
            throw new ArgumentException($"A {c} has {c.OutChannels} biases, not {bias.Length}.", nameof(bias));
        PackPanels(new(c, weights, scale), bias, part, parts);
    }

    /// <summary>
    /// Has the weights packed into memory that is others' at other times: they are packed again before each use. Without it,
    /// they have memory of their own.
    /// </summary>
    /// <param name="memory">Memory for <see cref="PackedLength"/> floats, aligned to a cache line.</param>
    public void PackInto(float* memory) => _packed = memory;

    /// <summary>Has the weights packed into memory that convolutions of the same weights and <see cref="Layout"/> share.</summary>
    /// <param name="memory">Memory for <see cref="PackedLength"/> floats.</param>
    public void Share(NativeBuffer memory)
    {
        _shared = memory;
        _packed = memory.Data;
    }

    /// <summary>The place of the packed weights.</summary>
    protected float* Packed
    {
        get
        {
            if (_packed is null)
            {
                lock (_allocating) _packed = (_own ??= new(PackedLength, clear: false)).Data;
            }
            return _packed;
        }
    }

    /// <summary>Some of the packed weights and biases.</summary>
    /// <exception cref="ArgumentOutOfRangeException">They are not all within <see cref="PackedLength"/>.</exception>
    protected Span<float> PackedAt(nint start, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start + length, PackedLength);
        return new(Packed + start, length);
    }

    /// <summary>Whether the weights are used as soon as they have been packed.</summary>
    protected bool IsPackedForOneUse => _own is null && _shared is null;

    /// <summary>Packs one of several parts.</summary>
    protected abstract void PackPanels(in WeightSource weights, ReadOnlySpan<float> bias, int part, int parts);

    /// <summary>Computes one of several parts of a batch. All parts together compute the batch, in any number and order.</summary>
    /// <param name="input">In the layout that the convolution was made for.</param>
    /// <param name="output">NCHW16c of any halo.</param>
    /// <param name="epilogue">The epilogue that is applied to the sums before they are stored.</param>
    /// <param name="scratch"><see cref="ScratchLength"/> floats.</param>
    /// <param name="batch">Images.</param>
    /// <param name="part">Which part to compute.</param>
    /// <param name="parts">Number of parts of the work.</param>
    /// <exception cref="ArgumentException">A tensor's shape is not that of the convolution.</exception>
    public void Run(FeatureMaps input, FeatureMaps output, in KernelEpilogue epilogue, float* scratch, int batch, int part, int parts)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batch);
        ArgumentOutOfRangeException.ThrowIfNegative(part);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(part, parts);
        if (input.Layout != Input)
            throw new ArgumentException($"The convolution was made for an input of {Input}, not {input.Layout}.", nameof(input));
        var (rows, columns) = (Correlation.Rows.Outputs, Correlation.Columns.Outputs);
        if (!output.Layout.HasShapeOf(ActivationLayout.Blocked(Correlation.OutChannels, rows, columns)) || output.Layout.Lanes != ActivationLayout.BlockLanes)
            throw new ArgumentException($"The output of the {Correlation} is not {output.Layout}.", nameof(output));
        if (output.Layout.PixelStride != ActivationLayout.BlockLanes && !epilogue.FitsTile(output.Layout))
            throw new ArgumentException("Pixels that are set apart are stored by tiles only.", nameof(epilogue));
        epilogue.Validate(output.Layout);
        Compute(input, output, epilogue, scratch, batch, part, parts);
    }

    /// <summary><see cref="Run"/>, once its arguments are known to be right.</summary>
    protected abstract void Compute(FeatureMaps input, FeatureMaps output, in KernelEpilogue epilogue, float* scratch, int batch, int part, int parts);

    public void Dispose()
    {
        _own?.Dispose();
        _packed = null;
    }

    /// <summary>Copies values per channel, beginning with <paramref name="first"/>, and zeros for the lanes beyond the last channel.</summary>
    protected static void CopyLanes(ReadOnlySpan<float> values, int first, Span<float> to)
    {
        to.Clear();
        if (!values.IsEmpty) values[first..Math.Min(values.Length, first + to.Length)].CopyTo(to);
    }
}
