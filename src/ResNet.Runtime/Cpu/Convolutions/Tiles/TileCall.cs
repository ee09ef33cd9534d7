using ResNet.Runtime.Cpu.Memory;

namespace ResNet.Runtime.Cpu.Convolutions.Tiles;

/// <summary>
/// The arguments of a tile kernel, which computes a few output pixels of one weight panel:
/// <c>output[i] = max(floor, bias + residual[i] + Σ weights · input[i])</c>. All strides are in floats.
/// </summary>
/// <remarks>
/// The sum runs over <see cref="Blocks"/> × <see cref="Rows"/> × <see cref="Taps"/> runs of <see cref="Depth"/>
/// neighboring floats, the weights strictly in that order. A kernel reads the input of all the pixels it is made for
/// and stores the first <see cref="Pixels"/>. The pixels of a tile lie in two halves, <c>…HalfStride</c> apart: halves
/// of one run, or as many pixels of two rows.
/// </remarks>
unsafe struct TileCall
{
    static readonly NativeBuffer _zeros = new(4 * ActivationLayout.BlockLanes);

    /// <summary>The bias or the residual where there is nothing to add; strides of zero go with it.</summary>
    public static float* Nothing => _zeros.Data;

    /// <summary>The first input float of the first pixel.</summary>
    public float* Input;
    public float* Weights;
    public float* Bias;
    /// <summary>Added to the sum.</summary>
    public float* Residual;
    public float* Output;

    /// <summary>
    /// Weights to bring into the second-level cache meanwhile: a small image is done with a panel sooner than memory
    /// delivers the next. They advance by <see cref="NextPanelStride"/> with each product.
    /// </summary>
    public float* NextPanel;
    public nint NextPanelStride;

    /// <summary>From this tile's input to the next one's. While a block is in use, the next one is brought into the first-level cache.</summary>
    public nint NextTileOffset;

    /// <summary>From one cache line to bring in to the next one, with each product.</summary>
    public nint FetchStride;

    public nint BlockStride;
    public nint RowStride;
    public nint TapStride;
    /// <summary>From one output pixel's input to the next one's.</summary>
    public nint PixelStride;
    public nint HalfStride;
    public nint ResidualPixelStride;
    public nint ResidualHalfStride;
    public nint ResidualBlockStride;
    public nint OutputPixelStride;
    public nint OutputHalfStride;
    public nint OutputBlockStride;

    public int Blocks;
    public int Rows;
    public int Taps;
    public int Depth;
    /// <summary>Pixels to store, at least one.</summary>
    public int Pixels;
    /// <summary>0 for ReLU, −∞ for none.</summary>
    public float Floor;

    /// <summary>The <see cref="NextPanelStride"/> with which a panel arrives evenly: a cache line with each product at most.</summary>
    /// <param name="blocks">16-channel blocks of a panel.</param>
    /// <param name="tiles">Tiles that the panel before computes. They fetch nothing where they are many: then the panel's arrival is short beside its use.</param>
    public static nint EvenStride(int blocks, int tiles)
    {
        var floats = blocks * ActivationLayout.BlockLanes;
        return tiles > floats ? 0 : Math.Min(ActivationLayout.BlockLanes, (floats + tiles - 1) / tiles);
    }
}
