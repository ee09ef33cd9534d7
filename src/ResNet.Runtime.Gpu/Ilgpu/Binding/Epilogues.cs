using ILGPU;
using ResNet.Dsl;
using ResNet.Runtime.Gpu.Kernels;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Gpu.Binding;

/// <summary>The arguments of kernels for what follows an operation.</summary>
static class Epilogues
{
    /// <summary>Nothing follows.</summary>
    public static EpilogueArguments Plain(ArrayView<float> output, Shape shape) => new()
    {
        Output = output,
        Addend = output,
        Raw = output,
        InnerScale = output,
        InnerShift = output,
        OuterScale = output,
        OuterShift = output,
        Height = shape.Height,
        Width = shape.Width,
        Channels = shape.Channels,
        Stride = 1,
        AddendStride = 1,
    };

    /// <summary>Everything but the normalizations.</summary>
    /// <param name="then">The epilogue.</param>
    /// <param name="workspace">The slots.</param>
    /// <param name="output">The result.</param>
    public static EpilogueArguments Of(BoundEpilogue then, Workspace workspace, BoundValue output)
    {
        var epilogue = Plain(workspace[output], output.Shape);
        if (then.InnerRelu) epilogue.Steps |= EpilogueSteps.InnerRelu;
        if (then.OuterRelu) epilogue.Steps |= EpilogueSteps.OuterRelu;
        if (then.Addend is { } addend)
        {
            epilogue.Addend = workspace[addend];
            epilogue.Steps |= then.PaddedStride is null ? EpilogueSteps.Add : EpilogueSteps.AddPadded;
            (epilogue.AddendHeight, epilogue.AddendWidth, epilogue.AddendChannels) = (addend.Shape.Height, addend.Shape.Width, addend.Shape.Channels);
            epilogue.AddendStride = then.PaddedStride ?? 1;
        }
        if (then.Stored is { } stored)
        {
            epilogue.Raw = workspace[stored];
            epilogue.Steps |= EpilogueSteps.Store;
        }
        return epilogue;
    }
}
