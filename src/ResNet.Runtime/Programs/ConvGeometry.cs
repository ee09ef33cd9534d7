using ResNet.Dsl;

namespace ResNet.Runtime.Programs;

/// <summary>The sizes of a two-dimensional convolution, the same in both directions.</summary>
readonly record struct ConvGeometry(
    int InChannels, int OutChannels, int InHeight, int InWidth,
    int Kernel = 1, int Stride = 1, int Padding = 0, int Dilation = 1, int Groups = 1)
{
    public int OutHeight => Output(InHeight);
    public int OutWidth => Output(InWidth);

    /// <summary>Weights in the canonical order [OutChannels, InChannels / Groups, Kernel, Kernel].</summary>
    public long WeightCount => (long)OutChannels * (InChannels / Groups) * Kernel * Kernel;

    /// <summary>Multiply-adds for one image.</summary>
    public long MultiplyAdds => WeightCount * OutHeight * OutWidth;

    /// <summary>The sizes of a convolution, or of a dense layer, which is a 1×1 convolution of 1×1 images.</summary>
    public static ConvGeometry Of(LayerInstance row) => row.Layer is Conv2d conv
        ? new(row.Input.Channels, conv.Channels, row.Input.Height, row.Input.Width, conv.Kernel, conv.Stride, conv.Padding, conv.Dilation, conv.Groups)
        : new(row.Input.Channels, row.Output.Channels, 1, 1);

    /// <exception cref="ArgumentException">Sizes that describe no convolution.</exception>
    public void Validate()
    {
        var positive = InChannels > 0 && OutChannels > 0 && InHeight > 0 && InWidth > 0
            && Kernel > 0 && Stride > 0 && Padding >= 0 && Dilation > 0 && Groups > 0;
        if (!positive)
            throw new ArgumentException($"{this}: sizes are positive, padding is not negative.");
        if (InChannels % Groups != 0 || OutChannels % Groups != 0)
            throw new ArgumentException($"{this}: channels are not divisible by the groups.");
        if (OutHeight <= 0 || OutWidth <= 0)
            throw new ArgumentException($"{this}: the kernel is larger than its padded input.");
    }

    public override string ToString() =>
        $"convolution {InChannels}×{InHeight}×{InWidth} → {OutChannels}, kernel {Kernel}, stride {Stride}, padding {Padding}, dilation {Dilation}, groups {Groups}";

    int Output(int size)
    {
        var room = size + 2 * Padding - (Dilation * (Kernel - 1) + 1);
        return room < 0 ? 0 : room / Stride + 1;
    }
}
