using System.Text.Json;
using ResNet.Runtime.Weights.Files;

namespace ResNet.Runtime.Weights;

/// <summary>
/// The index of weights in several files, as Hugging Face's libraries write it: <c>{"weight_map": {"conv1.weight": "model-00001-of-00002.safetensors"}}</c>.
/// Shards lie in the index's folder or below it.
/// </summary>
static class WeightShards
{
    const int MaxLength = 100_000_000;

    const string Map = "weight_map";

    /// <summary>Whether a file is JSON: safetensors begin with the header's length, whose eighth byte no file's is long enough to fill.</summary>
    public static bool IsJson(ReadOnlySpan<byte> start) => start.Length >= 8 && start[0] == '{' && start[7] != 0;

    /// <summary>Reads the names of the tensors of each shard, in the order in which the index has them.</summary>
    /// <exception cref="WeightsException">The file is no index, or names a shard outside of its folder.</exception>
    public static Dictionary<string, HashSet<string>> Read(WeightBytes file)
    {
        if (file is not MappedFile)
            throw file.Invalid("this is an index of shards, which are files of their own; open it by its path");
        if (file.Length > MaxLength)
            throw file.Invalid("the index is longer than any that is needed", expected: $"at most {MaxLength} bytes", found: $"{file.Length}");
        try
        {
            using var json = JsonDocument.Parse(file.Slice(0, file.Length).ToArray(), new() { AllowDuplicateProperties = false, MaxDepth = 8 });
            if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.TryGetProperty(Map, out var map) || map.ValueKind != JsonValueKind.Object)
                throw file.Invalid("this is no weights file", expected: $"safetensors, what PyTorch's torch.save writes, or an index with a {Map}", found: "other JSON");
            var shards = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
            foreach (var entry in map.EnumerateObject())
            {
                var shard = entry.Value.ValueKind == JsonValueKind.String ? PathOf(file, entry.Value.GetString()!) : throw file.Invalid("its shard in the index is no text", entry.Name);
                if (!shards.TryGetValue(shard, out var names)) shards.Add(shard, names = new(StringComparer.Ordinal));
                names.Add(entry.Name);
            }
            return shards.Count > 0 ? shards : throw file.Invalid("the index names no tensors");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: text that is no valid Unicode, found when it is asked for.
            throw new WeightsException(file.Name, $"the index is not valid: {e.Message}", inner: e);
        }
    }

    /// <summary>Checks that a shard has the tensors that the index says, and no others.</summary>
    /// <exception cref="WeightsException">A tensor is missing, or stands in another shard than the index says.</exception>
    public static void Check(WeightBytes index, string shard, IReadOnlyList<WeightTensor> tensors, IReadOnlySet<string> expected)
    {
        var name = Path.GetFileName(shard);
        if (tensors.FirstOrDefault(tensor => !expected.Contains(tensor.Name)) is { } stray)
            throw index.Invalid($"it stands in {name}, where the index does not name it", stray.Name);
        var present = tensors.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        if (expected.FirstOrDefault(tensor => !present.Contains(tensor)) is { } missing)
            throw index.Invalid($"it is missing in {name}, where the index names it", missing);
    }

    static string PathOf(WeightBytes file, string shard)
    {
        var folder = Path.GetFullPath(Path.GetDirectoryName(Path.GetFullPath(file.Name))!);
        var path = shard.Length > 0 && !shard.Contains('\0', StringComparison.Ordinal) ? Path.GetFullPath(Path.Combine(folder, shard)) : folder;
        if (!path.StartsWith(Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw file.Invalid("the index names a shard outside of its folder; refused", found: shard.Length <= 200 ? shard : $"{shard.AsSpan(0, 200)}…");
        return File.Exists(path) ? path : throw file.Invalid("a shard that the index names is missing", expected: path);
    }
}
