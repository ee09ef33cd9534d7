using System.Text.Json;
using ResNet.Onnx.Protos;
using ResNet.Runtime;

namespace ResNet.Onnx.Importing;

/// <summary>The classes of a model and how pictures become its input, where it was written here.</summary>
static class ModelMetadata
{
    /// <summary>Gives a network the names and the preprocessing that fit it; what is missing or does not fit is passed over.</summary>
    /// <returns>Whether there were names, and a preprocessing.</returns>
    public static (bool Labels, bool Preprocessing) Apply(ModelProto model, Network network)
    {
        var metadata = model.MetadataProps.GroupBy(entry => entry.Key, StringComparer.Ordinal).ToDictionary(entries => entries.Key, entries => entries.First().Value, StringComparer.Ordinal);
        var hasLabels = metadata.TryGetValue("labels", out var labels) && TrySetLabels(network, labels.Split('\n'));
        return (hasLabels, metadata.TryGetValue("preprocessing", out var text) && TrySetPreprocessing(network, text));
    }

    static bool TrySetLabels(Network network, string[] names)
    {
        if (names.Length != network.Definition.Output.Elements) return false;
        network.Labels = names;
        return true;
    }

    static bool TrySetPreprocessing(Network network, string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            var (height, width) = (root.GetProperty("height").GetInt32(), root.GetProperty("width").GetInt32());
            if ((height, width) != (network.Definition.Input.Height, network.Definition.Input.Width)) return false;
            var read = network.Preprocessing with { Resize = root.GetProperty("resize").GetInt32(), Height = height, Width = width, Deviation = Numbers(root, "deviation") };
            network.Preprocessing = root.TryGetProperty("pixelMean", out _)
                ? read with { PixelMean = new(height, width, Numbers(root, "pixelMean")) }
                : read with { Mean = Numbers(root, "mean") };
            return true;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            // Others may write something else under that name.
            return false;
        }
    }

    static float[] Numbers(JsonElement root, string name) => [.. root.GetProperty(name).EnumerateArray().Select(value => value.GetSingle())];
}
