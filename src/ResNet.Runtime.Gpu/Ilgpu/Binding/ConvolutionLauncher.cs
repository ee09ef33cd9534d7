using ILGPU;
using ResNet.Dsl;
using ResNet.Runtime.Gpu.Driver;
using ResNet.Runtime.Gpu.Kernels;
using ResNet.Runtime.Programs;
using Convolution = ResNet.Runtime.Gpu.Kernels.Convolution;
using TileSet = ResNet.Runtime.Gpu.Kernels.TileSet;

namespace ResNet.Runtime.Gpu.Binding;

/// <summary>The convolution of one layer on one device: forward, and the gradients.</summary>
/// <param name="device">The device.</param>
/// <param name="geometry">The sizes.</param>
/// <param name="tiles">The kernels that multiply matrices.</param>
sealed class ConvolutionLauncher(IlgpuDevice device, ConvGeometry geometry, TileSet tiles)
{
    readonly Action<int, Layouts.Packing> _pack = device.PerValue<Layouts.Packing>(Layouts.Pack);
    readonly Action<int, Layouts.Unpacking> _unpack = device.PerValue<Layouts.Unpacking>(Layouts.Unpack);

    public ConvGeometry Geometry => geometry;

    /// <summary>The parts of the input's gradient: with a stride, pixels in different places of it see different taps.</summary>
    public IReadOnlyList<InputPhase> Phases { get; } = InputPhase.Of(geometry);

    int InGroup => geometry.InChannels / geometry.Groups;

    int OutGroup => geometry.OutChannels / geometry.Groups;

    bool InQuads => InGroup % 4 == 0;

    bool OutQuads => OutGroup % 4 == 0;

    /// <summary>Of a convolution, or of a dense layer.</summary>
    public static ConvolutionLauncher Of(IlgpuDevice device, LayerInstance row) =>
        new(device, ConvGeometry.Of(row), row.Layer is Conv2d ? device.ConvolutionTiles : device.DenseTiles);

    /// <summary>Length of the packed weights, forward.</summary>
    public long PackedLength => PackedSize(geometry.Groups, geometry.Kernel * geometry.Kernel * InGroup, OutGroup);

    /// <summary>Length of the packed weights of a part of the input's gradient.</summary>
    public long PackedLengthOf(InputPhase phase) => PackedSize(geometry.Groups, phase.Taps * OutGroup, InGroup);

    /// <summary>Packs weights for <see cref="Forward"/>.</summary>
    /// <param name="weights">PyTorch's OIHW.</param>
    /// <param name="packed">Receives them.</param>
    /// <param name="scale">Factor of each output channel, or null.</param>
    public void Pack(ArrayView<float> weights, ArrayView<float> packed, ArrayView<float>? scale = null)
    {
        var p = Packing(weights, packed, geometry.Kernel * geometry.Kernel * InGroup, InGroup, OutGroup);
        p.TapsPerLine = new(geometry.Kernel);
        p.Step = 1;
        if (scale is { } factors) (p.Scale, p.IsScaled) = (factors, 1);
        _pack(p.Count, p);
    }

    /// <summary>Packs weights for a part of <see cref="InputGradient"/>.</summary>
    public void Pack(ArrayView<float> weights, ArrayView<float> packed, InputPhase phase)
    {
        if (phase.Taps == 0) return;
        var p = Packing(weights, packed, phase.Taps * OutGroup, OutGroup, InGroup);
        p.TapsPerLine = new(phase.X.Taps);
        (p.OriginY, p.OriginX, p.Step) = (phase.Y.FirstTap, phase.X.FirstTap, phase.Y.TapStep);
        p.Backward = 1;
        _pack(p.Count, p);
    }

    /// <summary>Convolves.</summary>
    /// <param name="batch">Number of images.</param>
    /// <param name="input">NHWC.</param>
    /// <param name="packed">The packed weights.</param>
    /// <param name="epilogue">The epilogue.</param>
    /// <param name="isAligned">Whether the epilogue's values per channel begin where four can be loaded at once.</param>
    public void Forward(int batch, ArrayView<float> input, ArrayView<float> packed, EpilogueArguments epilogue, bool isAligned = true) =>
        Convolve(ForwardGather(batch), InQuads, OutQuads && isAligned, OutGroup, input, packed, epilogue);

    /// <summary>Computes a part of the gradient of the input.</summary>
    /// <param name="phase">Which part.</param>
    /// <param name="batch">Number of images.</param>
    /// <param name="gradient">The gradient of the result, NHWC.</param>
    /// <param name="packed">The weights, packed for the part.</param>
    /// <param name="target">Receives it.</param>
    /// <param name="accumulate">Whether to add to what stands there.</param>
    public void InputGradient(InputPhase phase, int batch, ArrayView<float> gradient, ArrayView<float> packed, ArrayView<float> target, bool accumulate)
    {
        var gather = new Gather
        {
            RowsPerImage = new(Math.Max(1, phase.Y.Pixels * phase.X.Pixels)),
            RowsPerLine = new(Math.Max(1, phase.X.Pixels)),
            GroupChannels = new(OutGroup),
            TapsPerLine = new(Math.Max(1, phase.X.Taps)),
            Rows = batch * phase.Y.Pixels * phase.X.Pixels,
            Columns = phase.Taps * OutGroup,
            Height = geometry.OutHeight,
            Width = geometry.OutWidth,
            Channels = geometry.OutChannels,
            Stride = 1,
            OriginY = phase.Y.Origin,
            OriginX = phase.X.Origin,
            StepY = phase.Y.Step,
            StepX = phase.X.Step,
        };
        var epilogue = Epilogues.Plain(target, new(geometry.InChannels, geometry.InHeight, geometry.InWidth));
        if (accumulate) epilogue.Steps |= EpilogueSteps.Add;
        (epilogue.Stride, epilogue.OriginY, epilogue.OriginX) = (geometry.Stride, phase.Y.First, phase.X.First);
        Convolve(gather, OutQuads, InQuads, InGroup, gradient, packed, epilogue);
    }

    /// <summary>Floats of scratch memory that <see cref="WeightGradient"/> needs.</summary>
    public long ScratchLength(int batch) => Parts(batch).Count * PackedLength;

    /// <summary>Computes the gradient of the weights.</summary>
    /// <param name="batch">Number of images.</param>
    /// <param name="input">The input of the convolution, NHWC.</param>
    /// <param name="gradient">The gradient of the result, NHWC.</param>
    /// <param name="scratch">Memory for the sums of the parts.</param>
    /// <param name="target">Receives it, OIHW.</param>
    public void WeightGradient(int batch, ArrayView<float> input, ArrayView<float> gradient, ArrayView<float> scratch, ArrayView<float> target)
    {
        var (tile, parts, depth) = Parts(batch);
        var gather = ForwardGather(batch);
        var slices = geometry.Groups * parts;
        if (InQuads && OutQuads)
            device.Multiply(new WeightGradientOfQuads
            {
                Gather = gather,
                Input = input.Cast<Float4>(),
                Gradient = gradient.Cast<Float4>(),
                Sums = scratch.Cast<Float4>(),
                GroupColumns = OutGroup,
                GradientChannels = geometry.OutChannels,
                Groups = new(geometry.Groups),
                PartDepth = depth,
            }, tile, gather.Columns, OutGroup, slices);
        else
            device.Multiply(new WeightGradient
            {
                Gather = gather,
                Input = input,
                Gradient = gradient,
                Sums = scratch.Cast<Float4>(),
                GroupColumns = OutGroup,
                GradientChannels = geometry.OutChannels,
                Groups = new(geometry.Groups),
                PartDepth = depth,
            }, tile, gather.Columns, OutGroup, slices);
        var count = checked((int)geometry.WeightCount);
        _unpack(count, new()
        {
            From = scratch,
            To = target,
            Count = count,
            Parts = parts,
            Rows = gather.Columns,
            PackedColumns = Quads(OutGroup) * 4,
            Groups = geometry.Groups,
            OutChannels = new(OutGroup),
            InChannels = new(InGroup),
            Taps = new(geometry.Kernel * geometry.Kernel),
        });
    }

    void Convolve(Gather gather, bool inQuads, bool outQuads, int groupColumns, ArrayView<float> input, ArrayView<float> packed, EpilogueArguments epilogue)
    {
        if (outQuads) epilogue.Steps |= EpilogueSteps.Quads;
        var tile = TileOf(gather.Rows, groupColumns);
        if (inQuads)
            device.Multiply(new ConvolutionOfQuads
            {
                Gather = gather,
                Input = input.Cast<Float4>(),
                Weights = packed.Cast<Float4>(),
                Epilogue = epilogue,
                GroupColumns = groupColumns,
                PackedQuads = Quads(groupColumns),
            }, tile, gather.Rows, groupColumns, geometry.Groups);
        else
            device.Multiply(new Convolution
            {
                Gather = gather,
                Input = input,
                Weights = packed.Cast<Float4>(),
                Epilogue = epilogue,
                GroupColumns = groupColumns,
                PackedQuads = Quads(groupColumns),
            }, tile, gather.Rows, groupColumns, geometry.Groups);
    }

    /// <summary>The tile of <see cref="Forward"/>.</summary>
    public string ForwardAlgorithm(int batch) => Describe(TileOf(batch * geometry.OutHeight * geometry.OutWidth, OutGroup));

    /// <summary>The tile of <see cref="InputGradient"/>.</summary>
    public string InputGradientAlgorithm(InputPhase phase, int batch) => Describe(TileOf(batch * phase.Y.Pixels * phase.X.Pixels, InGroup));

    /// <summary>The tile of <see cref="WeightGradient"/>, and the number of parts of the pixels.</summary>
    public string WeightGradientAlgorithm(int batch)
    {
        var (tile, parts, _) = Parts(batch);
        return parts == 1 ? Describe(tile) : $"{Describe(tile)}, {parts} parts";
    }

    static string Describe(Tile tile) => $"tile {tile.Rows}×{tile.Columns}";

    Tile TileOf(int rows, int columns) => tiles.For(rows, columns, geometry.Groups, device.Multiprocessors);

    Gather ForwardGather(int batch) => new()
    {
        RowsPerImage = new(geometry.OutHeight * geometry.OutWidth),
        RowsPerLine = new(geometry.OutWidth),
        GroupChannels = new(InGroup),
        TapsPerLine = new(geometry.Kernel),
        Rows = checked(batch * geometry.OutHeight * geometry.OutWidth),
        Columns = geometry.Kernel * geometry.Kernel * InGroup,
        Height = geometry.InHeight,
        Width = geometry.InWidth,
        Channels = geometry.InChannels,
        Stride = geometry.Stride,
        OriginY = -geometry.Padding,
        OriginX = -geometry.Padding,
        StepY = geometry.Dilation,
        StepX = geometry.Dilation,
    };

    /// <summary>The number of parts of the pixels: enough to occupy the device, and few enough that adding them up costs little.</summary>
    (Tile Tile, int Count, int Depth) Parts(int batch)
    {
        const int groupsPerMultiprocessor = 4, leastDepth = 256, most = 64;
        var (rows, columns) = (geometry.Kernel * geometry.Kernel * InGroup, OutGroup);
        var pixels = batch * geometry.OutHeight * geometry.OutWidth;
        // As if it were alone: there will be as many parts as the device can work on.
        var tile = tiles.For(rows, columns, slices: 1, multiprocessors: 1);
        var groups = (rows + tile.Rows - 1) / tile.Rows * ((columns + tile.Columns - 1) / tile.Columns) * geometry.Groups;
        var wanted = Math.Min(most, (groupsPerMultiprocessor * device.Multiprocessors + groups - 1) / groups);
        var depth = Math.Max(leastDepth, (pixels + wanted - 1) / wanted);
        depth = (depth + tile.Depth - 1) / tile.Depth * tile.Depth;
        return (tile, (pixels + depth - 1) / depth, depth);
    }

    Layouts.Packing Packing(ArrayView<float> weights, ArrayView<float> packed, int rows, int rowChannels, int columns) => new()
    {
        From = weights,
        To = packed,
        Scale = weights,
        Count = checked((int)PackedSize(geometry.Groups, rows, columns)),
        Columns = columns,
        PackedColumns = new(Quads(columns) * 4),
        Rows = new(rows),
        RowChannels = new(rowChannels),
        OutChannels = OutGroup,
        InChannels = InGroup,
        Kernel = geometry.Kernel,
    };

    static long PackedSize(int groups, int rows, int columns) => (long)groups * rows * Quads(columns) * 4;

    static int Quads(int columns) => (columns + 3) / 4;
}
