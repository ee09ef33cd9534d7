using Microsoft.CodeAnalysis;

namespace ResNet.TileGenerator;

/// <summary>
/// Writes the bodies of the methods marked <c>[ConvolutionTile(bits, pixels, blocks)]</c>,
/// <c>[GroupedConvolutionTile(bits, pixels)]</c> and <c>[WeightGradientTile(bits, inputs, blocks)]</c>, and the classes marked
/// <c>[GemmTile(…)]</c> and <c>[TensorTile(…)]</c>: neither a JIT nor ILGPU's compiler unrolls a register tile or keeps an array
/// of accumulators in registers, so each accumulator is a named local, or a register of inline PTX.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class RegisterTileGenerator : IIncrementalGenerator
{
    const string ConvolutionAttribute = "ResNet.Runtime.Cpu.Convolutions.Tiles.ConvolutionTileAttribute";
    const string GroupedConvolutionAttribute = "ResNet.Runtime.Cpu.Convolutions.Tiles.GroupedConvolutionTileAttribute";
    const string WeightGradientAttribute = "ResNet.Runtime.Cpu.Convolutions.Tiles.WeightGradientTileAttribute";
    const string GemmAttribute = "ResNet.Runtime.Gpu.Kernels.GemmTileAttribute";
    const string TensorAttribute = "ResNet.Runtime.Gpu.Kernels.TensorTileAttribute";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        foreach (var isGrouped in new[] { false, true })
        {
            var tiles = context.SyntaxProvider.ForAttributeWithMetadataName(
                isGrouped ? GroupedConvolutionAttribute : ConvolutionAttribute,
                static (_, _) => true,
                (attributed, _) => Tile.Parse(attributed, isGrouped));
            context.RegisterSourceOutput(tiles, static (output, tile) =>
                output.AddSource($"{tile.Type}.{tile.Method}.g.cs", TileEmitter.Emit(tile)));
        }
        var weightGradients = context.SyntaxProvider.ForAttributeWithMetadataName(
            WeightGradientAttribute,
            static (_, _) => true,
            static (attributed, _) => WeightGradientTile.Parse(attributed));
        context.RegisterSourceOutput(weightGradients, static (output, tile) =>
            output.AddSource($"{tile.Type}.{tile.Method}.g.cs", WeightGradientEmitter.Emit(tile)));
        var gemms = context.SyntaxProvider.ForAttributeWithMetadataName(
            GemmAttribute,
            static (_, _) => true,
            static (attributed, _) => GemmTile.Parse(attributed));
        context.RegisterSourceOutput(gemms, static (output, tile) =>
            output.AddSource($"{tile.Type}.g.cs", GemmTileEmitter.Emit(tile)));
        var tensors = context.SyntaxProvider.ForAttributeWithMetadataName(
            TensorAttribute,
            static (_, _) => true,
            static (attributed, _) => TensorTile.Parse(attributed));
        context.RegisterSourceOutput(tensors, static (output, tile) =>
            output.AddSource($"{tile.Type}.g.cs", TensorTileEmitter.Emit(tile)));
    }
}
