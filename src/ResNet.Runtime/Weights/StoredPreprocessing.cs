using System.Text.Json;
using System.Text.Json.Serialization;
using ResNet.Dsl;

namespace ResNet.Runtime.Weights;

/// <summary>
/// A network's preprocessing in its weights' file: as JSON in the metadata, and the mean of the pixels, where there is one, as a
/// tensor. Without it, weights that were trained on other inputs would be believed to be right.
/// </summary>
static class StoredPreprocessing
{
    const string Key = "preprocessing";

    /// <summary>Name of the tensor; what begins so is no parameter.</summary>
    public const string PixelMean = "preprocessing.pixel_mean";

    public static void Write(Preprocessing preprocessing, Dictionary<string, string> metadata, List<WeightTensor> tensors)
    {
        metadata[Key] = JsonSerializer.Serialize(preprocessing, PreprocessingJson.Default.Preprocessing);
        if (preprocessing.PixelMean is { } mean) tensors.Add(new(PixelMean, [3, mean.Height, mean.Width], mean.Values.ToArray()));
    }

    /// <summary>
    /// The preprocessing that a file's weights were saved with. For a network of another input size it is that size's, with the file's
    /// means and deviations of the channels.
    /// </summary>
    /// <returns>Null where the file says nothing.</returns>
    /// <exception cref="WeightsException">It is not valid, or the mean of the pixels has another size than the input.</exception>
    public static Preprocessing? Read(WeightFile file, Shape input)
    {
        if (!file.Metadata.TryGetValue(Key, out var text)) return null;
        var preprocessing = Parse(file.Path, text);
        if ((preprocessing.Height, preprocessing.Width) != (input.Height, input.Width))
            preprocessing = Preprocessing.For(input) with { Mean = preprocessing.Mean, Deviation = preprocessing.Deviation };
        preprocessing = preprocessing with { Channels = Preprocessing.For(input).Channels };
        var tensor = file.Tensors.FirstOrDefault(tensor => tensor.Name == PixelMean);
        return tensor is null ? preprocessing : preprocessing with { PixelMean = ReadMean(file.Path, tensor, input) };
    }

    static Preprocessing Parse(string path, string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, PreprocessingJson.Default.Preprocessing) is { Resize: > 0, Height: > 0, Width: > 0 } preprocessing
                ? preprocessing
                : throw new JsonException("a size is not positive");
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new WeightsException(path, $"its metadata \"{Key}\" cannot be read: {e.Message}", inner: e);
        }
    }

    static PixelMean ReadMean(string path, WeightTensor tensor, Shape input)
    {
        if (tensor.Shape is not [3, var height, var width] || (height, width) != (input.Height, input.Width))
            throw new WeightsException(path, "it does not fit the network's input", tensor.Name, $"[3, {input.Height}, {input.Width}]", WeightsException.Text(tensor.Shape));
        try
        {
            return new(height, width, tensor.ToArray());
        }
        catch (ArgumentException e)
        {
            throw new WeightsException(path, "a value is infinite or not a number", tensor.Name, inner: e);
        }
    }
}

[JsonSourceGenerationOptions(RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(Preprocessing))]
sealed partial class PreprocessingJson : JsonSerializerContext;
