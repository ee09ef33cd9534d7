namespace ResNet.Dsl;

/// <summary>
/// How a residual unit's input reaches the addition: He et al. 2015, section 3.3, and from <see cref="ConstantScaling"/> to
/// <see cref="Dropout"/> He et al. 2016, "Identity Mappings in Deep Residual Networks", section 3.1, whose shortcuts keep their input's shape.
/// </summary>
public enum Shortcut
{
    /// <summary>Unchanged; the shapes must agree.</summary>
    Identity,

    /// <summary>Option A: unchanged where the shapes agree, else subsampled and padded with zero feature maps. No parameters.</summary>
    ZeroPad,

    /// <summary>Option B: unchanged where the shapes agree, else a strided 1×1 convolution and batch normalization.</summary>
    Projection,

    /// <summary>Option C, Figure 2e of He et al. 2016: always a 1×1 convolution and batch normalization.</summary>
    ProjectionAlways,

    /// <summary>Figure 2b: <c>F(x) + 0.5·x</c>.</summary>
    ConstantScaling,

    /// <summary>Figure 2b with the residual function scaled, too, as by a gate that is frozen half open: <c>0.5·F(x) + 0.5·x</c>.</summary>
    FrozenGating,

    /// <summary>
    /// Figure 2c: <c>g(x)·F(x) + (1 − g(x))·x</c>. The gate g is a 1×1 convolution with a bias, and a sigmoid: <c>downsample.gate</c>.
    /// </summary>
    ExclusiveGating,

    /// <summary>Figure 2d: <c>F(x) + (1 − g(x))·x</c>, with a gate as that of <see cref="ExclusiveGating"/>.</summary>
    ShortcutOnlyGating,

    /// <summary>Figure 2f: <c>F(x)</c> plus the input after dropout at a rate of 0.5.</summary>
    Dropout,

    /// <summary>
    /// Option B without the stride in the convolution, which would pass over three of four values: an average pooling of 2×2 with the stride
    /// goes before it (He et al. 2019, "Bag of Tricks for Image Classification with Convolutional Neural Networks", Figure 2c: ResNet-D).
    /// Names of the parameters are timm's: <c>downsample.1</c> and <c>downsample.2</c>.
    /// </summary>
    AveragedProjection,
}

/// <summary>The layers after the addition of a residual unit.</summary>
public enum Activation
{
    /// <summary>ReLU, as in the original unit (He et al. 2015).</summary>
    Relu,

    /// <summary>Nothing, as in pre-activation units (He et al. 2016).</summary>
    None,

    /// <summary>Batch normalization, then ReLU (He et al. 2016, Figure 4b).</summary>
    BatchNormRelu,
}
