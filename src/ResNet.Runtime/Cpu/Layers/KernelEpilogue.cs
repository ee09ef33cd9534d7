using ResNet.Runtime.Cpu.Memory;

namespace ResNet.Runtime.Cpu.Layers;

/// <summary>
/// What happens to an operation's result before it is stored:
/// <c>[· inner scale + inner shift] → [ReLU] → [+ residual] → [store as Raw] → [· scale + shift] → [ReLU] → store</c>.
/// </summary>
readonly unsafe struct KernelEpilogue
{
    /// <summary>Per channel, with zeros in the lanes beyond the last; null where nothing is scaled, or it is folded into weights.</summary>
    public float* InnerScale { get; init; }

    /// <summary>Goes with <see cref="InnerScale"/>.</summary>
    public float* InnerShift { get; init; }

    /// <summary>ReLU before the addition (He et al. 2016, Figure 4c).</summary>
    public bool ReluBeforeAddition { get; init; }

    /// <summary>
    /// Added to the result. One of fewer channels is a zero-padded shortcut (option A of He et al. 2015): it stands in
    /// the middle of the channels, an odd additional channel after it.
    /// </summary>
    public FeatureMaps Residual { get; init; }

    /// <summary>The stride between the sampled rows and columns of <see cref="Residual"/>.</summary>
    public int ResidualStride { get; init; } = 1;

    /// <summary>A second output: the sum, before the second batch normalization of a pre-activation unit.</summary>
    public FeatureMaps Raw { get; init; }

    /// <summary>Per channel, with zeros in the lanes beyond the last; null where nothing is scaled.</summary>
    public float* Scale { get; init; }

    /// <summary>Goes with <see cref="Scale"/>.</summary>
    public float* Shift { get; init; }

    public bool Relu { get; init; }

    public KernelEpilogue() { }

    /// <summary>Whether a tile kernel can do it all in registers for such an output.</summary>
    public bool FitsTile(in ActivationLayout output) =>
        Raw.IsNull && InnerScale is null && Scale is null
        && (Residual.IsNull || (!ReluBeforeAddition && ResidualStride == 1 && Residual.Layout.Channels == output.Channels));

    /// <exception cref="ArgumentException">A tensor's shape does not go with the output's.</exception>
    public void Validate(in ActivationLayout output)
    {
        if (!Raw.IsNull && !Raw.Layout.HasShapeOf(output))
            throw new ArgumentException($"The second output {Raw.Layout} does not have the shape of the first, {output}.");
        if (Scale is null != Shift is null || InnerScale is null != InnerShift is null)
            throw new ArgumentException("A scale goes with a shift.");
        if (Residual.IsNull) return;
        var residual = Residual.Layout;
        var fits = ResidualStride > 0 && residual.Lanes == output.Lanes
            && residual.Channels <= output.Channels
            && (residual.Height - 1) / ResidualStride + 1 == output.Height
            && (residual.Width - 1) / ResidualStride + 1 == output.Width;
        if (!fits)
            throw new ArgumentException($"The residual {residual}, every {ResidualStride} pixels, does not fit the output {output}.");
    }
}
