using ResNet.Runtime.Cpu.Memory;

namespace ResNet.Runtime.Cpu.Convolutions.Winograd;

/// <summary>The tiles of m × m outputs that cover the images of a batch, and the squares of vectors that are transformed for them.</summary>
readonly unsafe struct TileGrid
{
    const int Lanes = ActivationLayout.BlockLanes;

    /// <summary>Pixels from a tile to the next.</summary>
    readonly int _step;

    /// <param name="height">Output pixels.</param>
    /// <param name="width">Output pixels.</param>
    /// <param name="outputs">m.</param>
    public TileGrid(int height, int width, int outputs)
    {
        _step = outputs;
        Rows = (height + outputs - 1) / outputs;
        Columns = (width + outputs - 1) / outputs;
    }

    /// <summary>Rows of tiles of an image.</summary>
    public int Rows { get; }

    /// <summary>Tiles in a row.</summary>
    public int Columns { get; }

    /// <summary>The layout of the transformed squares: [product][block][tile][lane], in floats.</summary>
    /// <param name="Block">From a block to the next.</param>
    /// <param name="Product">From a product to the next.</param>
    public readonly record struct Planes(nint Block, nint Product)
    {
        /// <summary>For a number of tiles. Planes an odd number of cache lines apart don't compete for the same few lines of the cache.</summary>
        public static Planes Of(int tiles, int blocks)
        {
            var lines = (nint)tiles * blocks;
            return new((nint)tiles * Lanes, (lines | 1) * Lanes);
        }
    }

    /// <summary>Transforms, for each tile of some tile rows, the square of pixels that begins beside the tile.</summary>
    /// <param name="transform">How.</param>
    /// <param name="source">The pixels; those beyond its halo count as zeros.</param>
    /// <param name="firstBlock">The first block of channels.</param>
    /// <param name="blocks">Blocks of channels.</param>
    /// <param name="rowOffset">From the tile's first row to the square's.</param>
    /// <param name="columnOffset">From the tile's first column to the square's.</param>
    /// <param name="firstRow">The first tile row, image · <see cref="Rows"/> + row.</param>
    /// <param name="endRow">One beyond the last.</param>
    /// <param name="to">Receives the squares.</param>
    /// <param name="planes">Their places there.</param>
    /// <param name="fetches">Whether the pixels come from memory and are fetched ahead.</param>
    public void Transform(SquareTransform transform, FeatureMaps source, int firstBlock, int blocks, int rowOffset, int columnOffset, int firstRow, int endRow, float* to, Planes planes, bool fetches)
    {
        var size = transform.From;
        var layout = source.Layout;
        var patch = NativeBuffer.Align(stackalloc float[(size * size + 1) * Lanes]);
        nint productRow = planes.Product * transform.To;
        foreach (var strip in new ImageStrips(firstRow, endRow, Rows))
        {
            for (var row = strip.FirstRow; row < strip.EndRow; row++, to += Columns * Lanes)
            {
                var y = row * _step + rowOffset;
                var rows = Math.Min(size, layout.Height + layout.Halo - y);
                for (var block = 0; block < blocks; block++)
                {
                    var at = to + block * planes.Block;
                    for (var column = 0; column < Columns; column++, at += Lanes)
                    {
                        var x = column * _step + columnOffset;
                        var columns = Math.Min(size, layout.Width + layout.Halo - x);
                        var from = source.At(strip.Image, firstBlock + block, y, x);
                        // The contribution of the tile below to the pixels of this one.
                        for (var below = size; fetches && below < size + _step; below++)
                            Prefetching.Fetch(from + below * layout.RowStride, _step * Lanes);
                        if (rows == size && columns == size)
                        {
                            transform.Apply(from, layout.RowStride, Lanes, at, productRow, planes.Product);
                            continue;
                        }
                        CopyPatch(from, layout.RowStride, rows, columns, patch, size);
                        transform.Apply(patch, size * Lanes, Lanes, at, productRow, planes.Product);
                    }
                }
            }
        }
    }

    /// <summary>Completes a square that reaches beyond the image with zeros.</summary>
    static void CopyPatch(float* from, nint rowStride, int rows, int columns, float* patch, int size)
    {
        new Span<float>(patch, size * size * Lanes).Clear();
        for (var row = 0; row < rows; row++)
            new ReadOnlySpan<float>(from + row * rowStride, columns * Lanes).CopyTo(new(patch + row * size * Lanes, columns * Lanes));
    }
}
