using ILGPU;

namespace ResNet.Runtime.Gpu.Kernels;

/// <summary>The steps of an epilogue, in the order of the bits.</summary>
[Flags]
enum EpilogueSteps
{
    None = 0,
    InnerScale = 1,
    InnerShift = 2,
    InnerRelu = 4,
    Add = 8,
    AddPadded = 16,
    Store = 32,
    OuterNorm = 64,
    OuterRelu = 128,

    /// <summary>Channels come in fours: four values are stored at once.</summary>
    Quads = 256,
}

/// <summary>The epilogue that is applied to a result before it is stored. Views that a step does not need are those of the output.</summary>
struct EpilogueArguments
{
    public ArrayView<float> Output, Addend, Raw, InnerScale, InnerShift, OuterScale, OuterShift;

    public EpilogueSteps Steps;

    /// <summary>The pixels of the result, which an operation may compute a regular part of: every <see cref="Stride"/>-th.</summary>
    public int Height, Width, Channels, Stride, OriginY, OriginX;

    /// <summary>A zero-padded addend.</summary>
    public int AddendHeight, AddendWidth, AddendChannels, AddendStride;

    public readonly bool Has(EpilogueSteps step) => (Steps & step) != 0;

    /// <summary>The pixel of the result that the pixel of an operation's is.</summary>
    public readonly Position At(int image, int y, int x)
    {
        (y, x) = (y * Stride + OriginY, x * Stride + OriginX);
        return new() { Image = image, Y = y, X = x, Offset = ((image * Height + y) * Width + x) * Channels };
    }

    /// <summary>Stores one channel.</summary>
    public readonly void Store(Position pixel, int channel, float value)
    {
        var offset = pixel.Offset + channel;
        if (Has(EpilogueSteps.InnerScale)) value *= InnerScale[channel];
        if (Has(EpilogueSteps.InnerShift)) value += InnerShift[channel];
        if (Has(EpilogueSteps.InnerRelu)) value = Float4.Relu(value);
        if (Has(EpilogueSteps.Add)) value += Addend[offset];
        if (Has(EpilogueSteps.AddPadded)) value += Padded(pixel, channel);
        if (Has(EpilogueSteps.Store)) Raw[offset] = value;
        if (Has(EpilogueSteps.OuterNorm)) value = value * OuterScale[channel] + OuterShift[channel];
        if (Has(EpilogueSteps.OuterRelu)) value = Float4.Relu(value);
        Output[offset] = value;
    }

    /// <summary>Stores four neighboring channels, the first of which is a multiple of four.</summary>
    public readonly void StoreQuad(Position pixel, int channel, Float4 value)
    {
        var offset = (pixel.Offset + channel) >> 2;
        var quad = channel >> 2;
        if (Has(EpilogueSteps.InnerScale)) value *= InnerScale.Cast<Float4>()[quad];
        if (Has(EpilogueSteps.InnerShift)) value += InnerShift.Cast<Float4>()[quad];
        if (Has(EpilogueSteps.InnerRelu)) value = Float4.Relu(value);
        if (Has(EpilogueSteps.Add)) value += Addend.Cast<Float4>()[offset];
        if (Has(EpilogueSteps.AddPadded))
            value += new Float4(Padded(pixel, channel), Padded(pixel, channel + 1), Padded(pixel, channel + 2), Padded(pixel, channel + 3));
        if (Has(EpilogueSteps.Store)) Raw.Cast<Float4>()[offset] = value;
        if (Has(EpilogueSteps.OuterNorm)) value = value * OuterScale.Cast<Float4>()[quad] + OuterShift.Cast<Float4>()[quad];
        if (Has(EpilogueSteps.OuterRelu)) value = Float4.Relu(value);
        Output.Cast<Float4>()[offset] = value;
    }

    /// <summary>The addend's value, subsampled, with as many zero channels before as after (option A).</summary>
    readonly float Padded(Position pixel, int channel)
    {
        var own = channel - ((Channels - AddendChannels) >> 1);
        if ((uint)own >= (uint)AddendChannels) return 0;
        return Addend[((pixel.Image * AddendHeight + pixel.Y * AddendStride) * AddendWidth + pixel.X * AddendStride) * AddendChannels + own];
    }
}
