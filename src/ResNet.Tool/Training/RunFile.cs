using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using ResNet.Runtime.Files;
using ResNet.Tool.Output;

namespace ResNet.Tool.Training;

/// <summary>The settings of a run, kept beside its checkpoints, so that it can be resumed without saying them again.</summary>
static class RunFile
{
    public const string Name = "run.json";

    /// <summary>Reads the settings of a run that is to be resumed.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="model">The model that the command line names.</param>
    /// <param name="type">The settings' type.</param>
    /// <param name="usual">Has the values that runs of before a setting was added were trained with; null if there are none.</param>
    /// <exception cref="ToolException">There is no run, or one of another model, or its settings cannot be read.</exception>
    public static T Read<T>(string folder, string model, JsonTypeInfo<T> type, T? usual = null) where T : class
    {
        var path = Path.Combine(folder, Name);
        if (!File.Exists(path)) throw new ToolException($"{folder}: there is no run to resume ({Name} is missing)");
        try
        {
            var settings = JsonNode.Parse(File.ReadAllText(path))?.AsObject() ?? throw new JsonException("null");
            if (settings["model"] is not { } named) throw new KeyNotFoundException("it names no model");
            if (named.GetValue<string>() is var found && found != model)
                throw new ToolException($"{folder} has a run of {found}, not of {model}");
            if (usual is not null)
                foreach (var (name, value) in JsonSerializer.SerializeToNode(usual, type)!.AsObject()) settings.TryAdd(name, value?.DeepClone());
            return settings.Deserialize(type) ?? throw new JsonException("null");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new ToolException($"{path}: the run's settings cannot be read: {e.Message}");
        }
    }

    public static void Write<T>(string folder, T settings, JsonTypeInfo<T> type) =>
        WholeFile.WriteText(Path.Combine(folder, Name), JsonSerializer.Serialize(settings, type) + "\n");
}
