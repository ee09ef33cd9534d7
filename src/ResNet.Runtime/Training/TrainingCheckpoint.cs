using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ResNet.Runtime.Data;
using ResNet.Runtime.Optimizers;
using ResNet.Runtime.Weights;

namespace ResNet.Runtime.Training;

/// <summary>
/// The checkpoint of a run: one safetensors file with the weights under their names, so that <see cref="Network.Load(string, bool, string?)"/> reads
/// it, the optimizer's state and the average of the weights as vectors, and options and counters as JSON in its metadata.
/// </summary>
public static class TrainingCheckpoint
{
    /// <summary>Name of the newest checkpoint in a run's folder.</summary>
    public const string Last = RunFolder.Last;

    /// <summary>Name of the best weights in a run's folder.</summary>
    public const string Best = RunFolder.Best;

    const string Average = "average";
    const string AverageStatistics = "average_statistics";
    const string OptionsKey = "training.options";
    const string StateKey = "training.state";
    const string BatchesKey = "training.batches";
    const string RanksKey = "training.ranks";

    /// <summary>The options of the run that wrote a checkpoint.</summary>
    /// <param name="path">The file.</param>
    /// <remarks>
    /// Of an optimizer or schedule that is not the library's, they only have the name: set the program's own before training with them.
    /// </remarks>
    /// <exception cref="WeightsException">The file is broken or no checkpoint.</exception>
    public static TrainerOptions ReadOptions(string path)
    {
        using var file = WeightFile.Open(path);
        return Parse(file, OptionsKey, text => ParseOptions(JsonNode.Parse(text)));
    }

    internal static string Text(TrainerOptions options) =>
        JsonSerializer.Serialize(options with { Optimizer = options.Optimizer.Kept, Schedule = options.Schedule.Kept }, TrainingJson.Default.TrainerOptions);

    /// <summary>Names the options that differ, with their values before and now; null where none does.</summary>
    internal static string? Difference(TrainerOptions before, TrainerOptions now)
    {
        var (old, own) = (JsonNode.Parse(Text(before))!.AsObject(), JsonNode.Parse(Text(now))!.AsObject());
        var different = own.Where(option => !JsonNode.DeepEquals(option.Value, old[option.Key])).Select(option => $"{option.Key} was {Value(old[option.Key])} and is {Value(option.Value)}").ToList();
        return different.Count == 0 ? null : string.Join(", ", different);

        static string Value(JsonNode? value) => value?.ToJsonString() ?? "null";
    }

    /// <summary>Whether an optimizer's vectors can be told from each other and from all else in a checkpoint.</summary>
    internal static bool CanName(IReadOnlyList<string> state) =>
        state.Append(Average).Append(AverageStatistics).Distinct().Count() == state.Count + 2;

    /// <summary>The <see cref="IBatchSource.Identity"/> of the run that wrote a checkpoint.</summary>
    /// <exception cref="WeightsException">The file is broken or no checkpoint.</exception>
    internal static string ReadBatches(string path)
    {
        using var file = WeightFile.Open(path);
        return Text(file, BatchesKey);
    }

    /// <summary>Number of ranks of the run that wrote a checkpoint; those of before there were several say nothing.</summary>
    /// <exception cref="WeightsException">The file is broken or no checkpoint.</exception>
    internal static int ReadRanks(string path)
    {
        using var file = WeightFile.Open(path);
        return file.Metadata.TryGetValue(RanksKey, out var text) && int.TryParse(text, CultureInfo.InvariantCulture, out var ranks) ? ranks : 1;
    }

    /// <summary>Writes a checkpoint; it replaces an older one only when it is whole.</summary>
    internal static void Save(string path, Network network, TrainerOptions options, string batches, int ranks, TrainingState state, IBoundOptimizer optimizer, WeightAverage? average)
    {
        List<WeightTensor> tensors = [.. options.Optimizer.State.Zip(optimizer.State, Vector)];
        if (average is not null) tensors.AddRange([Vector(Average, average.Trained), Vector(AverageStatistics, average.Statistics)]);
        network.Save(path, tensors, new()
        {
            [OptionsKey] = Text(options),
            [BatchesKey] = batches,
            [RanksKey] = ranks.ToString(CultureInfo.InvariantCulture),
            [StateKey] = JsonSerializer.Serialize(state, TrainingJson.Default.TrainingState),
        });
    }

    /// <summary>Restores everything, or with an exception nothing.</summary>
    internal static TrainingState Load(string path, Network network, TrainerOptions options, IBoundOptimizer optimizer, WeightAverage? average)
    {
        using var file = WeightFile.Open(path);
        var state = Parse(file, StateKey, text => JsonSerializer.Deserialize(text, TrainingJson.Default.TrainingState));
        var (kept, trained, statistics) = (optimizer.State, average?.Trained ?? [], average?.Statistics ?? []);
        List<(WeightTensor From, float[] To)> vectors = [.. options.Optimizer.State.Zip(kept, (name, values) => (Find(file, name, values), values))];
        if (average is not null) vectors.AddRange([(Find(file, Average, trained), trained), (Find(file, AverageStatistics, statistics), statistics)]);
        network.Load(path);
        foreach (var (from, to) in vectors) from.CopyTo(to);
        optimizer.State = kept;
        if (average is not null) (average.Trained, average.Statistics) = (trained, statistics);
        return state;
    }

    /// <summary>
    /// Checkpoints of before there were several optimizers have the values of the one among the others. What an older checkpoint does not say was as it is by default.
    /// </summary>
    static TrainerOptions? ParseOptions(JsonNode? node)
    {
        if (node is not JsonObject options) return node.Deserialize(TrainingJson.Default.TrainerOptions);
        if (options.Remove(nameof(Sgd.Momentum), out var momentum) && options.Remove(nameof(Sgd.Nesterov), out var nesterov))
            options[nameof(TrainerOptions.Optimizer)] = new JsonObject { ["$type"] = "sgd", [nameof(Sgd.Momentum)] = momentum, [nameof(Sgd.Nesterov)] = nesterov };
        foreach (var (name, value) in JsonSerializer.SerializeToNode(new TrainerOptions(), TrainingJson.Default.TrainerOptions)!.AsObject())
            options.TryAdd(name, value?.DeepClone());
        return options.Deserialize(TrainingJson.Default.TrainerOptions);
    }

    static WeightTensor Vector(string name, float[] values) => new(StateDict.TrainingPrefix + name, [values.Length], values);

    static WeightTensor Find(WeightFile file, string name, float[] values)
    {
        var found = file[StateDict.TrainingPrefix + name];
        return found.Type == WeightType.Float32 && found.Shape is [var length] && length == values.Length
            ? found
            : throw new WeightsException(file.Path, "it does not fit the network", found.Name,
                $"{values.Length} values of {WeightType.Float32}", $"{WeightsException.Text(found.Shape)} of {found.Type}");
    }

    static string Text(WeightFile file, string key) => file.Metadata.TryGetValue(key, out var text)
        ? text
        : throw new WeightsException(file.Path, "this is no checkpoint of training", expected: $"metadata \"{key}\"", found: "weights alone");

    static T Parse<T>(WeightFile file, string key, Func<string, T?> parse) where T : class
    {
        var text = Text(file, key);
        try
        {
            return parse(text) ?? throw new JsonException("null");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or ArgumentException)
        {
            throw new WeightsException(file.Path, $"its metadata \"{key}\" cannot be read: {e.Message}", inner: e);
        }
    }
}
