using ResNet.Dsl;

namespace ResNet.Planning.Lowering;

/// <summary>Zero-padded shortcuts that an addition takes in.</summary>
static class Padding
{
    /// <summary>Whether the stride is the one that an addition derives from the two shapes.</summary>
    public static bool IsImpliedByShapes(ZeroPad pad, Shape input)
    {
        var output = pad.OutputShape(input);
        return pad.Stride == (input.Height + output.Height - 1) / output.Height;
    }
}
