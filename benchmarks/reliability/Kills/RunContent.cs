using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using ResNet.Runtime;
using ResNet.Runtime.Training;

namespace ResNet.Reliability.Kills;

/// <summary>The contents of a run's folder that do not depend on the clock, as texts that can be compared.</summary>
static partial class RunContent
{
    const string Events = "events.out.tfevents.";

    /// <summary>Reads a run that is over.</summary>
    public static SortedDictionary<string, string> Read(string folder)
    {
        var content = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in Directory.GetFiles(folder))
        {
            var name = Path.GetFileName(path);
            if (name.StartsWith(Events, StringComparison.Ordinal)) AddEvents(content, path);
            else if (name.EndsWith(".safetensors", StringComparison.Ordinal)) AddWeights(content, path);
            // The last column is a speed or a time.
            else if (name.EndsWith(".csv", StringComparison.Ordinal))
                content[name] = string.Join('\n', File.ReadAllLines(path).Select(row => row[..row.LastIndexOf(',')]));
            // The page has its date.
            else if (name == "report.html") content[name] = File.ReadAllText(path).TrimEnd()[^7..];
            else content[name] = File.ReadAllText(path);
        }
        return content;
    }

    /// <summary>Names the differences, at most a few entries.</summary>
    public static IReadOnlyList<string> Differences(SortedDictionary<string, string> expected, SortedDictionary<string, string> found)
    {
        const int most = 8;
        return [.. expected.Keys.Union(found.Keys).Where(key => expected.GetValueOrDefault(key) != found.GetValueOrDefault(key)).Take(most)
            .Select(key => $"{key}: expected {Short(expected.GetValueOrDefault(key))}, found {Short(found.GetValueOrDefault(key))}")];
    }

    /// <summary>Checks that files of weights and settings are whole, as they must be at any time.</summary>
    /// <returns>The step of the checkpoint; 0 if there is none.</returns>
    /// <exception cref="WeightsException">A file is not whole.</exception>
    /// <exception cref="JsonException">The settings are not whole.</exception>
    public static long Check(string folder)
    {
        foreach (var path in Directory.GetFiles(folder, "*.safetensors")) WeightFile.Open(path).Dispose();
        var settings = Path.Combine(folder, "run.json");
        if (File.Exists(settings)) JsonDocument.Parse(File.ReadAllText(settings)).Dispose();
        var last = Path.Combine(folder, TrainingCheckpoint.Last);
        if (!File.Exists(last)) return 0;
        using var file = WeightFile.Open(last);
        using var state = JsonDocument.Parse(file.Metadata["training.state"]);
        return state.RootElement.GetProperty("Step").GetInt64();
    }

    static void AddWeights(SortedDictionary<string, string> content, string path)
    {
        using var file = WeightFile.Open(path);
        var name = Path.GetFileName(path);
        foreach (var tensor in file.Tensors)
            content[$"{name}/{tensor.Name}"] = $"{tensor.Type} {string.Join('×', tensor.Shape)} {Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes(tensor.ToArray().AsSpan())))}";
        foreach (var (key, text) in file.Metadata) content[$"{name}/{key}"] = Seconds().Replace(text, "");
    }

    static void AddEvents(SortedDictionary<string, string> content, string path)
    {
        foreach (var (step, tag, value) in EventFile.Read(path).Where(scalar => scalar.Tag != "train/images_per_second"))
        {
            // Steps that were made again stand in several files, and have to agree.
            var (key, text) = ($"events/{tag}/{step:D6}", $"{value:R}");
            content[key] = content.TryGetValue(key, out var before) && before != text ? $"{before} and {text}" : text;
        }
    }

    static string Short(string? text) => text is null ? "nothing" : text.Length <= 200 ? $"\"{text}\"" : $"\"{text[..100]}…{text[^100..]}\" ({text.Length} characters)";

    [GeneratedRegex("\"Seconds\":[^,}]*")]
    private static partial Regex Seconds();
}
