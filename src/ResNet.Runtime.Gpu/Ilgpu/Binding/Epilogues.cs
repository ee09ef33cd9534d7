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
    /// <param name="then">What follows.</param>
    /// <param name="workspace">The slots.</param>
    /// <param name="to">The result's slot.</param>
    /// <param name="shape">The result's shape.</param>
    /// <param name="addend">The addend's shape, if there is one.</param>
    public static EpilogueArguments Of(Epilogue then, Workspace workspace, int to, Shape shape, Shape? addend)
    {
        var epilogue = Plain(workspace[to], shape);
        if (then.InnerRelu) epilogue.Steps |= EpilogueSteps.InnerRelu;
        if (then.OuterRelu) epilogue.Steps |= EpilogueSteps.OuterRelu;
        if (then.Addend is { } slot && addend is { } from)
        {
            epilogue.Addend = workspace[slot];
            epilogue.Steps |= then.PadsAddend ? EpilogueSteps.AddPadded : EpilogueSteps.Add;
            (epilogue.AddendHeight, epilogue.AddendWidth, epilogue.AddendChannels) = (from.Height, from.Width, from.Channels);
            // The smallest stride that joins rows and columns alike: the one that the builder has chosen.
            epilogue.AddendStride = Math.Max(Stride(from.Height, shape.Height), Stride(from.Width, shape.Width));
        }
        if (then.StoreSlot is { } store)
        {
            epilogue.Raw = workspace[store];
            epilogue.Steps |= EpilogueSteps.Store;
        }
        return epilogue;
    }

    static int Stride(int from, int to) => (from + to - 1) / to;
}
