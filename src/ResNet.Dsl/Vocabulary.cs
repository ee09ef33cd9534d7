namespace ResNet.Dsl;

/// <summary>How a residual unit's input reaches the addition (He et al. 2015, section 3.3).</summary>
public enum Shortcut
{
    /// <summary>Unchanged; the shapes must agree.</summary>
    Identity,

    /// <summary>Option A: unchanged where the shapes agree, else subsampled and padded with zero feature maps. No parameters.</summary>
    ZeroPad,

    /// <summary>Option B: unchanged where the shapes agree, else a strided 1×1 convolution and batch normalization.</summary>
    Projection,

    /// <summary>Option C: always a 1×1 convolution and batch normalization.</summary>
    ProjectionAlways,
}

/// <summary>What follows the addition of a residual unit.</summary>
public enum Activation
{
    /// <summary>ReLU, as in the original unit (He et al. 2015).</summary>
    Relu,

    /// <summary>Nothing, as in pre-activation units (He et al. 2016).</summary>
    None,

    /// <summary>Batch normalization, then ReLU (He et al. 2016, Figure 4b).</summary>
    BatchNormRelu,
}
