using Microsoft.CodeAnalysis;

namespace ResNet.TileGenerator;

/// <summary>
/// Writes the bodies of the methods marked <c>[ConvolutionTile(bits, pixels, blocks)]</c>: a JIT neither unrolls
/// a register tile nor keeps an array of accumulators in registers, so each accumulator is a named local.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class ConvolutionTileGenerator : IIncrementalGenerator
{
    const string Attribute = "ResNet.Runtime.Cpu.ConvolutionTileAttribute";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var tiles = context.SyntaxProvider.ForAttributeWithMetadataName(
            Attribute,
            static (_, _) => true,
            static (attributed, _) => Tile.Parse(attributed));
        context.RegisterSourceOutput(tiles, static (output, tile) =>
            output.AddSource($"{tile.Type}.{tile.Method}.g.cs", TileEmitter.Emit(tile)));
    }
}
