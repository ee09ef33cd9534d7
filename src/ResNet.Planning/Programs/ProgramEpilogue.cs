namespace ResNet.Planning.Programs;

/// <summary>The epilogue of a call, applied to its result before it is stored: norm, ReLU, addition, store, norm, ReLU, each optional.</summary>
sealed record ProgramEpilogue
{
    /// <summary>Nothing.</summary>
    public static ProgramEpilogue None { get; } = new();

    /// <summary>Normalization before the addition.</summary>
    public LayerReference? InnerNorm { get; init; }

    /// <summary>Whether the value is rectified before the addition.</summary>
    public bool InnerRelu { get; init; }

    /// <summary>The addend.</summary>
    public Operand? Addend { get; init; }

    /// <summary>Whether the addend is subsampled and padded with zero channels.</summary>
    public bool PadsAddend { get; init; }

    /// <summary>A second place for the value as it is after the addition.</summary>
    public Operand? Stored { get; init; }

    /// <summary>Normalization after the addition or the store.</summary>
    public LayerReference? OuterNorm { get; init; }

    /// <summary>Whether the value that is stored last is rectified.</summary>
    public bool OuterRelu { get; init; }
}
