using System.Text.Json;
using System.Text.Json.Serialization;
using ResNet.Experiments.Budgets;
using ResNet.Runtime.Files;

namespace ResNet.Experiments.Running;

/// <summary>
/// What was asked for and what follows from it, kept in the folder of an experiment, so that the same command continues the same runs,
/// however fast the machine is then.
/// </summary>
/// <param name="Experiment">Name of the experiment.</param>
/// <param name="Data">The images, in words.</param>
/// <param name="Effort">As of <see cref="Budgets.Effort.ToString"/>.</param>
/// <param name="Networks">Names of the networks.</param>
/// <param name="Seeds">Seeds of each network.</param>
/// <param name="Schedule">Length of every run.</param>
/// <param name="SecondsPerImage">Time of a training image, by network.</param>
sealed record Plan(
    string Experiment, string Data, string Effort, IReadOnlyList<string> Networks, int Seeds, Schedule Schedule, IReadOnlyDictionary<string, double> SecondsPerImage)
{
    const string File = "plan.json";

    /// <summary>The plan of a folder; null if there is none.</summary>
    /// <exception cref="InvalidOperationException">It cannot be read.</exception>
    public static Plan? Read(string folder)
    {
        var path = Path.Combine(folder, File);
        if (!System.IO.File.Exists(path)) return null;
        try
        {
            return JsonSerializer.Deserialize(System.IO.File.ReadAllText(path), PlanJson.Default.Plan) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new InvalidOperationException($"{path}: the plan of the runs cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Writes the plan into a folder, which is made if there is none.</summary>
    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        WholeFile.WriteText(Path.Combine(folder, File), JsonSerializer.Serialize(this, PlanJson.Default.Plan) + "\n");
    }

    /// <summary>Holds a plan to what is asked for now. Other networks or seeds are further runs, unless a time was shared among them all.</summary>
    /// <exception cref="InvalidOperationException">It is another.</exception>
    public void Check(string folder, string experiment, string data, Effort effort, IReadOnlyList<string> networks, int seeds)
    {
        Require("is of the experiment", Experiment, experiment);
        Require("was made on", Data, data);
        Require("was made with", Effort, effort.ToString());
        if (effort.Budget is null) return;
        Require("shared its time among", string.Join(", ", Networks), string.Join(", ", networks));
        Require("shared its time among seeds to the number of", $"{Seeds}", $"{seeds}");

        void Require(string how, string before, string now)
        {
            if (before != now) throw new InvalidOperationException($"{folder} has runs already, and {how} {before}, not {now}: ask for the same, or choose another folder with --out");
        }
    }
}

[JsonSerializable(typeof(Plan))]
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
sealed partial class PlanJson : JsonSerializerContext;
