using System.Runtime.CompilerServices;
using ResNet.Runtime.Cpu.Memory;

namespace ResNet.Runtime.Cpu.Convolutions.Winograd;

/// <summary>A small constant matrix A applied to both dimensions of a square X of 16-lane vectors: A · X · Aᵀ.</summary>
abstract unsafe class SquareTransform(int from, int to)
{
    /// <summary>Rows and columns of the square that is transformed.</summary>
    public int From => from;

    /// <summary>Rows and columns of the result.</summary>
    public int To => to;

    /// <summary>Estimated processor cycles: one store a cycle limits it, and what is half transformed is stored, too.</summary>
    public double Cycles => 1.9 * (from + to) * to;

    /// <summary>Transforms one square; steps are in floats.</summary>
    public abstract void Apply(float* from, nint fromRow, nint fromColumn, float* to, nint toRow, nint toColumn);
}

/// <summary>One for each matrix, so that the compiler sees its constants.</summary>
sealed unsafe class SquareTransform<TLine>() : SquareTransform(TLine.From, TLine.To) where TLine : struct, ILineTransform
{
    const int Lanes = ActivationLayout.BlockLanes;

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Apply(float* from, nint fromRow, nint fromColumn, float* to, nint toRow, nint toColumn)
    {
        var half = NativeBuffer.Align(stackalloc float[(TLine.From * TLine.To + 1) * Lanes]);
        for (var column = 0; column < TLine.From; column++)
            TLine.Apply(from + column * fromColumn, fromRow, half + column * Lanes, TLine.From * Lanes);
        for (var row = 0; row < TLine.To; row++)
            TLine.Apply(half + row * TLine.From * Lanes, Lanes, to + row * toRow, toColumn);
    }
}
