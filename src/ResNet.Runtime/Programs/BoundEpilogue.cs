namespace ResNet.Runtime.Programs;

/// <summary>An <see cref="Epilogue"/> over values rather than slots.</summary>
/// <param name="InnerNorm">Index of the layer that normalizes before the addition; null for none.</param>
/// <param name="InnerRelu">Whether the value is rectified before the addition.</param>
/// <param name="Addend">The value that is added; null for none.</param>
/// <param name="PaddedStride">
/// Stride between the rows and columns that are taken of an addend of fewer channels, around which zero channels are added;
/// null where the addend has the result's shape.
/// </param>
/// <param name="Stored">Receives the value as it is after the addition; null for none.</param>
/// <param name="OuterNorm">Index of the layer that normalizes at last; null for none.</param>
/// <param name="OuterRelu">Whether the result is rectified.</param>
sealed record BoundEpilogue(
    int? InnerNorm = null, bool InnerRelu = false, BoundValue? Addend = null, int? PaddedStride = null,
    BoundValue? Stored = null, int? OuterNorm = null, bool OuterRelu = false)
{
    /// <summary>Does nothing.</summary>
    public static BoundEpilogue None { get; } = new();

    /// <summary>The rest, after the first normalization.</summary>
    public BoundEpilogue WithoutInnerNorm() => this with { InnerNorm = null };
}
