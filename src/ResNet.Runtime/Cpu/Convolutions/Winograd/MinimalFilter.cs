namespace ResNet.Runtime.Cpu.Convolutions.Winograd;

/// <summary>
/// F(m×m, 3×3): m × m outputs of a 3×3 convolution by (m+2)² products instead of 9 m². With input tile d, weights g:
/// <c>y = Aᵀ[(G g Gᵀ) ⊙ (Bᵀ d B)]A</c>, and, reversed, the gradient of the weights from that of the outputs:
/// <c>dg = Gᵀ[(A dy Aᵀ) ⊙ (Bᵀ d B)]G</c>.
/// </summary>
/// <param name="Input">Bᵀ.</param>
/// <param name="Weights">G.</param>
/// <param name="Output">Aᵀ.</param>
/// <param name="OutputGradient">A.</param>
/// <param name="WeightGradient">Gᵀ.</param>
sealed record MinimalFilter(
    SquareTransform Input, SquareTransform Weights, SquareTransform Output, SquareTransform OutputGradient, SquareTransform WeightGradient)
{
    /// <summary>Rows and columns of the kernel.</summary>
    public const int Kernel = 3;

    /// <summary>F(2×2, 3×3): 2.25 times fewer products.</summary>
    public static MinimalFilter Two { get; } = new(
        new SquareTransform<Filter2.Input>(), new SquareTransform<Filter2.Weights>(), new SquareTransform<Filter2.Output>(),
        new SquareTransform<Filter2.OutputGradient>(), new SquareTransform<Filter2.WeightGradient>());

    /// <summary>F(4×4, 3×3): 4 times fewer products; its rounding errors are some five times those of direct convolution.</summary>
    public static MinimalFilter Four { get; } = new(
        new SquareTransform<Filter4.Input>(), new SquareTransform<Filter4.Weights>(), new SquareTransform<Filter4.Output>(),
        new SquareTransform<Filter4.OutputGradient>(), new SquareTransform<Filter4.WeightGradient>());

    /// <summary>m: rows and columns of outputs in a tile.</summary>
    public int Outputs => Output.To;

    /// <summary>(m+2)²: products for each pair of channels of a tile.</summary>
    public int Products => Input.To * Input.To;

    public override string ToString() => $"F({Outputs}×{Outputs})";
}
