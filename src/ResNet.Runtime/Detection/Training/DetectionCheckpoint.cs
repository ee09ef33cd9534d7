using System.Globalization;
using System.Text.Json;
using ResNet.Runtime.Devices;
using ResNet.Runtime.Weights;

namespace ResNet.Runtime.Detection.Training;

/// <summary>
/// The checkpoint of a run: one safetensors file with the detector, so that <see cref="Detector.Load(string)"/> reads it, the optimizers' state as vectors, and
/// options and counters as JSON in its metadata.
/// </summary>
static class DetectionCheckpoint
{
    const string OptionsKey = "training.options", StateKey = "training.state", ImagesKey = "training.images", RanksKey = "training.ranks";

    /// <summary>Writes a checkpoint; it replaces an older one only when it is whole.</summary>
    public static void Save(string path, Detector detector, DetectionTrainerOptions options, string images, int ranks, DetectionState state, HostOptimizer trunk, HostOptimizer head) =>
        detector.Save(path, [.. Vectors("trunk", options, trunk), .. Vectors("head", options, head)], new()
        {
            [OptionsKey] = Text(options),
            [ImagesKey] = images,
            [RanksKey] = ranks.ToString(CultureInfo.InvariantCulture),
            [StateKey] = JsonSerializer.Serialize(state, DetectionTrainingJson.Default.DetectionState),
        });

    /// <summary>Restores everything, or with an exception nothing.</summary>
    /// <exception cref="WeightsException">The file is broken, no checkpoint, or another detector's.</exception>
    /// <exception cref="InvalidOperationException">It was written with other options or images.</exception>
    public static DetectionState Load(string path, Detector detector, DetectionTrainerOptions options, string images, HostOptimizer trunk, HostOptimizer head)
    {
        using var file = WeightFile.Open(path);
        var state = Parse(file);
        var before = JsonSerializer.Deserialize(Metadata(file, OptionsKey), DetectionTrainingJson.Default.DetectionTrainerOptions);
        if (before is null || Text(before with { Epochs = options.Epochs }) != Text(options))
            throw new InvalidOperationException($"{path} was written with other options than this run's: {Metadata(file, OptionsKey)}; these are {Text(options)}");
        if (Metadata(file, ImagesKey) is var trained && trained != images)
            throw new InvalidOperationException($"{path} was written with other training images than this run's: {trained}; these are {images}");
        List<(WeightTensor From, float[] To)> vectors = [.. Stored(file, "trunk", options, trunk), .. Stored(file, "head", options, head)];
        detector.Load(path);
        foreach (var (from, to) in vectors) from.CopyTo(to);
        return state;
    }

    /// <summary>Number of ranks of the run that wrote a checkpoint; those of before there were several say nothing.</summary>
    /// <exception cref="WeightsException">The file is broken.</exception>
    public static int ReadRanks(string path)
    {
        using var file = WeightFile.Open(path);
        return file.Metadata.TryGetValue(RanksKey, out var text) && int.TryParse(text, CultureInfo.InvariantCulture, out var ranks) ? ranks : 1;
    }

    /// <summary>The options as JSON.</summary>
    public static string Text(DetectionTrainerOptions options) =>
        JsonSerializer.Serialize(options with { Optimizer = options.Optimizer.Kept, Schedule = options.Schedule.Kept }, DetectionTrainingJson.Default.DetectionTrainerOptions);

    static IEnumerable<WeightTensor> Vectors(string network, DetectionTrainerOptions options, HostOptimizer optimizer) =>
        options.Optimizer.State.Zip(optimizer.State, (name, values) => new WeightTensor(Name(network, name), [values.Length], values));

    static IEnumerable<(WeightTensor From, float[] To)> Stored(WeightFile file, string network, DetectionTrainerOptions options, HostOptimizer optimizer) =>
        options.Optimizer.State.Zip(optimizer.State, (name, values) => file[Name(network, name)] is { Type: WeightType.Float32 } found && found.Shape is [var length] && length == values.Length
            ? (found, values)
            : throw new WeightsException(file.Path, "it does not fit the detector", Name(network, name), $"{values.Length} values of {WeightType.Float32}"));

    static string Name(string network, string vector) => $"{StateDict.TrainingPrefix}{network}.{vector}";

    static DetectionState Parse(WeightFile file)
    {
        try
        {
            return JsonSerializer.Deserialize(Metadata(file, StateKey), DetectionTrainingJson.Default.DetectionState) ?? throw new JsonException("null");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or ArgumentException)
        {
            throw new WeightsException(file.Path, $"its metadata \"{StateKey}\" cannot be read: {e.Message}", inner: e);
        }
    }

    static string Metadata(WeightFile file, string key) => file.Metadata.TryGetValue(key, out var text)
        ? text
        : throw new WeightsException(file.Path, "this is no checkpoint of a detector's training", expected: $"metadata \"{key}\"", found: "weights alone");
}
