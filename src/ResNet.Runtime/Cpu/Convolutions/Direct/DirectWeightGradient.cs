using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ResNet.Runtime.Cpu.Convolutions.Tiles;
using ResNet.Runtime.Cpu.Memory;
using ResNet.Runtime.Cpu.Threads;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Cpu.Convolutions.Direct;

/// <summary>
/// Directly: for every pair of output and input blocks and every tap, the outer products of the output's gradient with the
/// input.
/// </summary>
sealed unsafe class DirectWeightGradient : WeightGradient
{
    const int Lanes = ActivationLayout.BlockLanes;

    /// <summary>
    /// Input and gradient of the pixels that are taken at a time: few enough for the first-level cache, which serves the taps
    /// and the next input blocks, and as many as make up for loading and storing the sums.
    /// </summary>
    const int CachedBytes = 40 * 1024;

    /// <summary>Neighboring output blocks that one call multiplies with an input block, and where their sums begin.</summary>
    readonly record struct Pair(int OutputBlock, int Blocks, int InputBlock, nint Sums);

    /// <summary>16 neighboring floats of the input, the first <paramref name="Used"/> of which belong to the row of taps.</summary>
    readonly record struct Column(int Y, int X, int First, int Used);

    readonly WeightGradientKernel _kernel;
    readonly Pair[] _pairs;
    readonly Column[] _columns;

    /// <summary>Which 16 sums belong to each input channel of a block and tap, in PyTorch's order.</summary>
    readonly int[] _places;

    /// <param name="geometry">Sizes.</param>
    /// <param name="input">The layout of the convolution's input.</param>
    /// <param name="kernel">The instruction set; the processor's best where null.</param>
    /// <exception cref="ArgumentException">No such convolution, or an input that does not go with it.</exception>
    public DirectWeightGradient(in ConvGeometry geometry, in ActivationLayout input, WeightGradientKernel? kernel = null) : base(geometry, input)
    {
        this._kernel = kernel ?? WeightGradientKernel.Best;
        _columns = [.. Columns(Geometry, Input.Lanes)];
        _pairs = [.. Pairs(Geometry, Input.Lanes, this._kernel.MaxBlocks, BlockSums)];
        _places = new int[Input.Lanes * Taps];
        for (var c = 0; c < _columns.Length; c++)
            for (var i = 0; i < _columns[c].Used; i++)
            {
                var (tap, channel) = Math.DivRem(_columns[c].First + i, Input.Lanes);
                _places[channel * Taps + _columns[c].Y * Geometry.Kernel + _columns[c].X + tap] = (c * Lanes + i) * Lanes;
            }
    }

    public override string Algorithm => "direct";

    /// <summary>The sums of all parts.</summary>
    public override long ScratchLength(int batch, int parts) => (long)PixelParts(parts) * AllSums;

    public override double Cycles(int batch, int parts) =>
        Geometry.MultiplyAdds * (double)batch / (_kernel.ProductsPerCycle * parts);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Sum(FeatureMaps source, FeatureMaps gradient, Span<float> target, float* sums, int batch, int part, int parts)
    {
        var pixelParts = PixelParts(parts);
        var (pixelPart, pairPart) = pixelParts == 1 ? (0, part) : (part, 0);
        var (firstPair, endPair) = WorkSplit.Slice(_pairs.Length, pairPart, parts / pixelParts);
        if (firstPair == endPair) return;
        var to = sums + pixelPart * AllSums;
        var call = Prepare(gradient.Layout);
        var (height, width) = (Geometry.OutHeight, Geometry.OutWidth);
        var images = CachedPixels / (height * width);
        if (images > 0)
        {
            var (first, end) = WorkSplit.Slice(batch, pixelPart, pixelParts);
            for (; first < end; first += images)
                RunPairs(&call, source, gradient, to, firstPair, endPair, first, 0, Math.Min(images, end - first), height);
        }
        else
        {
            var (first, end) = WorkSplit.Slice(batch * height, pixelPart, pixelParts);
            var cuts = (height * width + CachedPixels - 1) / CachedPixels;
            var rows = (height + cuts - 1) / cuts;
            foreach (var strip in new ImageStrips(first, end, height))
                for (var y = strip.FirstRow; y < strip.EndRow; y += rows)
                    RunPairs(&call, source, gradient, to, firstPair, endPair, strip.Image, y, 1, Math.Min(rows, strip.EndRow - y));
        }
        if (call.Accumulate) return;
        // There were fewer pixels than parts.
        for (var p = firstPair; p < endPair; p++)
            new Span<float>(to + _pairs[p].Sums, (int)(_pairs[p].Blocks * BlockSums)).Clear();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Reduce(float* sums, Span<float> target, int batch, int part, int parts)
    {
        var weights = new WeightTarget(Geometry, target);
        var others = PixelParts(parts) - 1;
        var (first, end) = WorkSplit.Slice(_pairs.Length, part, parts);
        for (var p = first; p < end; p++)
            for (var block = 0; block < _pairs[p].Blocks; block++)
            {
                var to = sums + _pairs[p].Sums + block * BlockSums;
                for (var other = 1; other <= others; other++)
                    for (nint i = 0; i < BlockSums; i += Lanes)
                        (Vector512.Load(to + i) + Vector512.Load(to + other * AllSums + i)).Store(to + i);
                weights.Write(_pairs[p].OutputBlock + block, _pairs[p].InputBlock * Input.Lanes, Input.Lanes, to, _places);
            }
    }

    int Taps => Geometry.Kernel * Geometry.Kernel;

    /// <summary>Output pixels to take at a time; a kernel smaller than its stride leaps over some of the input.</summary>
    int CachedPixels
    {
        get
        {
            var inputs = Math.Min(Geometry.Kernel, Geometry.Stride) * Math.Min(Geometry.Kernel, Geometry.Stride);
            return Math.Max(1, CachedBytes / ((inputs * Input.Lanes + _kernel.MaxBlocks * Lanes) * sizeof(float)));
        }
    }

    /// <summary>Sums of a pair of blocks.</summary>
    nint BlockSums => _columns.Length * Lanes * Lanes;

    nint AllSums => _pairs[^1].Sums + _pairs[^1].Blocks * BlockSums;

    /// <summary>A dense layer: the images of a batch are the pixels of one row.</summary>
    bool IsDense => Geometry is { InHeight: 1, InWidth: 1, Kernel: 1, Padding: 0 };

    int PixelParts(int parts) => _pairs.Length >= 4 * parts ? 1 : parts;

    /// <summary>The part of a kernel's arguments that holds for the whole run.</summary>
    WeightGradientCall Prepare(in ActivationLayout gradient) => new()
    {
        InputPixelStride = IsDense ? Input.ImageStride : Geometry.Stride * Input.PixelStride,
        InputRowStride = Geometry.Stride * Input.RowStride,
        InputImageStride = Input.ImageStride,
        GradientPixelStride = IsDense ? gradient.ImageStride : gradient.PixelStride,
        GradientRowStride = gradient.RowStride,
        GradientImageStride = gradient.ImageStride,
        GradientBlockStride = gradient.PlaneStride,
        SumsBlockStride = BlockSums,
    };

    /// <summary>All taps of some pairs, over some rows of some images.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void RunPairs(WeightGradientCall* call, FeatureMaps source, FeatureMaps gradient, float* sums, int firstPair, int endPair, int image, int y, int images, int rows)
    {
        (call->Images, call->Rows, call->Pixels) = IsDense ? (1, 1, images) : (images, rows, Geometry.OutWidth);
        // The pixels after these, which are those of the next call with the first pair unless an image ends.
        var isWhole = rows == Geometry.OutHeight;
        var toNextInput = isWhole ? images * call->InputImageStride : rows * call->InputRowStride;
        var toNextGradient = isWhole ? images * call->GradientImageStride : rows * call->GradientRowStride;
        for (var p = firstPair; p < endPair; p++)
        {
            var pair = _pairs[p];
            var from = source.At(image, pair.InputBlock, y * Geometry.Stride - Geometry.Padding, -Geometry.Padding);
            call->Gradient = gradient.At(image, pair.OutputBlock, y, 0);
            var isLast = p + 1 == endPair;
            var next = _pairs[isLast ? firstPair : p + 1];
            call->NextInputOffset = (next.InputBlock - pair.InputBlock) * Input.PlaneStride + (isLast ? toNextInput : 0);
            call->NextGradientOffset = (next.OutputBlock - pair.OutputBlock) * gradient.Layout.PlaneStride + (isLast ? toNextGradient : 0);
            for (var c = 0; c < _columns.Length; c++)
            {
                var column = _columns[c];
                call->Input = from + column.Y * Geometry.Dilation * Input.RowStride + column.X * Geometry.Dilation * Input.PixelStride + column.First;
                call->Sums = sums + pair.Sums + c * Lanes * Lanes;
                _kernel.Run(call, column.Used, pair.Blocks);
            }
        }
        call->Accumulate = true;
    }

    /// <summary>The blocks that have a group in common; of the output's, as many together as meet the same blocks of the input.</summary>
    static IEnumerable<Pair> Pairs(ConvGeometry geometry, int inputLanes, int maxBlocks, nint blockSums)
    {
        int inGroup = geometry.InChannels / geometry.Groups, outGroup = geometry.OutChannels / geometry.Groups;
        var outputBlocks = (geometry.OutChannels + Lanes - 1) / Lanes;
        (int First, int End) Inputs(int block)
        {
            var last = Math.Min(geometry.OutChannels, (block + 1) * Lanes) - 1;
            return (block * Lanes / outGroup * inGroup / inputLanes, ((last / outGroup + 1) * inGroup - 1) / inputLanes + 1);
        }
        nint sums = 0;
        for (int output = 0, blocks; output < outputBlocks; output += blocks)
        {
            var inputs = Inputs(output);
            for (blocks = 1; blocks < maxBlocks && output + blocks < outputBlocks && Inputs(output + blocks) == inputs;) blocks++;
            for (var block = inputs.First; block < inputs.End; block++, sums += blocks * blockSums)
                yield return new(output, blocks, block, sums);
        }
    }

    /// <summary>In the compact layout the taps of a row are neighbors in memory, unless they are dilated: they are one run.</summary>
    static IEnumerable<Column> Columns(ConvGeometry geometry, int inputLanes)
    {
        var isRun = inputLanes < Lanes && geometry.Dilation == 1;
        var length = isRun ? geometry.Kernel * inputLanes : inputLanes;
        for (var y = 0; y < geometry.Kernel; y++)
            for (var x = 0; x < (isRun ? 1 : geometry.Kernel); x++)
                for (var first = 0; first < length; first += Lanes)
                    yield return new(y, x, first, Math.Min(Lanes, length - first));
    }
}
