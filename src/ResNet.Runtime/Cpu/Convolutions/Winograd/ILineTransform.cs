namespace ResNet.Runtime.Cpu.Convolutions.Winograd;

/// <summary>
/// A small constant matrix times a column of vectors of 16 lanes: one dimension of one of the transforms of Winograd's minimal
/// filtering (Lavin &amp; Gray 2016, "Fast Algorithms for Convolutional Neural Networks").
/// </summary>
unsafe interface ILineTransform
{
    /// <summary>Columns of the matrix.</summary>
    static abstract int From { get; }

    /// <summary>Rows of the matrix.</summary>
    static abstract int To { get; }

    /// <summary>Multiplies; steps are floats from one vector to the next.</summary>
    static abstract void Apply(float* from, nint fromStep, float* to, nint toStep);
}
