namespace ResNet.Runtime.Cpu.Convolutions.Tiles;

/// <summary>
/// Marks a partial method <c>static void M(TileCall* call)</c> whose body ResNet.TileGenerator writes at build time:
/// a register tile of <paramref name="pixels"/> × 16·<paramref name="blocks"/> sums in vectors of <paramref name="bits"/> bits.
/// One that is a product (<paramref name="isProduct"/>) adds neither bias nor residual, has no floor and a single run of 16 floats in each block.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
#pragma warning disable CS9113 // The arguments are read by the generator, from the source.
sealed class ConvolutionTileAttribute(int bits, int pixels, int blocks, bool isProduct = false) : Attribute;

/// <summary>
/// The same of a convolution whose groups lie within a vector, a block of the output from the same block of the input: a
/// register tile of <paramref name="pixels"/> × 16 sums in vectors of <paramref name="bits"/> bits.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
sealed class GroupedConvolutionTileAttribute(int bits, int pixels) : Attribute;
#pragma warning restore CS9113
