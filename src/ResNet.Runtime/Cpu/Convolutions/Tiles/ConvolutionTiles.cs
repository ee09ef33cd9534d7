namespace ResNet.Runtime.Cpu.Convolutions.Tiles;

/// <summary>
/// The register tiles, named by pixels × 16-channel blocks. AVX-512 has registers for 28 sums, AVX2 for 12;
/// the portable ones suit the 32 registers of ARM64. Products are the
/// same without what begins and ends a convolution. ResNet.TileGenerator writes the bodies.
/// </summary>
static unsafe partial class ConvolutionTiles
{
    [ConvolutionTile(512, 14, 2)] internal static partial void Vector512_14x2(TileCall* call);
    [ConvolutionTile(512, 8, 2)] internal static partial void Vector512_8x2(TileCall* call);
    [ConvolutionTile(512, 7, 2)] internal static partial void Vector512_7x2(TileCall* call);
    [ConvolutionTile(512, 4, 2)] internal static partial void Vector512_4x2(TileCall* call);
    [ConvolutionTile(512, 1, 2)] internal static partial void Vector512_1x2(TileCall* call);
    [ConvolutionTile(512, 16, 1)] internal static partial void Vector512_16x1(TileCall* call);
    [ConvolutionTile(512, 14, 1)] internal static partial void Vector512_14x1(TileCall* call);
    [ConvolutionTile(512, 8, 1)] internal static partial void Vector512_8x1(TileCall* call);
    [ConvolutionTile(512, 1, 1)] internal static partial void Vector512_1x1(TileCall* call);

    [ConvolutionTile(256, 6, 1)] internal static partial void Vector256_6x1(TileCall* call);
    [ConvolutionTile(256, 4, 1)] internal static partial void Vector256_4x1(TileCall* call);
    [ConvolutionTile(256, 1, 1)] internal static partial void Vector256_1x1(TileCall* call);

    [ConvolutionTile(128, 6, 1)] internal static partial void Vector128_6x1(TileCall* call);
    [ConvolutionTile(128, 4, 1)] internal static partial void Vector128_4x1(TileCall* call);
    [ConvolutionTile(128, 1, 1)] internal static partial void Vector128_1x1(TileCall* call);

    [ConvolutionTile(512, 14, 2, isProduct: true)] internal static partial void Product512_14x2(TileCall* call);
    [ConvolutionTile(512, 8, 2, isProduct: true)] internal static partial void Product512_8x2(TileCall* call);
    [ConvolutionTile(512, 4, 2, isProduct: true)] internal static partial void Product512_4x2(TileCall* call);
    [ConvolutionTile(512, 1, 2, isProduct: true)] internal static partial void Product512_1x2(TileCall* call);
    [ConvolutionTile(512, 16, 1, isProduct: true)] internal static partial void Product512_16x1(TileCall* call);
    [ConvolutionTile(512, 8, 1, isProduct: true)] internal static partial void Product512_8x1(TileCall* call);
    [ConvolutionTile(512, 1, 1, isProduct: true)] internal static partial void Product512_1x1(TileCall* call);

    [ConvolutionTile(256, 6, 1, isProduct: true)] internal static partial void Product256_6x1(TileCall* call);
    [ConvolutionTile(256, 4, 1, isProduct: true)] internal static partial void Product256_4x1(TileCall* call);
    [ConvolutionTile(256, 1, 1, isProduct: true)] internal static partial void Product256_1x1(TileCall* call);

    [ConvolutionTile(128, 6, 1, isProduct: true)] internal static partial void Product128_6x1(TileCall* call);
    [ConvolutionTile(128, 4, 1, isProduct: true)] internal static partial void Product128_4x1(TileCall* call);
    [ConvolutionTile(128, 1, 1, isProduct: true)] internal static partial void Product128_1x1(TileCall* call);

    [GroupedConvolutionTile(512, 14)] internal static partial void Vector512_14Grouped(TileCall* call);
    [GroupedConvolutionTile(512, 8)] internal static partial void Vector512_8Grouped(TileCall* call);
    [GroupedConvolutionTile(512, 1)] internal static partial void Vector512_1Grouped(TileCall* call);
    [GroupedConvolutionTile(256, 6)] internal static partial void Vector256_6Grouped(TileCall* call);
    [GroupedConvolutionTile(256, 1)] internal static partial void Vector256_1Grouped(TileCall* call);
    [GroupedConvolutionTile(128, 4)] internal static partial void Vector128_4Grouped(TileCall* call);
    [GroupedConvolutionTile(128, 1)] internal static partial void Vector128_1Grouped(TileCall* call);
}
