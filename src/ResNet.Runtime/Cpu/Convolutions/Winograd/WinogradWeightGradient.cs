using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ResNet.Runtime.Cpu.Convolutions.Tiles;
using ResNet.Runtime.Cpu.Memory;
using ResNet.Runtime.Cpu.Threads;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Cpu.Convolutions.Winograd;

/// <summary>
/// By the minimal filter that computes the convolution, reversed: squares of the input and tiles of the output's gradient are
/// transformed, their products summed over the tiles of the batch, and the sums transformed to kernels.
/// </summary>
sealed unsafe class WinogradWeightGradient : WeightGradient
{
    const int Lanes = ActivationLayout.BlockLanes;

    /// <summary>Transformed squares and tiles of this size are taken at a time: a thread's share of the third-level cache.</summary>
    const int CachedBytes = 4 * 1024 * 1024;

    /// <summary>Transformed squares of an input block and tiles of a panel that stay in the second-level cache.</summary>
    const int PairBytes = 900 * 1024;

    /// <summary>Cycles that a call of a kernel takes beside its products: its sums are loaded and stored.</summary>
    const double CyclesPerCall = 50;

    readonly MinimalFilter _filter;
    readonly TileGrid _grid;
    readonly WeightGradientKernel _kernel;
    readonly int _outputBlocks;

    /// <summary>The offset of the gradients of each input channel of a block and tap, in PyTorch's order, among [tap][input lane][output lane].</summary>
    readonly int[] _places;

    /// <param name="geometry">Sizes.</param>
    /// <param name="input">The layout of the convolution's input.</param>
    /// <param name="filter">The minimal filter.</param>
    /// <param name="kernel">The instruction set; the processor's best where null.</param>
    /// <exception cref="ArgumentException">No such convolution, or an input that does not go with it.</exception>
    public WinogradWeightGradient(in ConvGeometry geometry, in ActivationLayout input, MinimalFilter filter, WeightGradientKernel? kernel = null)
        : base(geometry, input)
    {
        if (!WinogradConvolution.Suits(Correlation.Forward(geometry)) || input.Lanes != Lanes)
            throw new ArgumentException($"{geometry} of {input} is none for minimal filters of {MinimalFilter.Kernel}×{MinimalFilter.Kernel}.");
        (this._filter, this._kernel) = (filter, kernel ?? WeightGradientKernel.Best);
        _grid = new(geometry.OutHeight, geometry.OutWidth, filter.Outputs);
        _outputBlocks = (geometry.OutChannels + Lanes - 1) / Lanes;
        const int taps = MinimalFilter.Kernel * MinimalFilter.Kernel;
        _places = [.. from channel in Enumerable.Range(0, Lanes) from tap in Enumerable.Range(0, taps) select (tap * Lanes + channel) * Lanes];
    }

    public override string Algorithm => $"Winograd {_filter}";

    public override long ScratchLength(int batch, int parts) => SumsOfAll(batch, parts) + parts * PartLength(batch, parts);

    public override double Cycles(int batch, int parts)
    {
        var rowParts = RowParts(parts);
        var tiles = Math.Ceiling((double)batch * _grid.Rows / rowParts) * _grid.Columns;
        var panels = Math.Ceiling((double)Panels * rowParts / parts);
        var (inputs, outputs) = (Input.Blocks, Math.Min(_outputBlocks, panels * _kernel.MaxBlocks));
        var groups = Math.Ceiling(tiles / (GroupRows(batch, parts) * _grid.Columns));
        var pairs = inputs * outputs;
        var products = _filter.Products * pairs * (tiles * Lanes * Lanes / _kernel.ProductsPerCycle + groups * CyclesPerCall);
        var transforms = tiles * (inputs * _filter.Input.Cycles + outputs * _filter.OutputGradient.Cycles) + pairs * Lanes * _filter.WeightGradient.Cycles;
        // Sums that stay in no cache are written by every group, read by all but the first, and read to be reduced.
        var sumsBytes = IsPairByPair(batch, parts) ? 0 : pairs * BlockSums * sizeof(float) * (2 * groups + rowParts - 1);
        return products + transforms + sumsBytes / WorkSplit.BytesPerCycle;
    }

    protected override void Sum(FeatureMaps source, FeatureMaps gradient, Span<float> target, float* scratch, int batch, int part, int parts)
    {
        var rowParts = RowParts(parts);
        var (rowPart, panelPart) = rowParts == 1 ? (0, part) : (part, 0);
        var (firstPanel, endPanel) = WorkSplit.Slice(Panels, panelPart, parts / rowParts);
        var (firstRow, endRow) = WorkSplit.Slice(batch * _grid.Rows, rowPart, rowParts);
        if (firstPanel == endPanel) return;
        var (firstBlock, endBlock) = (firstPanel * _kernel.MaxBlocks, Math.Min(_outputBlocks, endPanel * _kernel.MaxBlocks));
        var sums = scratch + rowPart * AllSums;
        if (firstRow == endRow)
        {
            // There are fewer rows of tiles than parts.
            for (var block = firstBlock; block < endBlock; block++)
                new Span<float>(sums + block * SumsOfOutput, (int)SumsOfOutput).Clear();
            return;
        }
        var squares = scratch + SumsOfAll(batch, parts) + part * PartLength(batch, parts);
        var fetches = Prefetching.Pays(Input.SizeInFloats(batch));
        var most = GroupRows(batch, parts);
        var groups = (endRow - firstRow + most - 1) / most;
        for (var group = 0; group < groups; group++)
        {
            var (row, end) = WorkSplit.Slice(endRow - firstRow, group, groups);
            (row, end) = (row + firstRow, end + firstRow);
            var tiles = (end - row) * _grid.Columns;
            var transformed = new Transformed(squares, tiles, Input.Blocks, firstBlock, endBlock, _filter.Products);
            _grid.Transform(_filter.Input, source, 0, Input.Blocks, -Geometry.Padding, -Geometry.Padding, row, end, squares, transformed.InputPlanes, fetches);
            _grid.Transform(_filter.OutputGradient, gradient, firstBlock, endBlock - firstBlock, 0, 0, row, end, transformed.Gradients, transformed.GradientPlanes, fetches);
            if (IsPairByPair(batch, parts)) WritePairs(transformed, target);
            else Multiply(transformed, sums, accumulate: group > 0);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Reduce(float* scratch, Span<float> target, int batch, int part, int parts)
    {
        if (IsPairByPair(batch, parts)) return;
        var weights = new WeightTarget(Geometry, target);
        var others = RowParts(parts) - 1;
        var (first, end) = WorkSplit.Slice(_outputBlocks * Input.Blocks, part, parts);
        for (var pair = first; pair < end; pair++)
        {
            var (outputBlock, inputBlock) = Math.DivRem(pair, Input.Blocks);
            var sums = scratch + pair * BlockSums;
            for (var other = 1; other <= others; other++)
                for (nint i = 0; i < BlockSums; i += Lanes)
                    (Vector512.Load(sums + i) + Vector512.Load(sums + other * AllSums + i)).Store(sums + i);
            TransformBack(sums, weights, outputBlock, inputBlock);
        }
    }

    /// <summary>Neighboring output blocks that one call of a kernel serves.</summary>
    int Panels => (_outputBlocks + _kernel.MaxBlocks - 1) / _kernel.MaxBlocks;

    /// <summary>[product][input lane][output lane] of a pair of blocks.</summary>
    nint BlockSums => _filter.Products * Lanes * Lanes;

    nint SumsOfOutput => Input.Blocks * BlockSums;

    nint AllSums => _outputBlocks * SumsOfOutput;

    /// <summary>Few sums are summed by every part over its own tiles; many are shared out, and each part transforms all the input.</summary>
    int RowParts(int parts) => Panels * Input.Blocks < 16 * parts ? parts : 1;

    int OutputBlocksOfPart(int parts) => Math.Min(_outputBlocks, (Panels * RowParts(parts) + parts - 1) / parts * _kernel.MaxBlocks);

    /// <summary>
    /// Where the tiles of the whole batch are so few that those of an input block and a panel stay in the second-level cache,
    /// the products of each pair are turned into weights at once: the sums, four times as many as weights, never leave the cache.
    /// </summary>
    bool IsPairByPair(int batch, int parts) =>
        RowParts(parts) == 1 && (long)batch * _grid.Rows * _grid.Columns * (1 + _kernel.MaxBlocks) * Lanes * _filter.Products * sizeof(float) <= PairBytes;

    long SumsOfAll(int batch, int parts) => IsPairByPair(batch, parts) ? 0 : RowParts(parts) * AllSums;

    /// <summary>Rows of tiles to take at a time.</summary>
    int GroupRows(int batch, int parts)
    {
        var rowsOfPart = Math.Max(1, (batch * _grid.Rows + RowParts(parts) - 1) / RowParts(parts));
        if (IsPairByPair(batch, parts)) return rowsOfPart;
        // The more sums, the more it costs to come back to them.
        var bytes = Math.Max(CachedBytes, AllSums * sizeof(float));
        var rowBytes = _grid.Columns * (Input.Blocks + OutputBlocksOfPart(parts)) * Lanes * _filter.Products * sizeof(float);
        return (int)Math.Clamp(bytes / rowBytes, 1, rowsOfPart);
    }

    /// <summary>Transformed squares and tiles of a part, and the sums of pairs that are written at once.</summary>
    nint PartLength(int batch, int parts)
    {
        var tiles = GroupRows(batch, parts) * _grid.Columns;
        return Transformed.Length(tiles, Input.Blocks, OutputBlocksOfPart(parts), _filter.Products) + _kernel.MaxBlocks * BlockSums;
    }

    /// <summary>A group of tiles, transformed.</summary>
    readonly struct Transformed(float* inputs, int tiles, int inputBlocks, int firstBlock, int endBlock, int products)
    {
        public int Tiles => tiles;
        public int FirstBlock => firstBlock;
        public int EndBlock => endBlock;
        public TileGrid.Planes InputPlanes { get; } = TileGrid.Planes.Of(tiles, inputBlocks);
        public TileGrid.Planes GradientPlanes { get; } = TileGrid.Planes.Of(tiles, endBlock - firstBlock);
        public float* Inputs => inputs;
        public float* Gradients => inputs + InputPlanes.Product * products;

        /// <summary>Behind them.</summary>
        public float* End => Gradients + GradientPlanes.Product * products;

        public static nint Length(int tiles, int inputBlocks, int outputBlocks, int products) =>
            products * (TileGrid.Planes.Of(tiles, inputBlocks).Product + TileGrid.Planes.Of(tiles, outputBlocks).Product);
    }

    /// <summary>The part of a kernel's arguments that holds for a group of tiles.</summary>
    static WeightGradientCall Prepare(in Transformed tiles) => new()
    {
        InputPixelStride = Lanes,
        GradientPixelStride = Lanes,
        GradientBlockStride = tiles.GradientPlanes.Block,
        Pixels = tiles.Tiles,
        Rows = 1,
        Images = 1,
    };

    /// <summary>Adds up the products of a group of tiles, product by product: its squares and tiles are read once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Multiply(in Transformed tiles, float* sums, bool accumulate)
    {
        var call = Prepare(tiles);
        call.SumsBlockStride = SumsOfOutput;
        call.NextInputOffset = tiles.InputPlanes.Block;
        call.Accumulate = accumulate;
        for (var product = 0; product < _filter.Products; product++)
            for (var block = tiles.FirstBlock; block < tiles.EndBlock; block += _kernel.MaxBlocks)
            {
                call.Gradient = tiles.Gradients + product * tiles.GradientPlanes.Product + (block - tiles.FirstBlock) * tiles.GradientPlanes.Block;
                for (var inputBlock = 0; inputBlock < Input.Blocks; inputBlock++)
                {
                    call.Input = tiles.Inputs + product * tiles.InputPlanes.Product + inputBlock * tiles.InputPlanes.Block;
                    call.Sums = sums + block * SumsOfOutput + inputBlock * BlockSums + product * Lanes * Lanes;
                    _kernel.Run(&call, Lanes, Math.Min(_kernel.MaxBlocks, tiles.EndBlock - block));
                }
            }
    }

    /// <summary>All products of a pair of blocks after another, and its weights.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void WritePairs(in Transformed tiles, Span<float> target)
    {
        var weights = new WeightTarget(Geometry, target);
        var sums = tiles.End;
        var call = Prepare(tiles);
        call.SumsBlockStride = BlockSums;
        call.NextInputOffset = tiles.InputPlanes.Product;
        call.NextGradientOffset = tiles.GradientPlanes.Product;
        for (var block = tiles.FirstBlock; block < tiles.EndBlock; block += _kernel.MaxBlocks)
        {
            var blocks = Math.Min(_kernel.MaxBlocks, tiles.EndBlock - block);
            for (var inputBlock = 0; inputBlock < Input.Blocks; inputBlock++)
            {
                for (var product = 0; product < _filter.Products; product++)
                {
                    call.Gradient = tiles.Gradients + product * tiles.GradientPlanes.Product + (block - tiles.FirstBlock) * tiles.GradientPlanes.Block;
                    call.Input = tiles.Inputs + product * tiles.InputPlanes.Product + inputBlock * tiles.InputPlanes.Block;
                    call.Sums = sums + product * Lanes * Lanes;
                    _kernel.Run(&call, Lanes, blocks);
                }
                for (var i = 0; i < blocks; i++) TransformBack(sums + i * BlockSums, weights, block + i, inputBlock);
            }
        }
    }

    /// <summary>The weights of a pair of blocks.</summary>
    [SkipLocalsInit]
    void TransformBack(float* sums, in WeightTarget target, int outputBlock, int inputBlock)
    {
        const int blockSize = Lanes * Lanes;
        var kernels = NativeBuffer.Align(stackalloc float[MinimalFilter.Kernel * MinimalFilter.Kernel * blockSize + Lanes]);
        for (var i = 0; i < blockSize; i += Lanes)
            _filter.WeightGradient.Apply(sums + i, _filter.WeightGradient.From * blockSize, blockSize, kernels + i, MinimalFilter.Kernel * blockSize, blockSize);
        target.Write(outputBlock, inputBlock * Lanes, Lanes, kernels, _places);
    }
}
