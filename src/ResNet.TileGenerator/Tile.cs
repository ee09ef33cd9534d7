using System;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ResNet.TileGenerator;

/// <summary>One declared tile kernel: what the emitter needs to know, and no compiler type.</summary>
readonly record struct Tile(string Namespace, string Type, string Modifiers, string Method, int Bits, int Pixels, int Blocks, bool IsProduct, bool IsGrouped)
{
    /// <summary>Channels in a block of the NCHW16c layout.</summary>
    public const int Lanes = 16;

    /// <summary>Floats in a vector.</summary>
    public int VectorLength => Bits / 32;

    public int VectorsPerBlock => Lanes / VectorLength;

    public int Vectors => Blocks * VectorsPerBlock;

    /// <summary>
    /// Input channels that one round of the loop takes. With AVX2's few sums, pointers and prefetches of a channel would take as many
    /// instructions as its products, more than the processor decodes; a wider tile has products enough.
    /// </summary>
    public int ChannelsPerRound => Bits == 256 && !IsGrouped ? 4 : 1;

    /// <summary>A tile's pixels lie in two equal runs, which may be one run or parts of two rows.</summary>
    public int Halves => Pixels % 2 == 0 ? 2 : 1;

    /// <param name="context">The marked method.</param>
    /// <param name="isGrouped">Whether by the attribute of grouped convolutions, which has no number of blocks.</param>
    public static Tile Parse(GeneratorAttributeSyntaxContext context, bool isGrouped)
    {
        var method = (IMethodSymbol)context.TargetSymbol;
        var declaration = (MethodDeclarationSyntax)context.TargetNode;
        return new Tile(
            method.ContainingNamespace.ToDisplayString(),
            method.ContainingType.Name,
            declaration.Modifiers.ToString(),
            method.Name,
            Bits: Argument(context, 0),
            Pixels: Argument(context, 1),
            Blocks: isGrouped ? 1 : Argument(context, 2),
            IsProduct: !isGrouped && context.Attributes[0].ConstructorArguments[3].Value is true,
            isGrouped);
    }

    /// <summary>An argument of the attribute.</summary>
    public static int Argument(GeneratorAttributeSyntaxContext context, int index) =>
        context.Attributes[0].ConstructorArguments[index].Value is int value && value > 0
            ? value
            : throw new ArgumentException($"{context.TargetSymbol.Name}: a tile's sizes are positive integers.");
}
