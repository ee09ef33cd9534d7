namespace ResNet.Dsl;

/// <summary>The residual units of He et al. 2016, "Identity Mappings in Deep Residual Networks", Figure 4.</summary>
public enum Unit
{
    /// <summary>Figure 4a, He et al. 2015: convolution, batch normalization, ReLU; the last ReLU after the addition.</summary>
    Original,

    /// <summary>Figure 4e: batch normalization and ReLU before each convolution, nothing after the addition.</summary>
    PreActivation,

    /// <summary>Figure 4b: the last batch normalization stands after the addition, before the ReLU.</summary>
    BatchNormAfterAddition,

    /// <summary>Figure 4c: the last ReLU stands before the addition.</summary>
    ReluBeforeAddition,

    /// <summary>Figure 4d: ReLU before each convolution, batch normalization after it, nothing after the addition.</summary>
    ReluOnlyPreActivation,
}

/// <summary>Which convolution of a bottleneck has the stride where a stage halves the feature maps.</summary>
public enum Downsample
{
    /// <summary>The 3×3 convolution, as in torchvision and its weights.</summary>
    In3x3,

    /// <summary>The first 1×1 convolution, as in the papers.</summary>
    In1x1,
}

/// <summary>The convolutions of a residual unit (He et al. 2015, Figure 5).</summary>
public enum Block
{
    /// <summary>
    /// The papers' own for that depth: basic for 6n+2, but bottleneck for 164, the depth of He et al. 2016, and for
    /// depths that are 9n+2 only, such as 1001.
    /// </summary>
    Auto,

    /// <summary>Two 3×3 convolutions.</summary>
    Basic,

    /// <summary>1×1, 3×3 and 1×1, the last with four times the channels.</summary>
    Bottleneck,
}

/// <summary>The layers before the first stage of an ImageNet network, which all end in a 3×3 max pooling of stride 2.</summary>
public enum Stem
{
    /// <summary>One 7×7 convolution of stride 2 to 64 channels (He et al. 2015, Table 1): <c>conv1</c>, <c>bn1</c>.</summary>
    Single,

    /// <summary>
    /// Three 3×3 convolutions to 32, 32 and 64 channels, the first of stride 2 (He et al. 2019, "Bag of Tricks for Image Classification with
    /// Convolutional Neural Networks", Figure 2b: ResNet-C). Names of the parameters are timm's: <c>conv1.0</c> to <c>conv1.6</c>, <c>bn1</c>.
    /// </summary>
    Deep,
}
