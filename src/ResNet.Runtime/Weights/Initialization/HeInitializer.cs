using ResNet.Dsl;
using ResNet.Runtime.Tensors;

namespace ResNet.Runtime.Weights.Initialization;

/// <summary>Which side of a convolution keeps its variance at initialization (He et al. 2015b, section 2.2).</summary>
public enum FanMode
{
    /// <summary>Out channels × kernel area: gradients keep their variance backward. torchvision's choice.</summary>
    Out,

    /// <summary>In channels per group × kernel area: activations keep their variance forward.</summary>
    In,
}

/// <summary>
/// Initial values of a network that is trained from scratch: convolutions from a normal distribution with standard
/// deviation √(2/fan) (He et al. 2015b, "Delving Deep into Rectifiers"), dense layers uniform within ±1/√inputs, batch
/// normalization as the identity (scale 1, shift 0, running mean 0, running variance 1), convolutions' biases as
/// <see cref="Conv2d.InitialBias"/> says, 0 unless declared otherwise.
/// Each tensor's values depend on the seed and its name alone.
/// </summary>
/// <param name="Seed">Seed; the same seed gives the same values everywhere.</param>
public sealed record HeInitializer(ulong Seed = 0)
{
    /// <summary>The fan of convolutions. As in PyTorch, fan-out counts the output channels of all groups.</summary>
    public FanMode Fan { get; init; } = FanMode.Out;

    /// <summary>
    /// Whether the batch normalization that ends a residual branch starts with scale 0, so that the unit starts as its
    /// shortcut (Goyal et al. 2017, section 5.1). Branches that end otherwise are left as they are: after a ReLU, zero
    /// would never be left again.
    /// </summary>
    public bool ZeroGamma { get; init; }

    /// <summary>Overwrites parameters and statistics.</summary>
    /// <param name="parameters">The parameters to initialize.</param>
    /// <param name="names">Names of the tensors; all of them by default.</param>
    public void Initialize(Parameters parameters, IReadOnlyCollection<string>? names = null)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        foreach (var layer in parameters.Layers)
            foreach (var info in layer.Parameters)
                if (names?.Contains(info.Name) != false) Fill(layer.Layer, layer.Input.Channels, info, parameters[layer.Index, info.Kind].Edit());
        if (!ZeroGamma) return;
        foreach (var layer in ResidualBranches.EndingInBatchNorm(parameters.Network))
            if (parameters[layer, ParameterKind.Scale] is var scale && names?.Contains(scale.Name) != false) scale.Edit().Clear();
    }

    void Fill(Layer layer, int inputs, ParameterInfo info, Span<float> values)
    {
        var random = new CounterRandom(Seed, info.Name);
        switch (layer, info.Kind)
        {
            case (Conv2d conv, ParameterKind.Weight):
                var fan = (Fan == FanMode.Out ? conv.Channels : inputs / conv.Groups) * conv.Kernel * conv.Kernel;
                random.FillNormal(values, Math.Sqrt(2.0 / fan));
                break;
            case (Conv2d conv, ParameterKind.Bias):
                values.Fill((float)conv.InitialBias);
                break;
            case (Dense, _):
                var bound = 1 / Math.Sqrt(inputs);
                for (var i = 0; i < values.Length; i++) values[i] = (float)(bound * (2 * random.Uniform(i) - 1));
                break;
            default:
                values.Fill(info.Kind is ParameterKind.Scale or ParameterKind.RunningVariance ? 1 : 0);
                break;
        }
    }
}
