using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ResNet.Runtime.Data;
using ResNet.Runtime.Optimizers;

namespace ResNet.Runtime.Training;

/// <summary>
/// The checkpoint of a run: one safetensors file with the weights under their names, so that <see cref="Network.Load"/> reads
/// it, the momentum and the average of the weights as vectors, and options and counters as JSON in its metadata.
/// </summary>
public static class TrainingCheckpoint
{
    /// <summary>Name of the newest checkpoint in a run's folder.</summary>
    public const string Last = "last.safetensors";

    /// <summary>Name of the best weights in a run's folder.</summary>
    public const string Best = "best.safetensors";

    const string Velocity = Weights.StateDict.TrainingPrefix + "velocity";
    const string Average = Weights.StateDict.TrainingPrefix + "average";
    const string AverageStatistics = Weights.StateDict.TrainingPrefix + "average_statistics";
    const string OptionsKey = "training.options";
    const string StateKey = "training.state";
    const string BatchesKey = "training.batches";

    /// <summary>The options of the run that wrote a checkpoint.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="WeightsException">The file is broken or no checkpoint.</exception>
    public static TrainerOptions ReadOptions(string path)
    {
        using var file = WeightFile.Open(path);
        return Parse(file, OptionsKey, TrainingJson.Default.TrainerOptions);
    }

    internal static string Text(TrainerOptions options) => JsonSerializer.Serialize(options, TrainingJson.Default.TrainerOptions);

    /// <summary>The <see cref="IBatchSource.Identity"/> of the run that wrote a checkpoint.</summary>
    /// <exception cref="WeightsException">The file is broken or no checkpoint.</exception>
    internal static string ReadBatches(string path)
    {
        using var file = WeightFile.Open(path);
        return Text(file, BatchesKey);
    }

    /// <summary>Writes a checkpoint; it replaces an older one only when it is whole.</summary>
    internal static void Save(string path, Network network, TrainerOptions options, string batches, TrainingState state, IOptimizer sgd, WeightAverage? average)
    {
        List<WeightTensor> tensors = [Vector(Velocity, sgd.Velocity)];
        if (average is not null) tensors.AddRange([Vector(Average, average.Trained), Vector(AverageStatistics, average.Statistics)]);
        network.Save(path, tensors, new()
        {
            [OptionsKey] = Text(options),
            [BatchesKey] = batches,
            [StateKey] = JsonSerializer.Serialize(state, TrainingJson.Default.TrainingState),
        });
    }

    /// <summary>Restores everything, or with an exception nothing.</summary>
    internal static TrainingState Load(string path, Network network, IOptimizer sgd, WeightAverage? average)
    {
        using var file = WeightFile.Open(path);
        var state = Parse(file, StateKey, TrainingJson.Default.TrainingState);
        var (velocity, trained, statistics) = (sgd.Velocity, average?.Trained ?? [], average?.Statistics ?? []);
        List<(WeightTensor From, float[] To)> vectors = [(Find(file, Velocity, velocity), velocity)];
        if (average is not null) vectors.AddRange([(Find(file, Average, trained), trained), (Find(file, AverageStatistics, statistics), statistics)]);
        network.Load(path);
        foreach (var (from, to) in vectors) from.CopyTo(to);
        sgd.Velocity = velocity;
        if (average is not null) (average.Trained, average.Statistics) = (trained, statistics);
        return state;
    }

    static WeightTensor Vector(string name, float[] values) => new(name, [values.Length], values);

    static WeightTensor Find(WeightFile file, string name, float[] values) =>
        file[name] is { Type: WeightType.Float32 } tensor && tensor.Shape is [var length] && length == values.Length
            ? tensor
            : throw new WeightsException(file.Path, "it does not fit the network", name,
                $"{values.Length} values of {WeightType.Float32}", $"{WeightsException.Text(file[name].Shape)} of {file[name].Type}");

    static string Text(WeightFile file, string key) => file.Metadata.TryGetValue(key, out var text)
        ? text
        : throw new WeightsException(file.Path, "this is no checkpoint of training", expected: $"metadata \"{key}\"", found: "weights alone");

    static T Parse<T>(WeightFile file, string key, JsonTypeInfo<T> type) where T : class
    {
        var text = Text(file, key);
        try
        {
            return JsonSerializer.Deserialize(text, type) ?? throw new JsonException("null");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new WeightsException(file.Path, $"its metadata \"{key}\" cannot be read: {e.Message}", inner: e);
        }
    }
}
