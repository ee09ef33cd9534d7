using System.Globalization;
using ResNet.Dsl;
using ResNet.Runtime;

namespace Shop.Vision;

/// <summary>Tells photos apart.</summary>
[CifarResNet(Depth = 8, ImageSize = 16)]
public sealed partial class PhotoNet;

/// <summary>Answers that can be compared bit by bit.</summary>
public static class Answers
{
    /// <summary>Runs an untrained network on a fixed picture.</summary>
    /// <param name="network">The network.</param>
    /// <returns>The bits of the logits.</returns>
    public static string Of(Network network)
    {
        ArgumentNullException.ThrowIfNull(network);
        var input = network.Definition.Input;
        var images = new Tensor(1, input.Channels, input.Height, input.Width);
        for (var i = 0; i < images.Data.Length; i++) images.Data[i] = i % 17 / 8f - 1;
        return string.Join(' ', network.Predict(images).Data.ToArray().Select(logit => BitConverter.SingleToUInt32Bits(logit).ToString("X8", CultureInfo.InvariantCulture)));
    }
}
