using static TorchSharp.torch;

namespace ResNet.Peers.Torch;

/// <summary>Makes tensors of values.</summary>
static class TorchTensors
{
    const int FeatureMaps = 4;

    /// <summary>The name of a format for people.</summary>
    public static string FormatName(bool isChannelsLast) => isChannelsLast ? "channels last" : "plain";

    /// <summary>Copies values to a new tensor.</summary>
    /// <param name="values">In the order of the shape.</param>
    /// <param name="shape">Its dimensions.</param>
    /// <param name="isChannelsLast">Whether, of four dimensions, the second lies innermost in memory.</param>
    public static Tensor Of(float[] values, long[] shape, bool isChannelsLast)
    {
        using var scope = NewDisposeScope();
        var plain = tensor(values, shape);
        var placed = isChannelsLast && shape.Length == FeatureMaps ? plain.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2) : plain;
        return placed.MoveToOuterDisposeScope();
    }
}
