using System.Text.Json;
using ResNet.Runtime;

namespace ResNet.Data.Parquet.Reading;

/// <summary>The columns of a file as the Hugging Face hub's metadata in it describe them.</summary>
/// <param name="Images">Columns of images, in order.</param>
/// <param name="Labels">Columns of labels, in order, with the names of their classes.</param>
sealed record HubFeatures(IReadOnlyList<string> Images, IReadOnlyList<(string Column, IReadOnlyList<string> Names)> Labels)
{
    const string Key = "huggingface";

    /// <summary>Reads the features; none where the file has no such metadata.</summary>
    /// <exception cref="DatasetException">They are damaged.</exception>
    public static HubFeatures Read(string path, IReadOnlyDictionary<string, string> metadata)
    {
        var (images, labels) = (new List<string>(), new List<(string, IReadOnlyList<string>)>());
        if (!metadata.TryGetValue(Key, out var json)) return new(images, labels);
        try
        {
            using var document = JsonDocument.Parse(json);
            if (!document.RootElement.TryGetProperty("info", out var info) || !info.TryGetProperty("features", out var features)) return new(images, labels);
            foreach (var feature in features.EnumerateObject())
            {
                if (feature.Value.ValueKind != JsonValueKind.Object || !feature.Value.TryGetProperty("_type", out var type)) continue;
                if (type.ValueEquals("Image")) images.Add(feature.Name);
                if (type.ValueEquals("ClassLabel") && feature.Value.TryGetProperty("names", out var names))
                    labels.Add((feature.Name, [.. names.EnumerateArray().Select(name => name.GetString() ?? throw new JsonException("a class has no name"))]));
            }
            return new(images, labels);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new DatasetException($"{path}: expected the hub's features in the metadata '{Key}', found them damaged: {e.Message}", e);
        }
    }
}
