using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ResNet.TileGenerator;

/// <summary>One declared weight gradient kernel: what the emitter needs to know, and no compiler type.</summary>
readonly record struct WeightGradientTile(string Namespace, string Type, string Modifiers, string Method, int Bits, int Inputs, int Blocks)
{
    /// <summary>Floats in a vector.</summary>
    public int VectorLength => Bits / 32;

    /// <summary>Vectors of a block of output channels.</summary>
    public int VectorsPerBlock => Tile.Lanes / VectorLength;

    /// <summary>Vectors of all its output channels.</summary>
    public int Vectors => Blocks * VectorsPerBlock;

    public static WeightGradientTile Parse(GeneratorAttributeSyntaxContext context)
    {
        var method = (IMethodSymbol)context.TargetSymbol;
        var declaration = (MethodDeclarationSyntax)context.TargetNode;
        return new WeightGradientTile(
            method.ContainingNamespace.ToDisplayString(),
            method.ContainingType.Name,
            declaration.Modifiers.ToString(),
            method.Name,
            Bits: Tile.Argument(context, 0),
            Inputs: Tile.Argument(context, 1),
            Blocks: Tile.Argument(context, 2));
    }
}
